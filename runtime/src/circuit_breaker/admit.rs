//! Calls of a breaker that is not closed.

use std::sync::atomic::Ordering::Relaxed;

use super::breaker::{Breaker, BreakerState, State, state_of};
use super::permit::Permit;
use super::window::Counts;
use crate::clock;
use crate::refused::{Reason, Refused};
use crate::sync::lock;

impl Breaker {
    #[inline(never)]
    pub(super) fn admit_slowly(&self, word: u64) -> Result<Permit<'_>, Refused> {
        match state_of(word) {
            BreakerState::Closed | BreakerState::ForcedClosed => Ok(Permit::new(self, word)),
            BreakerState::ForcedOpen => Err(self.refuse(Reason::ForcedOpen, None)),
            BreakerState::HalfOpen => self.probe(),
            BreakerState::Open => match self.until.load(Relaxed).checked_sub(clock::ticks()) {
                Some(wait @ 1..) => Err(self.refuse(Reason::Open, Some(wait))),
                _ => self.probe(),
            },
        }
    }

    #[inline]
    fn refuse(&self, reason: Reason, wait: Option<u64>) -> Refused {
        self.good.add_refused();
        Refused::new("circuit_breaker", reason, wait)
    }

    /// Lets a call through as a probe, if there is a place for it.
    #[cold]
    #[inline(never)]
    fn probe(&self) -> Result<Permit<'_>, Refused> {
        let mut state = lock(&self.state);
        let begins = self.begin_half_open(&mut state);
        let word = self.word.load(Relaxed);
        let admitted = match state_of(word) {
            BreakerState::HalfOpen if state.half.admitted < self.settings.probes => {
                state.half.admitted += 1;
                Ok(Permit::new(self, word))
            }
            BreakerState::HalfOpen => Err(self.refuse(Reason::Probing, None)),
            // Another thread has changed it in the meantime.
            BreakerState::Closed | BreakerState::ForcedClosed => Ok(Permit::new(self, word)),
            BreakerState::Open => Err(self.refuse(Reason::Open, None)),
            BreakerState::ForcedOpen => Err(self.refuse(Reason::ForcedOpen, None)),
        };
        drop(state);
        if begins {
            self.tell(BreakerState::HalfOpen, Counts::default());
        }
        admitted
    }

    /// Has the time come to let a probe through?
    fn begin_half_open(&self, state: &mut State) -> bool {
        let begins = self.state() == BreakerState::Open && self.until.load(Relaxed) <= clock::ticks();
        if begins {
            self.change(state, BreakerState::HalfOpen);
        }
        begins
    }

    /// A call that was admitted in the state of that word did not complete: its place is free again.
    #[cold]
    pub(super) fn give_back(&self, word: u64) {
        let mut state = lock(&self.state);
        if state_of(word) == BreakerState::HalfOpen && self.word.load(Relaxed) == word {
            state.half.admitted -= 1;
        }
    }
}
