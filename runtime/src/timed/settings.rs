//! The options of `#[timed]`.

use std::fmt;
use std::time::Duration;

use super::slow::{SlowCall, warn};

/// The options of one site, all known at compile time.
#[derive(Clone, Copy)]
pub struct Settings {
    pub(super) name: Option<&'static str>,
    /// It measures a part of its function.
    pub(super) is_block: bool,
    pub(super) warn_over: Option<Duration>,
    pub(super) warn_every: Duration,
    pub(super) event: fn(&SlowCall<'_>),
    /// One call in this many is measured.
    pub(super) sample: u32,
}

impl Settings {
    /// Without options.
    pub const NONE: Settings = Settings {
        name: None,
        is_block: false,
        warn_over: None,
        warn_every: Duration::from_secs(1),
        event: warn,
        sample: 1,
    };

    /// A name for the report instead of the path.
    #[must_use]
    pub const fn name(self, name: &'static str) -> Self {
        Settings { name: Some(name), ..self }
    }

    /// Measures a part of a function, with its own name.
    #[must_use]
    pub const fn block(self, name: &'static str) -> Self {
        Settings { name: Some(name), is_block: true, ..self }
    }

    /// Emits an event for calls that take at least this long.
    #[must_use]
    pub const fn warn_over(self, limit: Duration) -> Self {
        Settings { warn_over: Some(limit), ..self }
    }

    /// Limits how often the event is emitted.
    #[must_use]
    pub const fn warn_every(self, pause: Duration) -> Self {
        Settings { warn_every: pause, ..self }
    }

    /// Sets the function that emits the event.
    #[must_use]
    pub const fn event(self, event: fn(&SlowCall<'_>)) -> Self {
        Settings { event, ..self }
    }

    /// Measures one call in this many.
    #[must_use]
    pub const fn sample(self, one_in: u32) -> Self {
        Settings { sample: one_in, ..self }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("name", &self.name).field("warn_over", &self.warn_over).finish_non_exhaustive()
    }
}
