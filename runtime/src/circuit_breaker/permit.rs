//! A call that a breaker has let through.

use std::mem;

use super::Breaker;
use super::breaker::{BreakerState, state_of};
use crate::clock;
use crate::outcome::OutcomeKind;

/// A call that a [`Breaker`] has let through.
///
/// If it is dropped without a report, like a cancelled call, it gives its place back; if the thread is unwinding, the
/// call has failed.
#[derive(Debug)]
#[must_use = "the call is over when its permit is dropped"]
pub struct Permit<'b> {
    breaker: &'b Breaker,
    /// The state in which it was let through.
    word: u64,
    /// In ticks; zero if the duration is not needed.
    started: u64,
}

impl<'b> Permit<'b> {
    #[inline]
    pub(super) fn new(breaker: &'b Breaker, word: u64) -> Self {
        let started = if breaker.settings.slow.is_some() { clock::ticks() } else { 0 };
        Permit { breaker, word, started }
    }

    /// Reports that the call succeeded.
    #[inline]
    pub fn succeeded(self) {
        self.end(false);
    }

    /// Reports that the call failed.
    #[inline]
    pub fn failed(self) {
        self.end(true);
    }

    #[inline]
    fn end(self, failed: bool) {
        self.breaker.record(self.word, failed, self.started);
        mem::forget(self);
    }
}

impl Drop for Permit<'_> {
    #[inline]
    fn drop(&mut self) {
        if OutcomeKind::in_drop() == OutcomeKind::Panic {
            self.breaker.record(self.word, true, self.started);
        } else if state_of(self.word) == BreakerState::HalfOpen {
            self.breaker.give_back(self.word);
        }
    }
}

/// Reports the end of the call, with its error if it failed. `is_failure` decides which errors are failures of the
/// service.
#[inline]
pub fn ended<E>(permit: Permit<'_>, failure: Option<&E>, is_failure: impl FnOnce(&E) -> bool) {
    match failure {
        Some(failure) if is_failure(failure) => permit.failed(),
        _ => permit.succeeded(),
    }
}

/// Every error is a failure.
#[inline]
pub fn always<E>(_: &E) -> bool {
    true
}
