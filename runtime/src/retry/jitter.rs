//! Jitter for waits.

use std::iter::{Empty, empty};
use std::time::Duration;

use super::wait::scaled;
use crate::clock;

/// How to randomise a wait `d`, so that callers that failed together do not retry together.
///
/// The names and formulas come from [AWS's study of
/// backoff](https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Jitter {
    /// Random between 0 and `d`.
    #[default]
    Full,
    /// Random between `d / 2` and `d`.
    Equal,
    /// `d` itself.
    None,
    /// Random between `d` and that much longer.
    Plus(Duration),
}

impl Jitter {
    /// Not less than `min`, unless that is longer than the wait itself.
    pub(super) fn of(self, wait: Duration, min: Duration) -> Duration {
        match self {
            Jitter::None => wait,
            Jitter::Plus(more) => Jitter::between(wait, wait.saturating_add(more)),
            _ if wait.is_zero() => wait,
            Jitter::Full => Jitter::between(min, wait),
            Jitter::Equal => Jitter::between(min.max(wait / 2), wait),
        }
    }

    /// Random between two durations; `from` if `to` is shorter.
    pub(super) fn between(from: Duration, to: Duration) -> Duration {
        from.saturating_add(scaled(to.saturating_sub(from), clock::random()))
    }
}

/// The user's own waits. Method resolution finds `waits` on one of the two traits below: on the second, which reports
/// the mistake, if the first does not fit.
pub struct Own<I>(pub I);

/// First: a list or an iterator.
pub trait Series {
    /// One after the other.
    type Waits: Iterator<Item = Duration>;
    /// Starting with the first.
    fn waits(self) -> Self::Waits;
}

impl<I: IntoIterator<Item = Duration>> Series for Own<I> {
    type Waits = I::IntoIter;

    #[inline]
    fn waits(self) -> I::IntoIter {
        self.0.into_iter()
    }
}

/// Second: anything else.
pub trait NoSeries<I> {
    /// Nothing.
    fn waits(&self) -> Empty<Duration>
    where
        I: Waits,
    {
        empty()
    }
}

impl<I> NoSeries<I> for Own<I> {}

/// A list or an iterator of durations.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a series of waits",
    label = "expected an iterator of `Duration`s",
    note = "for the same wait each time, write `wait = fixed(..)`; otherwise, a list or an iterator of `Duration`s"
)]
pub trait Waits {}

/// The user's own waits, with jitter.
pub fn jittered<I>(waits: I, jitter: Jitter) -> impl Iterator<Item = Duration> + use<I>
where
    I: IntoIterator<Item = Duration>,
{
    waits.into_iter().map(move |wait| jitter.of(wait, Duration::ZERO))
}
