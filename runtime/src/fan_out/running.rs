//! A running call: polled in place, or spawned as a task.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread;

pin_project_lite::pin_project! {
    /// A call with the number of its input. It returns a panic as a value.
    pub(super) struct Running<F>
    where
        F: Future,
    {
        number: usize,
        #[pin]
        place: Place<F>,
    }
}

pin_project_lite::pin_project! {
    #[project = PlaceProjected]
    enum Place<F>
    where
        F: Future,
    {
        Here { #[pin] call: F },
        Task { task: Task<F::Output> },
    }
}

impl<F: Future> Running<F> {
    pub(super) fn here(number: usize, call: F) -> Self {
        Running { number, place: Place::Here { call } }
    }

    #[cfg(feature = "tokio")]
    pub(super) fn spawned(number: usize, call: F) -> Self
    where
        F: Send + 'static,
        F::Output: Send + 'static,
    {
        let task = Task(tokio::spawn(crate::context::Carried::new(call)));
        Running { number, place: Place::Task { task } }
    }
}

impl<F: Future> Future for Running<F> {
    type Output = (usize, thread::Result<F::Output>);

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let ended = match this.place.project() {
            PlaceProjected::Here { call } => match catch_unwind(AssertUnwindSafe(|| call.poll(context))) {
                Ok(poll) => poll.map(Ok),
                Err(panic) => Poll::Ready(Err(panic)),
            },
            PlaceProjected::Task { task } => task.poll(context),
        };
        ended.map(|value| (*this.number, value))
    }
}

/// Aborted with its handle, so it is never left running.
#[cfg(feature = "tokio")]
struct Task<T>(tokio::task::JoinHandle<T>);

#[cfg(feature = "tokio")]
impl<T> Task<T> {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<thread::Result<T>> {
        Pin::new(&mut self.0).poll(context).map_err(|error| match error.try_into_panic() {
            Ok(panic) => panic,
            Err(_) => Box::new("festoon: the runtime was shut down before this call ended"),
        })
    }
}

#[cfg(feature = "tokio")]
impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// There is none.
#[cfg(not(feature = "tokio"))]
struct Task<T>(std::convert::Infallible, std::marker::PhantomData<T>);

#[cfg(not(feature = "tokio"))]
impl<T> Task<T> {
    fn poll(&mut self, _: &mut Context<'_>) -> Poll<thread::Result<T>> {
        match self.0 {}
    }
}
