//! `#[timeout]`, and the time limit of an attempt: a call that takes too long is dropped.

use std::fmt::{Display, Formatter};
use std::panic::UnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

#[cfg(feature = "resilience")]
use crate::{AsyncDecorator, Call};
use crate::{clock, deadline};

/// A limit on how long a call of an async function takes: `#[timeout(2s)]` without the macro.
///
/// ```
/// use festoon::Timeout;
/// use std::time::Duration;
///
/// async fn fetch(url: &str) -> std::io::Result<String> {
///     Ok(url.to_uppercase())
/// }
///
/// # futures_executor::block_on(async {
/// let limit = Timeout::new(Duration::from_secs(2));
/// assert_eq!(limit.run_async(fetch("a")).await.unwrap(), "A");
/// # });
/// ```
///
/// `#[decorate(layer = Timeout::new(..))]` applies it to a function.
#[cfg(feature = "resilience")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeout {
    limit: Duration,
}

#[cfg(feature = "resilience")]
impl Timeout {
    /// Allows calls to take this long.
    #[must_use]
    pub const fn new(limit: Duration) -> Self {
        Timeout { limit }
    }

    /// Makes a call; if it takes too long, returns what [`TimedOut`] is converted into: an `Err`, or `None`.
    pub async fn run_async<F: Future<Output: TimeOut>>(&self, call: F) -> F::Output {
        limited(self.limit, call, cut_off()).await
    }

    /// Like [`run_async`](Timeout::run_async), for a call that returns any type.
    ///
    /// # Errors
    /// If it takes too long.
    pub async fn limit<F: Future>(&self, call: F) -> Result<F::Output, TimedOut> {
        limited(self.limit, async { Ok(call.await) }, Err).await
    }
}

#[cfg(feature = "resilience")]
#[diagnostic::do_not_recommend]
impl<F: Future<Output: TimeOut>> AsyncDecorator<F> for Timeout {
    async fn call(&self, _: Call<F::Output>, next: F) -> F::Output {
        self.run_async(next).await
    }
}

/// A call with a limit.
#[cfg(feature = "resilience")]
pub fn limited<F: Future, C: Fn(TimedOut) -> F::Output>(limit: Duration, call: F, cut_off: C) -> Limited<F, C> {
    Limited::new(call, limit, cut_off)
}

/// A call of a `#[timeout(..)]` function, or an attempt of a `#[retry(timeout = ..)]` function, took too long and was dropped.
///
/// It is converted into the function's error type: write `impl From<TimedOut> for ShopError`. `anyhow::Error`,
/// `Box<dyn Error>` and `io::Error` (`ErrorKind::TimedOut`) accept it already; if the function returns an `Option`, the
/// call returns `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimedOut {
    /// How long it was allowed to take.
    pub after: Duration,
}

impl Display for TimedOut {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "timed out after {:?}", self.after)
    }
}

impl std::error::Error for TimedOut {}

impl From<TimedOut> for std::io::Error {
    fn from(error: TimedOut) -> Self {
        std::io::Error::new(std::io::ErrorKind::TimedOut, error)
    }
}

/// The return type of a call that can time out.
#[diagnostic::on_unimplemented(
    message = "a call that timed out cannot return a `{Self}`",
    label = "cannot be created from a `festoon::TimedOut`",
    note = "write `impl From<festoon::TimedOut> for YourError`, or return an `Option`"
)]
pub trait TimeOut {
    fn timed_out(error: TimedOut) -> Self;
}

#[diagnostic::do_not_recommend]
impl<T, E: From<TimedOut>> TimeOut for Result<T, E> {
    fn timed_out(error: TimedOut) -> Self {
        Err(error.into())
    }
}

impl<T> TimeOut for Option<T> {
    fn timed_out(_: TimedOut) -> Self {
        None
    }
}

/// How to create the result of a call that timed out. A function pointer, so that an unsuitable type is reported only
/// once.
pub fn cut_off<T: TimeOut>() -> fn(TimedOut) -> T {
    T::timed_out
}

pin_project_lite::pin_project! {
    /// A call with a limit, which is a deadline for everything that it calls.
    #[must_use = "futures do nothing unless polled"]
    pub struct Limited<F, C> {
        #[pin]
        future: F,
        limit: Duration,
        deadline: u64,
        cut_off: C,
        // Created when the call first has to wait.
        timer: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    }
}

impl<F, C> Limited<F, C> {
    /// Starts now. It ends at the caller's deadline, if that is earlier.
    pub(crate) fn new(future: F, limit: Duration, cut_off: C) -> Self {
        let limit = deadline::time_left().map_or(limit, |left| left.min(limit));
        Limited { future, limit, deadline: deadline::after(limit), cut_off, timer: None }
    }
}

/// A timer holds nothing that a panic could leave in an inconsistent state.
impl<F: UnwindSafe, C: UnwindSafe> UnwindSafe for Limited<F, C> {}

impl<F: Future, C: Fn(TimedOut) -> F::Output> Future for Limited<F, C> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let below = deadline::enter(*this.deadline);
        if let Poll::Ready(value) = this.future.poll(context) {
            return Poll::Ready(value);
        }
        drop(below);
        let (limit, cut_off) = (*this.limit, this.cut_off);
        // What the first poll took is a part of the limit.
        let left = || deadline::left_until(*this.deadline).unwrap_or(limit);
        let timer = this.timer.get_or_insert_with(|| Box::pin(clock::gone_on(left())));
        timer.as_mut().poll(context).map(|()| cut_off(TimedOut { after: limit }))
    }
}
