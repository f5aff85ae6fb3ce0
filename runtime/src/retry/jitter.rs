//! How waits are spread.

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
}

impl Jitter {
    /// Never more than `wait`.
    pub(super) fn of(self, wait: Duration) -> Duration {
        match self {
            Jitter::Full => Jitter::between(Duration::ZERO, wait),
            Jitter::Equal => Jitter::between(wait / 2, wait),
            Jitter::None => wait,
        }
    }

    /// Random between two lengths; `from` where `to` is shorter.
    pub(super) fn between(from: Duration, to: Duration) -> Duration {
        from + scaled(to.saturating_sub(from), clock::random())
    }
}

/// The user's own waits.
#[inline]
pub fn waits<I: IntoIterator<Item = Duration>>(waits: I) -> I::IntoIter {
    waits.into_iter()
}

/// The user's own waits, spread.
pub fn jittered<I>(waits: I, jitter: Jitter) -> impl Iterator<Item = Duration> + use<I>
where
    I: IntoIterator<Item = Duration>,
{
    waits.into_iter().map(move |wait| jitter.of(wait))
}
