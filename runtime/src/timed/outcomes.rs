//! How many calls ended in which way.

use crate::outcome::OutcomeKind;

/// The ways in which a call ends, in the order of [`Outcomes`].
#[cfg(any(feature = "report", feature = "metrics"))]
pub(super) const OUTCOMES: [OutcomeKind; 4] =
    [OutcomeKind::Success, OutcomeKind::Error, OutcomeKind::Panic, OutcomeKind::Cancelled];

/// How many calls ended in which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcomes {
    pub(super) calls: [u64; 4],
}

impl Outcomes {
    /// How many calls ended so. A function's call never ends in [`OutcomeKind::Dropped`].
    #[must_use]
    pub fn count(&self, kind: OutcomeKind) -> u64 {
        self.calls.get(kind as usize).copied().unwrap_or(0)
    }

    /// Calls that returned, without an `Err`.
    #[must_use]
    pub fn success(&self) -> u64 {
        self.count(OutcomeKind::Success)
    }

    /// Calls that returned an `Err`.
    #[must_use]
    pub fn error(&self) -> u64 {
        self.count(OutcomeKind::Error)
    }

    /// Calls that panicked.
    #[must_use]
    pub fn panic(&self) -> u64 {
        self.count(OutcomeKind::Panic)
    }

    /// Calls whose future was dropped before it was done.
    #[must_use]
    pub fn cancelled(&self) -> u64 {
        self.count(OutcomeKind::Cancelled)
    }

    /// All calls that have ended.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.calls.iter().sum()
    }
}
