//! What a call that has given up tells, where its return type asks.

use std::error::Error;
use std::fmt::{Debug, Display, Formatter};
use std::ops::Deref;
use std::time::Duration;

/// Why a call was not tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// No attempt was left.
    Attempts,
    /// The waits, which came from an iterator, had an end.
    Waits,
    /// The next wait would have ended after `within`, or after a deadline above.
    Time,
    /// The budget allowed no retry.
    Budget,
    /// The error is one that another attempt would not mend.
    Refused,
}

impl Reason {
    pub(super) fn text(self) -> &'static str {
        match self {
            Reason::Attempts => "no attempt is left",
            Reason::Waits => "no wait is left",
            Reason::Time => "no time is left",
            Reason::Budget => "the budget allows no retry",
            Reason::Refused => "another attempt would not mend it",
        }
    }
}

/// One attempt that has failed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// What its error said.
    pub error: String,
    /// How long the call waited then; zero after the last one.
    pub wait: Duration,
}

/// The last attempt's error, with what the call has been through: for a function that returns `Result<T, RetryError<E>>`.
///
/// The body makes one of an `E` by `?` or `into()`; `#[retry]` completes it when the call gives up. It passes for the error
/// itself where a method or field of that is used.
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
    /// Nothing until the call has given up. Boxed, which keeps a `Result` small.
    story: Option<Box<Story>>,
}

/// What a call has been through.
#[derive(Debug, Clone)]
pub struct Story {
    pub(super) attempts: u32,
    pub(super) elapsed: Duration,
    pub(super) reason: Reason,
    pub(super) history: Vec<Failure>,
}

impl<E> RetryError<E> {
    /// The error of the last attempt.
    pub fn error(&self) -> &E {
        &self.error
    }

    /// The error of the last attempt, for good.
    pub fn into_error(self) -> E {
        self.error
    }

    /// How many attempts there were.
    pub fn attempts(&self) -> u32 {
        self.story.as_ref().map_or(1, |story| story.attempts)
    }

    /// How long the call took, waits included. Known where the function's return type is written as `RetryError<..>`; behind
    /// an alias, the time since the first failure.
    pub fn elapsed(&self) -> Duration {
        self.story.as_ref().map_or(Duration::ZERO, |story| story.elapsed)
    }

    /// Why it was not tried again; `None` for an error that no `#[retry]` has seen yet.
    pub fn reason(&self) -> Option<Reason> {
        self.story.as_ref().map(|story| story.reason)
    }

    /// All failures, the last one included.
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

/// Where the story goes.
pub trait Listener {
    /// What the error says.
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
