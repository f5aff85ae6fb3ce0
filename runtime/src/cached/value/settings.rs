//! The options of `#[cached]`.

use std::time::Duration;

/// The default for `max`.
pub const DEFAULT_MAX: usize = 1024;

/// The options that the runtime acts on, except for those that inspect values: see
/// [`Rules`](crate::cached::value::rules::Rules).
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    pub(in crate::cached) max: Option<usize>,
    pub(in crate::cached) max_weight: Option<u64>,
    pub(in crate::cached) ttl: Option<Duration>,
    pub(in crate::cached) negative_ttl: Option<Duration>,
    pub(in crate::cached) jitter: Option<Duration>,
    pub(in crate::cached) tti: Option<Duration>,
    pub(in crate::cached) stale: Option<Duration>,
    pub(in crate::cached) refresh_ahead: Option<Duration>,
    pub(in crate::cached) stale_if_error: Option<Duration>,
    pub(in crate::cached) memory_ttl: Option<Duration>,
    pub(in crate::cached) tags: &'static [&'static str],
}

/// A duration that must not be zero.
macro_rules! lengths {
    ($($(#[$doc:meta])* $name:ident)*) => { $(
        $(#[$doc])*
        ///
        /// # Panics
        /// If it is zero; evaluated in a `static`, so this is a compile error.
        #[must_use]
        pub const fn $name(self, length: Duration) -> Self {
            assert!(!length.is_zero(), concat!("`", stringify!($name), " = 0` would cache nothing"));
            Settings { $name: Some(length), ..self }
        }
    )* };
}

impl Settings {
    /// Without options.
    pub const NONE: Settings = Settings {
        max: Some(DEFAULT_MAX),
        max_weight: None,
        ttl: None,
        negative_ttl: None,
        jitter: None,
        tti: None,
        stale: None,
        refresh_ahead: None,
        stale_if_error: None,
        memory_ttl: None,
        tags: &[],
    };

    /// At most this many values.
    ///
    /// # Panics
    /// If it is zero; evaluated in a `static`, so this is a compile error.
    #[must_use]
    pub const fn max(self, max: usize) -> Self {
        assert!(max > 0, "`max = 0` would cache nothing");
        Settings { max: Some(max), ..self }
    }

    /// At most this much weight, whatever the number of values.
    ///
    /// # Panics
    /// If it is zero; evaluated in a `static`, so this is a compile error.
    #[must_use]
    pub const fn max_weight(self, max_weight: u64) -> Self {
        assert!(max_weight > 0, "`max_weight = 0` would cache nothing");
        Settings { max: None, max_weight: Some(max_weight), ..self }
    }

    /// Any number of values.
    #[must_use]
    pub const fn unbounded(self) -> Self {
        Settings { max: None, ..self }
    }

    /// The tags that the function's values can be cleared by.
    #[must_use]
    pub const fn tags(self, tags: &'static [&'static str]) -> Self {
        Settings { tags, ..self }
    }

    lengths! {
        /// Values live this long.
        ttl
        /// Those of `Err` and `None` live this long.
        negative_ttl
        /// Each value lives up to this much less.
        jitter
        /// Values live as long as they are used again within this time.
        tti
        /// An expired value is still returned for this long while it is recomputed.
        stale
        /// A value is recomputed when a call finds it this close to its end.
        refresh_ahead
        /// An expired value is returned instead of an `Err` for this long.
        stale_if_error
        /// A value that is also in a store outside is kept in memory for at most this long.
        memory_ttl
    }
}
