//! The error of a call that has given up, if its return type asks for it.

use std::error::Error;
use std::fmt::{Debug, Display, Formatter};
use std::ops::Deref;
use std::time::Duration;

use crate::timeout::TimedOut;

/// Why a call was not tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// No attempt was left.
    Attempts,
    /// The iterator of waits ended.
    Waits,
    /// The next wait would have ended after `within`, or after an outer deadline.
    Time,
    /// The budget allowed no retry.
    Budget,
    /// The error is not worth another attempt.
    Refused,
}

impl Reason {
    pub(super) fn text(self) -> &'static str {
        match self {
            Reason::Attempts => "no attempt is left",
            Reason::Waits => "no wait is left",
            Reason::Time => "no time is left",
            Reason::Budget => "the budget allows no retry",
            Reason::Refused => "another attempt would not help",
        }
    }
}

/// A failed attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// The text of its error.
    pub error: String,
    /// How long the call waited after it; zero after the last one.
    pub wait: Duration,
}

/// The last attempt's error, with the history of the call: for a function that returns `Result<T, RetryError<E>>`.
///
/// In the body, `?` or `into()` converts an `E` into it; `#[retry]` completes it when the call gives up. It
/// dereferences to the error, so that you can use that one's methods and fields.
///
/// ```
/// use festoon::{RetryError, retry};
/// use std::num::ParseIntError;
///
/// #[retry(attempts = 3, wait = fixed(10ms))]
/// fn port(text: &str) -> Result<u16, RetryError<ParseIntError>> {
///     Ok(text.parse()?)
/// }
///
/// # let _clock = festoon::testing::clock();
/// let error = port("http").unwrap_err();
/// assert_eq!(error.attempts(), 3);
/// assert_eq!(error.history()[0].error, "invalid digit found in string");
/// assert_eq!(error.to_string(), "invalid digit found in string (after 3 attempts: no attempt is left)");
/// ```
#[derive(Clone)]
pub struct RetryError<E> {
    error: E,
    /// `None` until the call has given up. Boxed, which keeps a `Result` small.
    story: Option<Box<Story>>,
}

/// The history of a call.
#[derive(Debug, Clone)]
pub struct Story {
    pub(super) attempts: u32,
    pub(super) elapsed: Duration,
    pub(super) reason: Reason,
    pub(super) history: Vec<Failure>,
}

impl<E> RetryError<E> {
    /// Returns the error of the last attempt.
    pub fn error(&self) -> &E {
        &self.error
    }

    /// Converts this into the error of the last attempt.
    pub fn into_error(self) -> E {
        self.error
    }

    /// Returns how many attempts there were.
    pub fn attempts(&self) -> u32 {
        self.story.as_ref().map_or(1, |story| story.attempts)
    }

    /// Returns how long the call took, waits included. Complete if the function's return type is written as
    /// `RetryError<..>`; behind an alias, it is the time since the first failure.
    pub fn elapsed(&self) -> Duration {
        self.story.as_ref().map_or(Duration::ZERO, |story| story.elapsed)
    }

    /// Returns why it was not tried again; `None` for an error that has not passed through a `#[retry]` yet.
    pub fn reason(&self) -> Option<Reason> {
        self.story.as_ref().map(|story| story.reason)
    }

    /// Returns all failures, the last one included.
    pub fn history(&self) -> &[Failure] {
        self.story.as_ref().map_or(&[], |story| &story.history)
    }
}

impl<E> From<E> for RetryError<E> {
    fn from(error: E) -> Self {
        RetryError { error, story: None }
    }
}

impl<E> Deref for RetryError<E> {
    type Target = E;

    fn deref(&self) -> &E {
        &self.error
    }
}

impl<E: Debug> Debug for RetryError<E> {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RetryError").field("error", &self.error).field("story", &self.story).finish()
    }
}

impl<E: Display> Display for RetryError<E> {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        Display::fmt(&self.error, f)?;
        let Some(story) = &self.story else { return Ok(()) };
        let s = if story.attempts == 1 { "" } else { "s" };
        write!(f, " (after {} attempt{s}: {})", story.attempts, story.reason.text())
    }
}

impl<E: Error + 'static> Error for RetryError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.error)
    }
}

/// Receives the history.
pub trait Listener {
    /// The text of the error.
    fn words(&self) -> &dyn Display;
    /// The call has given up.
    fn hear(&mut self, story: Story);
}

impl<E: Display> Listener for RetryError<E> {
    fn words(&self) -> &dyn Display {
        &self.error
    }

    fn hear(&mut self, story: Story) {
        self.story = Some(Box::new(story));
    }
}

/// Like [`cut_off`](crate::timeout::cut_off), for a function that returns a `RetryError`.
pub fn cut_off_told<T, E: From<TimedOut>>() -> fn(TimedOut) -> Result<T, RetryError<E>> {
    |error| Err(E::from(error).into())
}
