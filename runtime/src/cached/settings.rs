//! What the options of `#[cached]` say.

use std::time::Duration;

/// How many values a function keeps when its options do not say.
pub const DEFAULT_MAX: usize = 1024;

/// The options that the runtime acts on.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    pub(super) max: Option<usize>,
    pub(super) ttl: Option<Duration>,
}

impl Settings {
    /// Without options.
    pub const NONE: Settings = Settings { max: Some(DEFAULT_MAX), ttl: None };

    /// At most this many values.
    ///
    /// # Panics
    /// If that is none; evaluated in a `static`, so that it is a compile error.
    #[must_use]
    pub const fn max(self, max: usize) -> Self {
        assert!(max > 0, "`max = 0` would keep nothing");
        Settings { max: Some(max), ..self }
    }

    /// Any number of values.
    #[must_use]
    pub const fn unbounded(self) -> Self {
        Settings { max: None, ..self }
    }

    /// Values live this long.
    ///
    /// # Panics
    /// If that is no time at all; evaluated in a `static`, so that it is a compile error.
    #[must_use]
    pub const fn ttl(self, ttl: Duration) -> Self {
        assert!(!ttl.is_zero(), "`ttl = 0` would keep nothing");
        Settings { ttl: Some(ttl), ..self }
    }
}
