//! The text of a failure.

use std::fmt::{Debug, Display, Formatter};

use super::error::{Listener, RetryError};
use super::kind::{Of, TextOf};

/// The text of a failure: its `Display`, else its `Debug`, else nothing.
pub enum Text<'v> {
    Display(&'v dyn Display),
    Debug(&'v dyn Debug),
    Unknown,
    /// It also records the history.
    Listener(&'v mut dyn Listener),
}

impl Display for Text<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Text::Display(error) => Display::fmt(error, f),
            Text::Debug(error) => Debug::fmt(error, f),
            Text::Unknown => f.write_str("failed"),
            Text::Listener(error) => Display::fmt(error.words(), f),
        }
    }
}

/// A [`RetryError`].
#[allow(missing_docs, reason = "no user can name it")]
pub trait Listens<R> {
    fn text(&self) -> TextOf<R>;
}

impl<T, E: Display> Listens<Result<T, RetryError<E>>> for &Of<Result<T, RetryError<E>>> {
    #[inline]
    fn text(&self) -> TextOf<Result<T, RetryError<E>>> {
        |result| result.as_mut().err().map_or(Text::Unknown, |error| Text::Listener(error))
    }
}

impl<T, E: Display> Of<Result<T, E>> {
    /// The error's own text.
    #[inline]
    pub fn text(&self) -> TextOf<Result<T, E>> {
        |result| result.as_ref().err().map_or(Text::Unknown, |error| Text::Display(error))
    }
}

/// An error that has only `Debug`.
#[allow(missing_docs, reason = "no user can name it")]
pub trait Debugged<R> {
    fn text(&self) -> TextOf<R>;
}

impl<T, E: Debug> Debugged<Result<T, E>> for Of<Result<T, E>> {
    #[inline]
    fn text(&self) -> TextOf<Result<T, E>> {
        |result| result.as_ref().err().map_or(Text::Unknown, |error| Text::Debug(error))
    }
}

/// Everything else.
#[allow(missing_docs, reason = "no user can name it")]
pub trait NoText<R>: Sized {
    #[inline]
    fn text(self) -> TextOf<R> {
        |_| Text::Unknown
    }
}

impl<R> NoText<R> for Of<R> {}
