//! What is known about one call of a retried function.

use std::mem;
use std::time::Duration;

use super::attempt::{Entered, Frame};
use super::failed::Failed;
use super::light::Light;
use super::stage;

/// What is known about a call. Dropped out of line, which keeps the end of a successful call short.
pub(super) struct RetryState(pub(super) State);

pub(super) enum State {
    /// The first attempt runs.
    First,
    Light(Light),
    Failed(Box<Failed>),
}

impl State {
    /// The value for `festoon::attempt()`, if it differs from that of a first attempt.
    pub(super) fn frame(&self) -> Option<Frame> {
        match self {
            State::First => None,
            State::Light(light) => Some(light.frame()),
            State::Failed(failed) => Some(failed.frame()),
        }
    }

    /// Has the call failed for good?
    #[inline]
    pub(super) fn is_done(&self) -> bool {
        match self {
            State::First => false,
            State::Light(light) => light.is_done(),
            State::Failed(failed) => failed.is_done(),
        }
    }
}

impl RetryState {
    /// No attempt has failed.
    pub(super) const FIRST: RetryState = RetryState(State::First);

    #[inline]
    pub(super) fn failed(&self) -> Option<&Failed> {
        if let State::Failed(failed) = &self.0 { Some(failed) } else { None }
    }

    /// A call whose attempts a test may have plans for.
    #[inline]
    pub(super) fn staged(&self) -> Option<&Failed> {
        self.failed().filter(|_| stage::is_set())
    }

    /// Makes it the current attempt of this thread until the guard is dropped.
    #[inline]
    pub(super) fn enter(&self) -> Option<Entered> {
        if let State::First = self.0 { None } else { enter(&self.0) }
    }

    /// Runs a hook of the user's.
    pub(super) fn during<R>(&self, hook: impl FnOnce() -> R) -> R {
        let _entered = match &self.0 {
            State::Failed(failed) if failed.is_entered() => None,
            State::Light(light) if light.is_entered() => None,
            _ => self.enter(),
        };
        hook()
    }

    /// The wait before the next attempt.
    pub(super) fn wait(&self) -> Duration {
        self.failed().map_or(Duration::ZERO, |failed| failed.wait)
    }

    /// Has it failed although another attempt might have made sense?
    pub(super) fn gave_up(&self) -> bool {
        match &self.0 {
            State::First => false,
            State::Light(light) => light.gave_up(),
            State::Failed(failed) => failed.gave_up(),
        }
    }

    pub(super) fn number(&self) -> u32 {
        match &self.0 {
            State::First => 1,
            State::Light(light) => light.number,
            State::Failed(failed) => failed.number,
        }
    }
}

#[cold]
#[inline(never)]
fn enter(state: &State) -> Option<Entered> {
    state.frame().map(Frame::enter)
}

impl Drop for RetryState {
    #[inline]
    fn drop(&mut self) {
        match mem::replace(&mut self.0, State::First) {
            State::First => {}
            state => close(state),
        }
    }
}

#[cold]
#[inline(never)]
fn close(state: State) {
    match state {
        State::Light(light) => light.leave(),
        state => drop(state),
    }
}
