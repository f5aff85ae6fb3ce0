//! The user's hooks before and after attempts and waits.

use std::time::Duration;

use super::attempt::{Attempt, attempt};
use super::limits::Limits;
use super::running::Running;
use super::verdict::Fallible;

/// The error, if it is one.
#[inline]
pub fn failure<R: Fallible>(result: &R) -> Option<&R::Failure> {
    result.failure()
}

impl<L: Limits> Running<L> {
    /// The value of `festoon::attempt()` now.
    pub fn told(&self) -> Attempt {
        self.begun.state.during(attempt)
    }

    /// The next wait.
    pub fn wait(&self) -> Duration {
        self.begun.state.wait()
    }

    /// Calls a hook before an attempt.
    pub fn before(&self, attempt: Attempt, hook: impl FnOnce(Attempt)) {
        self.begun.state.during(|| hook(attempt));
    }

    /// Calls a hook after an attempt.
    pub fn after<R>(&self, result: &R, hook: impl FnOnce(&R)) {
        self.begun.state.during(|| hook(result));
    }

    /// Calls a hook before the sleep.
    pub fn before_sleep<E>(&self, failure: &E, wait: Duration, hook: impl FnOnce(&E, Duration)) {
        self.begun.state.during(|| hook(failure, wait));
    }

    /// Calls a hook if the call has given up. *Output:* what the hook returns.
    pub fn on_give_up<E, O>(&self, failure: Option<&E>, hook: impl FnOnce(&E) -> O) -> Option<O> {
        failure.filter(|_| self.begun.state.gave_up()).map(|failure| self.begun.state.during(|| hook(failure)))
    }
}

/// An async hook.
pub async fn with_one<A>(argument: A, hook: impl AsyncFnOnce(A)) {
    hook(argument).await;
}

/// An async hook.
pub async fn with_two<A, B>(first: A, second: B, hook: impl AsyncFnOnce(A, B)) {
    hook(first, second).await;
}

/// The return value of a hook, which may be `()` or the value of the call.
pub struct Returned<R>(pub R);

impl Returned<()> {
    /// The hook returned `()`.
    #[inline]
    pub fn or<R>(self, failure: R) -> R {
        failure
    }
}

/// A hook that returns a value for the call.
pub trait Instead<R> {
    /// It replaces the failure.
    fn or(self, failure: R) -> R;
}

impl<R> Instead<R> for Returned<R> {
    #[inline]
    fn or(self, _: R) -> R {
        self.0
    }
}
