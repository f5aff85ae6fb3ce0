//! While a store is down, a single command tries it again from time to time, and all others fail at once.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use crate::cached::remote::error::{StoreError, StoreErrorKind};
use crate::cached::remote::pause::pause;
use crate::sync::lock;

/// Whether to send commands to a store.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// How often it has opened: the results of earlier commands carry no new information.
    round: u64,
    /// Set while no commands are sent.
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
    /// May a command be sent? If not, returns the earlier error.
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

    /// Forgets everything.
    pub(super) fn reset(&self) {
        lock(&self.state).open = None;
    }

    /// Is this command still useful, or has the store gone down since?
    pub(super) fn is_open(&self) -> bool {
        lock(&self.state).open.is_some()
    }
}

impl Ticket {
    /// The store has answered, even if it rejected the command.
    pub(super) fn answered(self) {
        lock(&self.breaker.state).open = None;
    }

    /// The store did not answer, or would reject every command.
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

    /// Reports the result of a command.
    pub(super) fn tell<T>(self, result: &Result<T, StoreError>) {
        match result {
            Err(error) if is_for_all(error.kind()) => self.failed(error),
            _ => self.answered(),
        }
    }
}

/// A dropped ticket carries no information about the store: the next command may try.
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

/// Does such an error mean that other commands would fail too?
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
        // A command that was already under way does not extend the pause.
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
        // It was sent long before.
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
