//! Events for slow calls, at a limited rate, with arguments that are formatted only then.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use crate::clock;
use crate::outcome::OutcomeKind;

/// A slow call.
pub struct SlowCall<'a> {
    pub(super) name: &'a str,
    pub(super) elapsed: Duration,
    pub(super) outcome: OutcomeKind,
    pub(super) suppressed: u64,
    pub(super) arguments: &'a dyn Arguments,
}

impl SlowCall<'_> {
    /// Returns the function's path, or the `name` of `#[timed]`.
    #[must_use]
    pub fn function(&self) -> &str {
        self.name
    }

    /// Returns how long it took.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// Returns how it ended.
    #[must_use]
    pub fn outcome(&self) -> &'static str {
        self.outcome.name()
    }

    /// Returns the number of slow calls since the last event that did not get one.
    #[must_use]
    pub fn suppressed(&self) -> u64 {
        self.suppressed
    }

    /// Returns `id = 3, lang = "en"`, if arguments are shown.
    #[must_use]
    pub fn arguments(&self) -> Option<tracing::field::DisplayValue<Formatted<'_>>> {
        self.arguments.are_shown().then(|| tracing::field::display(Formatted(self.arguments)))
    }
}

/// The event of a site without `target` and `level`.
pub(super) fn warn(slow: &SlowCall<'_>) {
    crate::__slow_event!("festoon", WARN)(slow);
}

/// *Input:* `"shop", INFO`. *Output:* a function that emits such an event for a slow call.
#[doc(hidden)]
#[macro_export]
macro_rules! __slow_event {
    ($target:expr, $level:ident) => {
        |slow: &$crate::__private::timed::SlowCall<'_>| {
            $crate::__private::tracing::event!(
                target: $target,
                $crate::__private::tracing::Level::$level,
                function = slow.function(),
                elapsed = $crate::__private::tracing::field::debug(slow.elapsed()),
                outcome = slow.outcome(),
                arguments = slow.arguments(),
                suppressed = slow.suppressed(),
                "slow call"
            );
        }
    };
}

/// The arguments of a call, in human-readable form.
pub trait Arguments {
    /// Are there any?
    fn are_shown(&self) -> bool;
    /// Writes `id = 3, lang = "en"`.
    fn show(&self, list: &mut List<'_, '_>) -> fmt::Result;
}

/// No arguments are shown.
#[derive(Debug, Clone, Copy)]
pub struct NoArguments;

impl Arguments for NoArguments {
    fn are_shown(&self) -> bool {
        false
    }

    fn show(&self, _: &mut List<'_, '_>) -> fmt::Result {
        Ok(())
    }
}

/// The arguments that the closure shows.
pub struct Shown<F>(pub F);

impl<F: Fn(&mut List<'_, '_>) -> fmt::Result> Arguments for Shown<F> {
    fn are_shown(&self) -> bool {
        true
    }

    fn show(&self, list: &mut List<'_, '_>) -> fmt::Result {
        (self.0)(list)
    }
}

/// Arguments being written.
pub struct List<'f, 'b> {
    out: &'f mut fmt::Formatter<'b>,
    first: bool,
}

impl List<'_, '_> {
    /// Adds one: `id = 3`.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn add(&mut self, name: &str, value: &dyn fmt::Debug) -> fmt::Result {
        let comma = if std::mem::take(&mut self.first) { "" } else { ", " };
        write!(self.out, "{comma}{name} = {value:?}")
    }
}

/// Formats when it is displayed.
pub struct Formatted<'a>(&'a dyn Arguments);

impl fmt::Display for Formatted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.show(&mut List { out: f, first: true })
    }
}

/// When a site emitted its last event, and how many it has suppressed since.
#[derive(Debug)]
pub(super) struct Warnings {
    /// In ticks; zero before the first.
    last: AtomicU64,
    suppressed: AtomicU64,
}

impl Warnings {
    pub(super) const fn new() -> Self {
        Warnings { last: AtomicU64::new(0), suppressed: AtomicU64::new(0) }
    }

    /// Is it time for another event? If so, returns how many have been suppressed.
    pub(super) fn turn(&self, pause: u64) -> Option<u64> {
        let (last, now) = (self.last.load(Relaxed), clock::ticks().max(1));
        let early = last != 0 && now.saturating_sub(last) < pause;
        // If several get here at once, one of them emits the event.
        if early || self.last.compare_exchange(last, now, Relaxed, Relaxed).is_err() {
            self.suppressed.fetch_add(1, Relaxed);
            return None;
        }
        Some(self.suppressed.swap(0, Relaxed))
    }
}
