//! What is made of the value that an attempt gives.

use std::fmt::{Debug, Display, Formatter};

use crate::outcome::Probe;

/// What is to be done with the value of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is what was wanted.
    Good,
    /// It is a failure: try again.
    Retry,
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

/// `Err` and `None` are tried again.
#[inline]
pub fn judge<R: Fallible>(result: &R) -> Verdict {
    Verdict::good_if(result.failure().is_none())
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

/// What an event says about a failure: its `Display`, else its `Debug`, else nothing.
#[derive(Clone, Copy)]
pub enum Text<'v> {
    Display(&'v dyn Display),
    Debug(&'v dyn Debug),
    Unknown,
}

impl Display for Text<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Text::Display(error) => Display::fmt(error, f),
            Text::Debug(error) => Debug::fmt(error, f),
            Text::Unknown => f.write_str("failed"),
        }
    }
}

impl<'v, T, E: Display> Probe<'v, Result<T, E>> {
    /// The error's own words. The inherent method comes before [`Debugged`]'s, and that before [`Wordless`]'s.
    pub fn text(&self) -> Text<'v> {
        self.0.as_ref().err().map_or(Text::Unknown, |error| Text::Display(error))
    }
}

/// The text of an error that has only `Debug`.
pub trait Debugged<'v> {
    /// Its `Debug` form.
    fn text(&self) -> Text<'v>;
}

impl<'v, T, E: Debug> Debugged<'v> for Probe<'v, Result<T, E>> {
    fn text(&self) -> Text<'v> {
        self.0.as_ref().err().map_or(Text::Unknown, |error| Text::Debug(error))
    }
}

/// The text of everything else.
pub trait Wordless {
    /// No words.
    fn text(&self) -> Text<'static> {
        Text::Unknown
    }
}

impl<T> Wordless for &Probe<'_, T> {}
