//! A future that is created when it is first polled: what a layer wraps if that is itself a layer's future.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// How a call starts. `T` is the output of its future: it is named so that a proof that the future is `Send` does not
/// depend on how the future is created, which compilers check without the lifetimes.
pub enum Start<F, T> {
    /// It runs.
    Runs(F),
    /// It already has its value.
    Has(T),
    /// It was only a question, and the caller that asked drops it.
    Never,
}

/// A call that starts at its first poll. Until then its arguments are in the closure, and then in the future: stored
/// once, and with one type around the future, whereas an async block would store them twice and add four types.
#[inline]
pub fn lazy<C: FnOnce() -> Start<F, F::Output>, F: Future>(begin: C) -> Lazy<C, F> {
    Lazy::Waits { begin: Some(begin) }
}

pin_project_lite::pin_project! {
    /// See [`lazy`].
    #[project = LazyProjected]
    #[must_use = "futures do nothing unless polled"]
    pub enum Lazy<C, F> {
        Waits { begin: Option<C> },
        Runs { #[pin] future: F },
        Never,
    }
}

impl<C: FnOnce() -> Start<F, F::Output>, F: Future> Future for Lazy<C, F> {
    type Output = F::Output;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        if let LazyProjected::Waits { begin } = self.as_mut().project() {
            let begin = begin.take().expect(ENDED);
            if let Some(value) = self.as_mut().go_on(begin()) {
                return Poll::Ready(value);
            }
        }
        match self.project() {
            LazyProjected::Runs { future } => future.poll(context),
            LazyProjected::Waits { .. } | LazyProjected::Never => Poll::Pending,
        }
    }
}

impl<C, F: Future> Lazy<C, F> {
    /// A function of its own: what it moves is not on the stack while the call begins or runs.
    #[inline]
    fn go_on(mut self: Pin<&mut Self>, start: Start<F, F::Output>) -> Option<F::Output> {
        match start {
            Start::Has(value) => return Some(value),
            Start::Runs(future) => self.set(Lazy::Runs { future }),
            Start::Never => self.set(Lazy::Never),
        }
        None
    }
}

/// A call that starts at once.
impl<F: Future<Output = T>, T> IntoFuture for Start<F, T> {
    type Output = T;
    type IntoFuture = Begun<F, T>;

    #[inline]
    fn into_future(self) -> Self::IntoFuture {
        match self {
            Start::Runs(future) => Begun::Runs { future },
            Start::Has(value) => Begun::Has { value: Some(value) },
            Start::Never => Begun::Never,
        }
    }
}

pin_project_lite::pin_project! {
    /// What has begun.
    #[project = BegunProjected]
    #[must_use = "futures do nothing unless polled"]
    pub enum Begun<F, T> {
        Runs { #[pin] future: F },
        Has { value: Option<T> },
        Never,
    }
}

impl<F: Future<Output = T>, T> Future for Begun<F, T> {
    type Output = T;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        match self.project() {
            BegunProjected::Runs { future } => future.poll(context),
            BegunProjected::Has { value } => Poll::Ready(value.take().expect(ENDED)),
            BegunProjected::Never => Poll::Pending,
        }
    }
}

/// A future, and a closure that receives its value. What `end` holds is dropped after the future.
#[inline]
pub fn then<F: Future, E: FnOnce(F::Output) -> T, T>(call: F, end: E) -> Then<F, E> {
    Then { call, end: Some(end) }
}

pin_project_lite::pin_project! {
    /// See [`then`].
    #[must_use = "futures do nothing unless polled"]
    pub struct Then<F, E> {
        #[pin]
        call: F,
        end: Option<E>,
    }
}

impl<F: Future, E: FnOnce(F::Output) -> T, T> Future for Then<F, E> {
    type Output = T;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let this = self.project();
        let value = ready!(this.call.poll(context));
        let end = this.end.take().expect(ENDED);
        Poll::Ready(end(value))
    }
}

const ENDED: &str = "a future is not polled again after its end";
