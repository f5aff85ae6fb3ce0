//! The verdict on the value of an attempt.

use std::time::Duration;

use super::kind::{Judge, Of};
use crate::outcome::Probe;
use crate::retryable::{Advice, Retryable};

/// What to do with the value of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is accepted.
    Good,
    /// It is a failure: try again.
    Retry,
    /// It is a failure: try again after this time, whatever the policy's wait is.
    After(Duration),
    /// It is a failure that is not worth another attempt.
    Final,
}

impl Verdict {
    /// Adds a second condition for accepting a value.
    #[inline]
    #[must_use]
    pub fn and(self, second: impl FnOnce() -> Verdict) -> Verdict {
        if self == Verdict::Good { second() } else { self }
    }

    /// Uses the wait that the failure asks for, instead of the policy's.
    #[inline]
    #[must_use]
    pub fn hinted<R: Failing>(self, result: &R, hint: impl FnOnce(&R::Error) -> Option<Duration>) -> Verdict {
        let is_open = matches!(self, Verdict::Retry | Verdict::After(_));
        let hint = result.error().filter(|_| is_open).and_then(hint);
        hint.map_or(self, Verdict::After)
    }

    /// Limits such a wait.
    #[inline]
    #[must_use]
    pub fn at_most(self, most: Duration) -> Verdict {
        if let Verdict::After(wait) = self { Verdict::After(wait.min(most)) } else { self }
    }

    #[inline]
    fn again_if(again: bool) -> Verdict {
        if again { Verdict::Retry } else { Verdict::Final }
    }

    #[inline]
    fn good_if(good: bool) -> Verdict {
        if good { Verdict::Good } else { Verdict::Retry }
    }
}

/// A type whose values show whether the call has failed.
#[diagnostic::on_unimplemented(
    message = "`#[retry]` cannot tell whether a `{Self}` is a failure",
    label = "neither a `Result` nor an `Option`",
    note = "return a `Result` or an `Option`, or test the value: `#[retry(until = |value| ..)]`"
)]
pub trait Fallible {
    /// The error of a failed call.
    type Failure;

    /// The failure, if it is one.
    fn failure(&self) -> Option<&Self::Failure>;
}

impl<T, E> Fallible for Result<T, E> {
    type Failure = E;

    #[inline]
    fn failure(&self) -> Option<&E> {
        self.as_ref().err()
    }
}

impl<T> Fallible for Option<T> {
    type Failure = ();

    #[inline]
    fn failure(&self) -> Option<&()> {
        if self.is_none() { Some(&()) } else { None }
    }
}

/// An error may know more than its `Err` shows.
impl<T, E: Retryable> Of<Result<T, E>> {
    /// The error decides.
    #[inline]
    #[must_use]
    pub fn judge(&self) -> Judge<Result<T, E>> {
        judge_as_told
    }
}

/// Every other type.
pub trait Classless<R> {
    /// `Err` and `None` are retried.
    #[inline]
    fn judge(&self) -> Judge<R>
    where
        R: Fallible,
    {
        |result| Verdict::good_if(result.failure().is_none())
    }
}

impl<R> Classless<R> for Of<R> {}

/// A type that contains an error to decide by.
#[diagnostic::on_unimplemented(
    message = "`when` tests an error, but a `{Self}` has none",
    label = "no `Result`",
    note = "return a `Result`, or test the value: `#[retry(until = |value| ..)]`"
)]
pub trait Failing {
    /// The argument of `when`.
    type Error;

    /// The error, if it is one.
    fn error(&self) -> Option<&Self::Error>;
}

impl<T, E> Failing for Result<T, E> {
    type Error = E;

    #[inline]
    fn error(&self) -> Option<&E> {
        self.as_ref().err()
    }
}

/// The error decides.
#[inline]
pub fn judge_as_told<R: Failing<Error: Retryable>>(result: &R) -> Verdict {
    match result.error().map(Retryable::advice) {
        None => Verdict::Good,
        Some(Advice::Never) => Verdict::Final,
        Some(Advice::Transient) => Verdict::Retry,
        Some(Advice::After(wait)) => Verdict::After(wait),
    }
}

/// `Err(e)` is retried if `when(&e)` is true.
#[inline]
pub fn judge_when<R: Failing>(result: &R, when: impl FnOnce(&R::Error) -> bool) -> Verdict {
    match result.error() {
        None => Verdict::Good,
        Some(error) => Verdict::again_if(when(error)),
    }
}

impl<T, E> Probe<'_, Result<T, E>> {
    /// `Err`, and an `Ok` that `until` does not accept, are retried.
    #[inline]
    pub fn until(&self, until: impl FnOnce(&T) -> bool) -> Verdict {
        Verdict::good_if(self.0.as_ref().is_ok_and(until))
    }
}

impl<T> Probe<'_, Option<T>> {
    /// `None`, and a `Some` that `until` does not accept, are retried.
    #[inline]
    pub fn until(&self, until: impl FnOnce(&T) -> bool) -> Verdict {
        Verdict::good_if(self.0.as_ref().is_some_and(until))
    }
}

/// The fallback of a [`Probe`] for every other type.
pub trait AnyValue<R> {
    /// A value that `until` does not accept is retried.
    fn until(&self, until: impl FnOnce(&R) -> bool) -> Verdict;
}

impl<R> AnyValue<R> for Probe<'_, R> {
    #[inline]
    fn until(&self, until: impl FnOnce(&R) -> bool) -> Verdict {
        Verdict::good_if(until(self.0))
    }
}
