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
pub fn lazy<C: FnOnce() -> Start<F, T>, F: Future<Output = T>, T>(begin: C) -> Lazy<C, F, T> {
    Lazy::Waits { begin: Some(begin) }
}

pin_project_lite::pin_project! {
    /// See [`lazy`].
    #[project = Projected]
    #[must_use = "futures do nothing unless polled"]
    pub enum Lazy<C, F, T> {
        Waits { begin: Option<C> },
        Runs { #[pin] future: F },
        Has { value: Option<T> },
        Never,
    }
}

impl<C: FnOnce() -> Start<F, T>, F: Future<Output = T>, T> Future for Lazy<C, F, T> {
    type Output = T;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        if let Projected::Waits { begin } = self.as_mut().project() {
            let begin = begin.take().expect("a future is not polled again after a panic");
            self.set(begin().into());
        }
        match self.project() {
            Projected::Runs { future } => future.poll(context),
            Projected::Has { value } => Poll::Ready(value.take().expect("a future is not polled again after its end")),
            Projected::Waits { .. } | Projected::Never => Poll::Pending,
        }
    }
}

impl<C, F, T> From<Start<F, T>> for Lazy<C, F, T> {
    #[inline]
    fn from(start: Start<F, T>) -> Self {
        match start {
            Start::Runs(future) => Lazy::Runs { future },
            Start::Has(value) => Lazy::Has { value: Some(value) },
            Start::Never => Lazy::Never,
        }
    }
}

/// A call that starts at once.
impl<F: Future<Output = T>, T> IntoFuture for Start<F, T> {
    type Output = T;
    type IntoFuture = Lazy<fn() -> Start<F, T>, F, T>;

    #[inline]
    fn into_future(self) -> Self::IntoFuture {
        self.into()
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
        let end = this.end.take().expect("a future is not polled again after its end");
        Poll::Ready(end(value))
    }
}
