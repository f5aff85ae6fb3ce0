//! How waits are spread.

use std::iter::{Empty, empty};
use std::time::Duration;

use super::wait::scaled;
use crate::clock;

/// How a wait `d` is spread, so that callers that failed together do not come back together.
///
/// The names and formulas are those of
/// [AWS's study of backoff](https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
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
    /// Not less than `min`, where that is not longer than the wait itself.
    pub(super) fn of(self, wait: Duration, min: Duration) -> Duration {
        match self {
            Jitter::None => wait,
            Jitter::Plus(more) => Jitter::between(wait, wait.saturating_add(more)),
            _ if wait.is_zero() => wait,
            Jitter::Full => Jitter::between(min, wait),
            Jitter::Equal => Jitter::between(min.max(wait / 2), wait),
        }
    }

    /// Random between two lengths; `from` where `to` is shorter.
    pub(super) fn between(from: Duration, to: Duration) -> Duration {
        from.saturating_add(scaled(to.saturating_sub(from), clock::random()))
    }
}

/// The user's own waits. The method `waits` of one of the two traits below is found by the compiler's own rule: of the
/// second, which says what is wrong, where the first does not fit.
pub struct Own<I>(pub I);

/// First: a list or an iterator.
pub trait Series {
    /// One after the other.
    type Waits: Iterator<Item = Duration>;
    /// From the first on.
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

/// A list or an iterator of lengths of time.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a series of waits",
    label = "one `Duration` after the other is needed",
    note = "for the same wait each time write `wait = fixed(..)`, else a list or an iterator of `Duration`"
)]
pub trait Waits {}

/// The user's own waits, spread.
pub fn jittered<I>(waits: I, jitter: Jitter) -> impl Iterator<Item = Duration> + use<I>
where
    I: IntoIterator<Item = Duration>,
{
    waits.into_iter().map(move |wait| jitter.of(wait, Duration::ZERO))
}
