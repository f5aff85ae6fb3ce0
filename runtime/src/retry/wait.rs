//! How long to wait between attempts.

use std::borrow::Cow;
use std::ops::Add;
use std::time::Duration;

use super::jitter::Jitter;

/// The waits between the attempts of a call: `#[retry(wait = ..)]` without the macro.
///
/// `n` is the number of the attempt that has just failed, starting at 1:
///
/// | | wait after attempt `n` |
/// |---|---|
/// | [`fixed`](Wait::fixed)`(d)` | `d` |
/// | [`linear`](Wait::linear)`(start, step)` | `start + step * (n - 1)` |
/// | [`exponential`](Wait::exponential)`(base)` | `base * factor^(n - 1)`, with a factor of 2 |
/// | [`fibonacci`](Wait::fibonacci)`(base)` | `base` times 1, 1, 2, 3, 5, 8, .. |
/// | [`decorrelated`](Wait::decorrelated)`(base)` | random between `base` and 3 times the previous wait |
/// | [`uniform`](Wait::uniform)`(a, b)` | random between `a` and `b` |
/// | [`chain`](Wait::chain)`([a, b, c])` | `a`, `b`, `c`, `c`, `c`, .. |
/// | `one + other` | the sum of the two |
///
/// [`max`](Wait::max) and [`min`](Wait::min) clamp the wait, then [`jitter`](Wait::jitter) randomises it within them,
/// so that both limits apply to the actual sleep. Jitter is [`Full`](Jitter::Full) for `exponential` and `fibonacci`,
/// and [`None`](Jitter::None) for the others, unless you set it. Nothing overflows: a wait that is too long for the
/// arithmetic is [`max`](Wait::max), or 584 years.
///
/// ```
/// use festoon::{Jitter, Wait};
/// use std::time::Duration;
///
/// let ms = Duration::from_millis;
/// let wait = Wait::exponential(ms(50)).max(ms(300)).jitter(Jitter::None);
/// let delays: Vec<_> = wait.delays().take(5).collect();
/// assert_eq!(delays, [ms(50), ms(100), ms(200), ms(300), ms(300)]);
/// ```
///
/// The exponential, full, equal and decorrelated formulas are those of
/// [AWS's study of backoff](https://github.com/aws-samples/aws-arch-backoff-simulator).
#[derive(Debug, Clone, PartialEq)]
pub struct Wait {
    shape: Shape,
    min: Duration,
    max: Duration,
    jitter: Jitter,
}

