//! One attempt of an async function.

use std::fmt::{Display, Formatter};
use std::panic::UnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use super::attempt::Entered;
use super::failed::Failed;
use super::run::Book;
use crate::clock;

pin_project_lite::pin_project! {
    /// An attempt: while it is polled, `festoon::attempt()` tells about it.
    #[must_use = "futures do nothing unless polled"]
    pub struct Attempted<'r, F> {
        pub(super) book: &'r Book,
        #[pin]
        pub(super) future: F,
    }
}

impl<F: Future> Future for Attempted<'_, F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _entered = this.book.0.as_deref().map(enter);
        this.future.poll(context)
    }
}

#[cold]
#[inline(never)]
fn enter(failed: &Failed) -> Entered {
    failed.frame().enter()
}

/// The wait between two attempts. Boxed, so that the function's future does not grow by a timer that is seldom needed,
/// and polled and dropped out of line.
pub struct Sleep(Option<Pin<Box<dyn Future<Output = ()> + Send>>>);

impl Sleep {
    pub(super) fn new(timer: impl Future<Output = ()> + Send + 'static) -> Self {
        Sleep(Some(Box::pin(timer)))
    }
}

/// A timer keeps nothing that a panic could leave half done.
impl UnwindSafe for Sleep {}

impl Future for Sleep {
    type Output = ();

    #[cold]
    #[inline(never)]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.0.as_mut().map_or(Poll::Ready(()), |timer| timer.as_mut().poll(context))
    }
}

impl Drop for Sleep {
    #[inline]
    fn drop(&mut self) {
        if let Some(timer) = self.0.take() {
            forget_timer(timer);
        }
    }
}

#[cold]
#[inline(never)]
fn forget_timer(timer: Pin<Box<dyn Future<Output = ()> + Send>>) {
    drop(timer);
}

/// An attempt of a `#[retry(timeout = ..)]` function took too long and was dropped.
///
/// It becomes the error of that attempt, for which the function's own error type takes it: `impl From<TimedOut> for
/// ShopError`. `anyhow::Error`, `Box<dyn Error>` and `io::Error` (`ErrorKind::TimedOut`) do; where the function returns an
/// `Option`, the attempt is `None`.
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

/// What an attempt gives that was cut off.
#[diagnostic::on_unimplemented(
    message = "`#[retry(timeout = ..)]` cannot make a `{Self}` of an attempt that took too long",
    label = "this error does not come from `festoon::TimedOut`",
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

/// How an attempt ends that was cut off. A pointer, so that a type that has no way is told once.
pub fn cut_off<T: TimeOut>() -> fn(TimedOut) -> T {
    T::timed_out
}

pin_project_lite::pin_project! {
    /// An attempt with a limit.
    #[must_use = "futures do nothing unless polled"]
    pub struct Limited<F, C> {
        #[pin]
        future: F,
        limit: Duration,
        cut_off: C,
        // Made when the attempt first has to wait.
        timer: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    }
}

impl<F, C> Limited<F, C> {
    pub(super) fn new(future: F, limit: Duration, cut_off: C) -> Self {
        Limited { future, limit, cut_off, timer: None }
    }
}

/// As [`Sleep`] is.
impl<F: UnwindSafe, C: UnwindSafe> UnwindSafe for Limited<F, C> {}

impl<F: Future, C: Fn(TimedOut) -> F::Output> Future for Limited<F, C> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        if let Poll::Ready(value) = this.future.poll(context) {
            return Poll::Ready(value);
        }
        let (limit, cut_off) = (*this.limit, this.cut_off);
        let timer = this.timer.get_or_insert_with(|| Box::pin(clock::gone_on(limit)));
        timer.as_mut().poll(context).map(|()| cut_off(TimedOut { after: limit }))
    }
}
