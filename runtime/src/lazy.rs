//! A future that is made when it is first polled: what a layer goes around, where that is itself a layer's future.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// What a call has begun with. `T` is what its future gives: a name for it, so that a proof that the future is `Send` needs
/// no look at how it is made, which compilers do without the lifetimes.
pub enum Start<F, T> {
    /// It runs.
    Runs(F),
    /// It has its value already.
    Has(T),
    /// It was a question, and whoever has asked drops it.
    Never,
}

/// A call that begins at its first poll. Its arguments are in the closure until then, and in the future from then on: in
/// one place, and with one type around the future, where an async block would be a second place and four types.
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

/// A call that begins on the spot.
impl<F: Future<Output = T>, T> IntoFuture for Start<F, T> {
    type Output = T;
    type IntoFuture = Lazy<fn() -> Start<F, T>, F, T>;

    #[inline]
    fn into_future(self) -> Self::IntoFuture {
        self.into()
    }
}

/// A future, and what is done with its value. What `end` holds is dropped behind the future.
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