#[derive(Debug, Clone, PartialEq)]
enum Shape {
    Fixed(Duration),
    Linear { start: Duration, step: Duration },
    Exponential { base: Duration, factor: f64 },
    Fibonacci(Duration),
    Decorrelated { base: Duration, factor: f64 },
    Uniform { from: Duration, to: Duration },
    Chain(Cow<'static, [Duration]>),
    Sum(Cow<'static, [Wait]>),
}

impl Wait {
    const fn new(shape: Shape) -> Self {
        let jitter = match shape {
            Shape::Exponential { .. } | Shape::Fibonacci(_) => Jitter::Full,
            _ => Jitter::None,
        };
        Wait { shape, min: Duration::ZERO, max: Duration::MAX, jitter }
    }

    /// Always waits the same time.
    #[must_use]
    pub const fn fixed(wait: Duration) -> Self {
        Wait::new(Shape::Fixed(wait))
    }

    /// Waits `start`, and `step` longer each time.
    #[must_use]
    pub const fn linear(start: Duration, step: Duration) -> Self {
        Wait::new(Shape::Linear { start, step })
    }

    /// Waits `base`, and twice as long each time; [`factor`](Wait::factor) sets another factor.
    #[must_use]
    pub const fn exponential(base: Duration) -> Self {
        Wait::new(Shape::Exponential { base, factor: 2.0 })
    }

    /// Waits `base` times 1, 1, 2, 3, 5, 8, ..: each wait is the sum of the previous two.
    #[must_use]
    pub const fn fibonacci(base: Duration) -> Self {
        Wait::new(Shape::Fibonacci(base))
    }

    /// Waits a random time between `base` and three times the previous wait, initially `base`. Since it is already
    /// random, [`jitter`](Wait::jitter) does not change it.
    #[must_use]
    pub const fn decorrelated(base: Duration) -> Self {
        Wait::new(Shape::Decorrelated { base, factor: 3.0 })
    }

    /// Waits a random time between two durations.
    ///
    /// # Panics
    /// If the second is shorter; in a `const` or `static` this is a compile-time error.
    #[must_use]
    pub const fn uniform(from: Duration, to: Duration) -> Self {
        assert!(to.as_nanos() >= from.as_nanos(), "the second length of `Wait::uniform` is at least the first");
        Wait::new(Shape::Uniform { from, to })
    }

    /// Like `a + b + c`, for a `const` or `static`: the sum of these waits, each with its own limits and jitter.
    #[must_use]
    pub const fn sum_of(waits: &'static [Wait]) -> Self {
        Wait::new(Shape::Sum(Cow::Borrowed(waits)))
    }

    /// Waits these durations, one after the other; the last one repeats.
    ///
    /// # Panics
    /// If there are none.
    #[must_use]
    pub fn chain(waits: impl IntoIterator<Item = Duration>) -> Self {
        let waits: Vec<Duration> = waits.into_iter().collect();
        assert!(!waits.is_empty(), "`Wait::chain` needs at least one wait");
        Wait::new(Shape::Chain(Cow::Owned(waits)))
    }

    /// Like [`chain`](Wait::chain), for a `const` or `static`.
    ///
    /// # Panics
    /// If there are none; in a `const` or `static` this is a compile-time error.
    #[must_use]
    pub const fn chain_of(waits: &'static [Duration]) -> Self {
        assert!(!waits.is_empty(), "`Wait::chain_of` needs at least one wait");
        Wait::new(Shape::Chain(Cow::Borrowed(waits)))
    }

    /// Sets by how much an exponential wait grows each time (2 by default), or how far a decorrelated one reaches (3).
    ///
    /// # Panics
    /// If it is below 1 or not finite, or for a wait of another kind, which has no factor; in a `const` or `static`
    /// this is a compile-time error.
    #[must_use]
    pub const fn factor(mut self, by: f64) -> Self {
        assert!(by >= 1.0 && by.is_finite(), "the factor of a wait is a finite number of at least 1");
        match &mut self.shape {
            Shape::Exponential { factor, .. } | Shape::Decorrelated { factor, .. } => *factor = by,
            _ => panic!("only `Wait::exponential` and `Wait::decorrelated` have a factor"),
        }
        self
    }

    /// Caps each wait, jitter included.
    #[must_use]
    pub const fn max(mut self, max: Duration) -> Self {
        self.max = max;
        self
    }

    /// Sets the shortest wait, jitter included, unless [`max`](Wait::max) is shorter.
    #[must_use]
    pub const fn min(mut self, min: Duration) -> Self {
        self.min = min;
        self
    }

    /// Sets how waits are randomised, so that callers that failed together do not retry together.
    #[must_use]
    pub const fn jitter(mut self, jitter: Jitter) -> Self {
        self.jitter = jitter;
        self
    }

    /// Returns an endless iterator over the waits.
    pub fn delays(&self) -> Delays {
        self.clone().into_iter()
    }

    /// Does it never wait?
    #[inline]
    pub(super) fn is_nothing(&self) -> bool {
        let is_zero = matches!(self.shape, Shape::Fixed(wait) if wait.is_zero());
        is_zero && self.min.is_zero() && self.jitter == Jitter::None
    }

    /// The next wait, given the state of the sequence.
    pub(super) fn next(&self, steps: &mut Steps) -> Duration {
        steps.failed = steps.failed.saturating_add(1);
        match (&self.shape, self.jitter) {
            (Shape::Fixed(wait), Jitter::None) => (*wait).max(self.min).min(self.max),
            _ => self.spread(steps),
        }
    }

    /// Between the limits, with jitter.
    fn spread(&self, steps: &mut Steps) -> Duration {
        let wait = self.planned(steps).max(self.min).min(self.max);
        if let Shape::Decorrelated { .. } = self.shape {
            steps.previous = wait;
            return wait;
        }
        self.jitter.of(wait, self.min.min(wait)).min(self.max)
    }

    /// Before limits and jitter.
    fn planned(&self, steps: &mut Steps) -> Duration {
        let n = steps.failed;
        match &self.shape {
            Shape::Fixed(wait) => *wait,
            Shape::Linear { start, step } => start.saturating_add(step.saturating_mul(n - 1)),
            Shape::Exponential { base, factor } => scaled(*base, power(*factor, n - 1)),
            Shape::Fibonacci(base) => scaled(*base, fibonacci(n)),
            Shape::Decorrelated { base, factor } => {
                Jitter::between(*base, scaled(if n == 1 { *base } else { steps.previous }, *factor))
            }
            Shape::Uniform { from, to } => Jitter::between(*from, *to),
            Shape::Chain(waits) => waits[waits.len().min(n as usize) - 1],
            Shape::Sum(parts) => steps.sum(parts),
        }
    }
}

/// [`Wait::exponential`] of 100 ms up to 5 s, with full jitter: the default of `#[retry]`.
impl Default for Wait {
    fn default() -> Self {
        Wait::STANDARD
    }
}

impl Wait {
    /// The same as `default`, for a `static`.
    #[doc(hidden)]
    pub const STANDARD: Wait = Wait::exponential(Duration::from_millis(100)).max(Duration::from_secs(5));
}

impl IntoIterator for Wait {
    type Item = Duration;
    type IntoIter = Delays;

    fn into_iter(self) -> Delays {
        Delays { wait: self, steps: Steps::default() }
    }
}

/// Adds the two waits before the next attempt.
impl Add for Wait {
    type Output = Wait;

    fn add(self, other: Wait) -> Wait {
        Wait::new(Shape::Sum(Cow::Owned(vec![self, other])))
    }
}

/// An endless iterator over the waits of a [`Wait`].
#[derive(Debug, Clone)]
pub struct Delays {
    wait: Wait,
    steps: Steps,
}

impl Iterator for Delays {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        Some(self.wait.next(&mut self.steps))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (usize::MAX, None)
    }
}

/// The state of a sequence of waits.
#[derive(Debug, Clone, Default)]
pub(super) struct Steps {
    /// How many attempts have failed.
    failed: u32,
    previous: Duration,
    /// For a sum, the state of each part.
    parts: Vec<Steps>,
}

impl Steps {
    fn sum(&mut self, waits: &[Wait]) -> Duration {
        self.parts.resize_with(waits.len(), Steps::default);
        let parts = waits.iter().zip(&mut self.parts).map(|(wait, steps)| wait.next(steps));
        parts.fold(Duration::ZERO, Duration::saturating_add)
    }
}

/// `factor^exponent`; infinite when it is too large.
fn power(factor: f64, exponent: u32) -> f64 {
    factor.powi(i32::try_from(exponent).unwrap_or(i32::MAX))
}

/// The `n`th Fibonacci number, counting from 1. Beyond the 93rd it is too large for any wait.
#[expect(clippy::cast_precision_loss, reason = "numbers of attempts are small")]
fn fibonacci(n: u32) -> f64 {
    let (number, _) = (1..n.min(93)).fold((1_u64, 1_u64), |(a, b), _| (b, a.saturating_add(b)));
    number as f64
}

/// In whole nanoseconds, which is exact up to 104 days. `as` saturates.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "durations lose less than a nanosecond in a month"
)]
pub(super) fn scaled(wait: Duration, by: f64) -> Duration {
    Duration::from_nanos((wait.as_nanos() as f64 * by).round() as u64)
}
