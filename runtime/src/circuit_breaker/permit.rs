//! A call that a breaker has let through.

use std::mem;

use super::Breaker;
use super::breaker::{BreakerState, state_of};
use crate::clock;
use crate::outcome::OutcomeKind;

/// A call that a [`Breaker`] has let through.
///
/// Dropped without a word it gives its place back, as a call does that was cancelled; while the thread unwinds, the call has
/// failed.
#[derive(Debug)]
#[must_use = "the call is over when its permit is dropped"]
pub struct Permit<'b> {
    breaker: &'b Breaker,
    /// The state that it was let through in.
    word: u64,
    /// In ticks; zero when nobody wants to know.
    started: u64,
}

impl<'b> Permit<'b> {
    #[inline]
    pub(super) fn new(breaker: &'b Breaker, word: u64) -> Self {
        let started = if breaker.settings.slow.is_some() { clock::ticks() } else { 0 };
        Permit { breaker, word, started }
    }

    /// The call went well.
    #[inline]
    pub fn succeeded(self) {
        self.end(false);
    }

    /// The call has failed.
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

/// The call has ended, with this error if it has failed. `is_failure` says which errors are failures of what was called.
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
