//! When a store is down, one command in a while tries it again, and all others go on at once.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use crate::cached::remote::error::{StoreError, StoreErrorKind};
use crate::cached::remote::pause::pause;
use crate::sync::lock;

/// Whether a store is asked.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// How often it has opened: what was sent before that says nothing new.
    round: u64,
    /// Since when nobody asks.
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    error: StoreError,
    failures: u32,
    until: Instant,
    probing: bool,
}

/// The right to send one command.
#[derive(Debug)]
pub(super) struct Ticket {
    breaker: Arc<Breaker>,
    round: u64,
    is_probe: bool,
}

impl Breaker {
    /// May a command be sent? If not, what went wrong before.
    pub(super) fn admit(self: &Arc<Self>) -> Result<Ticket, StoreError> {
        let mut state = lock(&self.state);
        let is_probe = match &mut state.open {
            Some(open) if open.probing || Instant::now() < open.until => return Err(open.error.clone()),
            Some(open) => {
                open.probing = true;
                true
            }
            None => false,
        };
        Ok(Ticket { breaker: Arc::clone(self), round: state.round, is_probe })
    }

    /// Nothing is known.
    pub(super) fn reset(&self) {
        lock(&self.state).open = None;
    }

    /// Is this command still worth while, or has the store gone down since?
    pub(super) fn is_open(&self) -> bool {
        lock(&self.state).open.is_some()
    }
}

impl Ticket {
    /// The store has answered, though perhaps with a no.
    pub(super) fn answered(self) {
        lock(&self.breaker.state).open = None;
    }

    /// It has not, or will say no to everybody.
    pub(super) fn failed(self, error: &StoreError) {
        let mut state = lock(&self.breaker.state);
        if self.round != state.round {
            return;
        }
        let failures = state.open.as_ref().map_or(0, |open| open.failures);
        let until = Instant::now() + pause(failures);
        state.round += 1;
        state.open = Some(Open { error: error.clone(), failures: failures + 1, until, probing: false });
    }

    /// What becomes of the command whose error this is.
    pub(super) fn tell<T>(self, result: &Result<T, StoreError>) {
        match result {
            Err(error) if is_for_all(error.kind()) => self.failed(error),
            _ => self.answered(),
        }
    }
}

/// Whoever has dropped it knows nothing of the store: the next one may try.
impl Drop for Ticket {
    fn drop(&mut self) {
        let mut state = lock(&self.breaker.state);
        if self.is_probe
            && self.round == state.round
            && let Some(open) = &mut state.open
        {
            open.probing = false;
        }
    }
}

/// Does such an error say that others would fail too?
pub(super) fn is_for_all(kind: StoreErrorKind) -> bool {
    matches!(kind, StoreErrorKind::TimedOut | StoreErrorKind::Unavailable | StoreErrorKind::Configuration)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn down() -> StoreError {
        StoreError::new(StoreErrorKind::Unavailable, "down")
    }

    /// As if its pause were over.
    fn wait(breaker: &Breaker) {
        lock(&breaker.state).open.as_mut().unwrap().until = Instant::now();
    }

    #[test]
    fn while_it_is_down_one_tries_and_the_others_go_on() {
        let breaker = Arc::new(Breaker::default());
        let (first, second, late) = (breaker.admit().unwrap(), breaker.admit().unwrap(), breaker.admit().unwrap());
        first.failed(&down());
        assert_eq!(breaker.admit().unwrap_err(), down());
        // What was under way does not make the pause longer.
        second.failed(&down());
        assert_eq!(lock(&breaker.state).open.as_ref().unwrap().failures, 1);

        wait(&breaker);
        let probe = breaker.admit().unwrap();
        assert!((0..1000).all(|_| breaker.admit().is_err()));
        probe.failed(&down());
        assert_eq!(lock(&breaker.state).open.as_ref().unwrap().failures, 2);
        assert!(breaker.admit().is_err());

        wait(&breaker);
        drop(breaker.admit().unwrap());
        let probe = breaker.admit().unwrap();
        probe.answered();
        assert!(!breaker.is_open() && breaker.admit().is_ok());
        // It had been sent long before.
        late.failed(&down());
        assert!(!breaker.is_open());
    }

    #[test]
    fn a_no_to_one_is_none_to_all() {
        let breaker = Arc::new(Breaker::default());
        breaker.admit().unwrap().tell::<()>(&Err(StoreError::new(StoreErrorKind::Refused, "full")));
        assert!(!breaker.is_open());
        breaker.admit().unwrap().tell::<()>(&Err(StoreError::new(StoreErrorKind::Configuration, "password")));
        assert!(breaker.is_open());
    }
}
