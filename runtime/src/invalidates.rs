//! The functions that `#[invalidates]` calls: values that are invalidated at the end of a call.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

pub use crate::cached::Forgets;
use crate::outcome::OutcomeKind;

/// Invalidates when it is dropped, if that is due.
pub struct Guard<const N: usize> {
    all: [Forgets; N],
    is_due: bool,
}

/// However the call ends.
pub fn always<const N: usize>(all: [Forgets; N]) -> Guard<N> {
    Guard { all, is_due: true }
}

/// Only if it succeeds.
pub fn when_ok<const N: usize>(all: [Forgets; N]) -> Guard<N> {
    Guard { all, is_due: false }
}

impl<const N: usize> Guard<N> {
    /// Ends a call that returned a value.
    pub fn ended<R>(mut self, value: &R, kind: impl FnOnce(&R) -> OutcomeKind) {
        self.is_due = kind(value) == OutcomeKind::Success;
    }
}

impl<const N: usize> Drop for Guard<N> {
    fn drop(&mut self) {
        if self.is_due {
            forget_each(&mut self.all);
        }
    }
}

/// The user's listeners and comparisons run in here. Whatever they do, every entry is processed, and if the call itself
/// panics, that panic is the one that propagates.
fn forget_each(all: &mut [Forgets]) {
    let mut first = None;
    for forgets in all {
        let forgotten = catch_unwind(AssertUnwindSafe(|| forgets.forget()));
        first = first.or(forgotten.err());
    }
    if let Some(payload) = first.filter(|_| !std::thread::panicking()) {
        resume_unwind(payload);
    }
}
