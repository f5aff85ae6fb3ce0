//! The number of calls per outcome.

use crate::outcome::OutcomeKind;

/// The outcomes of a call, in the order of [`Outcomes`].
#[cfg(any(feature = "report", feature = "metrics"))]
pub(super) const OUTCOMES: [OutcomeKind; 4] =
    [OutcomeKind::Success, OutcomeKind::Error, OutcomeKind::Panic, OutcomeKind::Cancelled];

/// The number of calls per outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcomes {
    pub(super) calls: [u64; 4],
}

impl Outcomes {
    /// Returns how many calls ended this way. A function's call never ends in [`OutcomeKind::Dropped`].
    #[must_use]
    pub fn count(&self, kind: OutcomeKind) -> u64 {
        self.calls.get(kind as usize).copied().unwrap_or(0)
    }

    /// Returns the number of calls that returned, without an `Err`.
    #[must_use]
    pub fn success(&self) -> u64 {
        self.count(OutcomeKind::Success)
    }

    /// Returns the number of calls that returned an `Err`.
    #[must_use]
    pub fn error(&self) -> u64 {
        self.count(OutcomeKind::Error)
    }

    /// Returns the number of calls that panicked.
    #[must_use]
    pub fn panic(&self) -> u64 {
        self.count(OutcomeKind::Panic)
    }

    /// Returns the number of calls whose future was dropped before it completed.
    #[must_use]
    pub fn cancelled(&self) -> u64 {
        self.count(OutcomeKind::Cancelled)
    }

    /// Returns the number of calls that have ended.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.calls.iter().sum()
    }
}
