//! The text of a failure.

use std::fmt::{Debug, Display, Formatter};

use super::error::{Listener, RetryError};

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

/// Finds the text of a value by its type: `(&mut &mut Words(Some(value))).text()` takes the first of [`Listens`], the
/// inherent method, [`Debugged`] and [`NoText`].
pub struct Words<'v, T>(pub Option<&'v mut T>);

/// A [`RetryError`].
#[allow(missing_docs, reason = "no user can name it")]
pub trait Listens<'v> {
    fn text(&mut self) -> Text<'v>;
}

impl<'v, T, E: Display> Listens<'v> for &mut Words<'v, Result<T, RetryError<E>>> {
    fn text(&mut self) -> Text<'v> {
        let error = self.0.take().and_then(|result| result.as_mut().err());
        error.map_or(Text::Unknown, |error| Text::Listener(error))
    }
}

impl<'v, T, E: Display> Words<'v, Result<T, E>> {
    /// The error's own text.
    pub fn text(&mut self) -> Text<'v> {
        let error = self.0.take().and_then(|result| result.as_ref().err());
        error.map_or(Text::Unknown, |error| Text::Display(error))
    }
}

/// An error that has only `Debug`.
#[allow(missing_docs, reason = "no user can name it")]
pub trait Debugged<'v> {
    fn text(&mut self) -> Text<'v>;
}

impl<'v, T, E: Debug> Debugged<'v> for Words<'v, Result<T, E>> {
    fn text(&mut self) -> Text<'v> {
        let error = self.0.take().and_then(|result| result.as_ref().err());
        error.map_or(Text::Unknown, |error| Text::Debug(error))
    }
}

/// Everything else.
#[allow(missing_docs, reason = "no user can name it")]
pub trait NoText<'v> {
    fn text(&self) -> Text<'v> {
        Text::Unknown
    }
}

impl<'v, T> NoText<'v> for &mut Words<'v, T> {}
