//! When a breaker opens, and when it closes again.

use std::time::Duration;

use super::Breaker;

/// The calls that are considered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Window {
    /// The last calls, this many.
    Calls(u32),
    /// The calls of this last period.
    Time(Duration),
}

/// The user's settings.
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

    /// The minimum number of calls, limited to the size of a window of calls.
    pub(super) fn minimum(&self) -> u64 {
        match self.window {
            Window::Calls(calls) => u64::from(self.minimum.min(calls)),
            Window::Time(_) => u64::from(self.minimum),
        }
    }
}

const SHARE: &str = "a rate is a share of the calls, above 0 and at most 1";

/// All of them can be used in a `static`, where a mistake is a compile-time error.
impl Breaker {
    /// Considers this many of the last calls; 100 by default.
    ///
    /// # Panics
    /// If it is zero.
    #[must_use]
    pub const fn window(mut self, calls: u32) -> Self {
        assert!(calls > 0, "the window has to contain at least one call");
        self.settings.window = Window::Calls(calls);
        self
    }

    /// Considers the calls of this last period, with a precision of a tenth of it.
    ///
    /// # Panics
    /// If it is zero.
    #[must_use]
    pub const fn window_of_time(mut self, length: Duration) -> Self {
        assert!(!length.is_zero(), "the window has to be longer than zero");
        self.settings.window = Window::Time(length);
        self
    }

    /// Opens only after this many calls in the window; 20 by default.
    #[must_use]
    pub const fn minimum(mut self, calls: u32) -> Self {
        self.settings.minimum = calls;
        self
    }

    /// Opens when at least this share of the calls has failed; 0.5 by default.
    ///
    /// # Panics
    /// If it is not above 0 and at most 1.
    #[must_use]
    pub const fn failure_rate(mut self, share: f64) -> Self {
        assert!(share > 0.0 && share <= 1.0, "{}", SHARE);
        self.settings.failure_rate = share;
        self
    }

    /// Sets the duration above which a call is slow. Without it no call is slow.
    #[must_use]
    pub const fn slow(mut self, over: Duration) -> Self {
        self.settings.slow = Some(over);
        self
    }

    /// Opens when at least this share of the calls was slow; 1.0 by default.
    ///
    /// # Panics
    /// If it is not above 0 and at most 1.
    #[must_use]
    pub const fn slow_rate(mut self, share: f64) -> Self {
        assert!(share > 0.0 && share <= 1.0, "{}", SHARE);
        self.settings.slow_rate = share;
        self
    }

    /// Sets how long it stays open before it lets some calls through as probes; 30 seconds by default.
    #[must_use]
    pub const fn open_for(mut self, length: Duration) -> Self {
        self.settings.open_for = length;
        self
    }

    /// Sets how many probes it lets through, exactly, before it closes or opens again; 3 by default.
    ///
    /// # Panics
    /// If it is zero.
    #[must_use]
    pub const fn probes(mut self, calls: u32) -> Self {
        assert!(calls > 0, "without a probe the breaker would never close again");
        self.settings.probes = calls;
        self
    }
}
