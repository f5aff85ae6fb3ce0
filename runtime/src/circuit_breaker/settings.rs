//! When a breaker opens, and when it closes again.

use std::time::Duration;

use super::Breaker;

/// Which calls are looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Window {
    /// The last so many.
    Calls(u32),
    /// Those of the last so long.
    Time(Duration),
}

/// What a user has said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Settings {
    pub(super) window: Window,
    pub(super) minimum: u32,
    pub(super) failure_rate: f64,
    pub(super) slow: Option<Duration>,
    pub(super) slow_rate: f64,
    pub(super) open_for: Duration,
    pub(super) probes: u32,
}

impl Settings {
    pub(super) const STANDARD: Settings = Settings {
        window: Window::Calls(100),
        minimum: 20,
        failure_rate: 0.5,
        slow: None,
        slow_rate: 1.0,
        open_for: Duration::from_secs(30),
        probes: 3,
    };

    /// A window of calls may be shorter than the calls that it takes to judge.
    pub(super) fn minimum(&self) -> u64 {
        match self.window {
            Window::Calls(calls) => u64::from(self.minimum.min(calls)),
            Window::Time(_) => u64::from(self.minimum),
        }
    }
}

const SHARE: &str = "a rate is a share of the calls, above 0 and at most 1";

/// All of them can stand in a `static`, where a mistake is an error at compile time.
impl Breaker {
    /// Looks at the last so many calls; 100 when not given.
    ///
    /// # Panics
    /// When it is zero.
    #[must_use]
    pub const fn window(mut self, calls: u32) -> Self {
        assert!(calls > 0, "the window has to contain at least one call");
        self.settings.window = Window::Calls(calls);
        self
    }

    /// Looks at the calls of the last so long, to a tenth of it.
    ///
    /// # Panics
    /// When it is zero.
    #[must_use]
    pub const fn window_of_time(mut self, length: Duration) -> Self {
        assert!(!length.is_zero(), "the window has to be longer than zero");
        self.settings.window = Window::Time(length);
        self
    }

    /// Opens only when there have been so many calls in the window; 20 when not given.
    #[must_use]
    pub const fn minimum(mut self, calls: u32) -> Self {
        self.settings.minimum = calls;
        self
    }

    /// Opens when at least this share of the calls has failed; 0.5 when not given.
    ///
    /// # Panics
    /// When it is not above 0 and at most 1.
    #[must_use]
    pub const fn failure_rate(mut self, share: f64) -> Self {
        assert!(share > 0.0 && share <= 1.0, "{}", SHARE);
        self.settings.failure_rate = share;
        self
    }

    /// A call is slow when it takes longer than this. Without it no call is.
    #[must_use]
    pub const fn slow(mut self, over: Duration) -> Self {
        self.settings.slow = Some(over);
        self
    }

    /// Opens when at least this share of the calls was slow; 1.0 when not given.
    ///
    /// # Panics
    /// When it is not above 0 and at most 1.
    #[must_use]
    pub const fn slow_rate(mut self, share: f64) -> Self {
        assert!(share > 0.0 && share <= 1.0, "{}", SHARE);
        self.settings.slow_rate = share;
        self
    }

    /// Stays open for so long before it lets some calls through to see; 30 seconds when not given.
    #[must_use]
    pub const fn open_for(mut self, length: Duration) -> Self {
        self.settings.open_for = length;
        self
    }

    /// How many calls it then lets through, and no more, before it closes or opens again; 3 when not given.
    ///
    /// # Panics
    /// When it is zero.
    #[must_use]
    pub const fn probes(mut self, calls: u32) -> Self {
        assert!(calls > 0, "without a probe the breaker would never close again");
        self.settings.probes = calls;
        self
    }
}
