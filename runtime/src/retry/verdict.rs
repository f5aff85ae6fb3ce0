//! What is made of the value that an attempt gives.

use std::time::Duration;

use crate::outcome::Probe;
use crate::retryable::{Advice, Retryable};

/// What is to be done with the value of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is what was wanted.
    Good,
    /// It is a failure: try again.
    Retry,
    /// It is a failure: try again after this, whatever the policy would wait.
    After(Duration),
    /// It is a failure that another attempt would not mend.
    Final,
}

impl Verdict {
    /// A second opinion on what seems good.
    #[inline]
    #[must_use]
    pub fn and(self, second: impl FnOnce() -> Verdict) -> Verdict {
        if self == Verdict::Good { second() } else { self }
    }

    /// What the failure itself says about the wait, instead of the policy.
    #[inline]
    #[must_use]
    pub fn hinted<R: Failing>(self, result: &R, hint: impl FnOnce(&R::Error) -> Option<Duration>) -> Verdict {
        let is_open = matches!(self, Verdict::Retry | Verdict::After(_));
        let hint = result.error().filter(|_| is_open).and_then(hint);
        hint.map_or(self, Verdict::After)
    }

    /// No such wait is longer than this.
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

/// A type whose values say by themselves whether the call has failed.
#[diagnostic::on_unimplemented(
    message = "`#[retry]` cannot tell whether a `{Self}` is a failure",
    label = "neither a `Result` nor an `Option`",
    note = "return a `Result` or an `Option`, or say which values are good: `#[retry(until = |value| ..)]`"
)]
pub trait Fallible {
    /// What a failed call leaves: the error.
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

/// An error may know better than its type's `Err`.
impl<T, E: Retryable> Probe<'_, Result<T, E>> {
    /// The error's own words are heard.
    #[inline]
    #[must_use]
    pub fn judge(&self) -> ByError {
        ByError
    }
}

/// What a [`Probe`] says of every other type.
pub trait Classless {
    /// There is nobody to ask.
    #[inline]
    fn judge(&self) -> ByValue {
        ByValue
    }
}

impl<T> Classless for Probe<'_, T> {}

/// Asks the error.
#[derive(Clone, Copy)]
pub struct ByError;

#[expect(clippy::unused_self, reason = "a `Probe` finds it by type")]
impl ByError {
    /// As the error says.
    #[inline]
    pub fn of<T, E: Retryable>(self, result: &Result<T, E>) -> Verdict {
        match result.as_ref().err().map(Retryable::advice) {
            None => Verdict::Good,
            Some(Advice::Never) => Verdict::Final,
            Some(Advice::Transient) => Verdict::Retry,
            Some(Advice::After(wait)) => Verdict::After(wait),
        }
    }
}

/// `Err` and `None` are tried again.
#[derive(Clone, Copy)]
pub struct ByValue;

#[expect(clippy::unused_self, reason = "a `Probe` finds it by type")]
impl ByValue {
    /// As the value says.
    #[inline]
    pub fn of<R: Fallible>(self, result: &R) -> Verdict {
        Verdict::good_if(result.failure().is_none())
    }
}

/// A type that has an error to ask about.
#[diagnostic::on_unimplemented(
    message = "`when` asks about an error, and a `{Self}` has none",
    label = "no `Result`",
    note = "return a `Result`, or ask about the value: `#[retry(until = |value| ..)]`"
)]
pub trait Failing {
    /// What `when` gets.
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

/// `Err(e)` is tried again when `when(&e)` says so.
#[inline]
pub fn judge_when<R: Failing>(result: &R, when: impl FnOnce(&R::Error) -> bool) -> Verdict {
    match result.error() {
        None => Verdict::Good,
        Some(error) => Verdict::again_if(when(error)),
    }
}

impl<T, E> Probe<'_, Result<T, E>> {
    /// `Err`, and an `Ok` that `until` does not accept, are tried again.
    #[inline]
    pub fn until(&self, until: impl FnOnce(&T) -> bool) -> Verdict {
        Verdict::good_if(self.0.as_ref().is_ok_and(until))
    }
}

impl<T> Probe<'_, Option<T>> {
    /// `None`, and a `Some` that `until` does not accept, are tried again.
    #[inline]
    pub fn until(&self, until: impl FnOnce(&T) -> bool) -> Verdict {
        Verdict::good_if(self.0.as_ref().is_some_and(until))
    }
}

/// What a [`Probe`] says of every other type.
pub trait AnyValue<R> {
    /// A value that `until` does not accept is tried again.
    fn until(&self, until: impl FnOnce(&R) -> bool) -> Verdict;
}

impl<R> AnyValue<R> for Probe<'_, R> {
    #[inline]
    fn until(&self, until: impl FnOnce(&R) -> bool) -> Verdict {
        Verdict::good_if(until(self.0))
    }
}
