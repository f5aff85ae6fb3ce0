//! A scope that is an async closure.

use std::any::{Any, type_name};
use std::future::Future;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use super::exit::{lost, reported, settled, told, told_async, told_in_drop};
use super::scope::certain;
use super::{AsyncExit, Exit, Verdict};
use crate::Outcome;

/// The end of the scope: a sync exit, or an async one.
pub(super) trait End<E>: Sized {
    type Active;
    const MAY_SWALLOW: bool;

    fn active(&mut self) -> &mut Self::Active;
    fn end(self, how: Outcome<'_, E>) -> impl Future<Output = Result<Verdict<E>, E>>;
    fn cancel(self);
}

/// A sync exit.
pub(super) struct Now<A, E>(A, PhantomData<fn(E)>);

impl<A: Exit<E>, E> Now<A, E> {
    pub(super) fn new(active: A) -> Held<Self, E> {
        Held(Some(Now(active, PhantomData)), PhantomData)
    }
}

impl<A: Exit<E>, E> End<E> for Now<A, E> {
    type Active = A;
    const MAY_SWALLOW: bool = A::MAY_SWALLOW;

    fn active(&mut self) -> &mut A {
        &mut self.0
    }

    async fn end(self, how: Outcome<'_, E>) -> Result<Verdict<E>, E> {
        told(self.0, how)
    }

    fn cancel(self) {
        told_in_drop(type_name::<A>(), || told(self.0, Outcome::Cancelled));
    }
}

/// An async exit.
pub(super) struct Later<A, E>(A, PhantomData<fn(E)>);

impl<A: AsyncExit<E>, E: Send> Later<A, E> {
    pub(super) fn new(active: A) -> Held<Self, E> {
        Held(Some(Later(active, PhantomData)), PhantomData)
    }
}

impl<A: AsyncExit<E>, E: Send> End<E> for Later<A, E> {
    type Active = A;
    const MAY_SWALLOW: bool = A::MAY_SWALLOW;

    fn active(&mut self) -> &mut A {
        &mut self.0
    }

    async fn end(self, how: Outcome<'_, E>) -> Result<Verdict<E>, E> {
        told_async(self.0, how).await
    }

    fn cancel(self) {
        told_in_drop::<E>(type_name::<A>(), || {
            self.0.cancelled();
            Ok(Verdict::Pass)
        });
    }
}

/// Holds the entered value until its exit begins; if it is dropped before that, the surrounding future was cancelled.
pub(super) struct Held<N: End<E>, E>(Option<N>, PhantomData<fn(E)>);

impl<N: End<E>, E> Held<N, E> {
    fn get(&mut self) -> &mut N {
        self.0.as_mut().unwrap_or_else(|| unreachable!("festoon: it is taken once, at the end"))
    }

    fn take(mut self) -> N {
        self.0.take().unwrap_or_else(|| unreachable!("festoon: it is taken once, at the end"))
    }
}

impl<N: End<E>, E> Drop for Held<N, E> {
    fn drop(&mut self) {
        if let Some(end) = self.0.take() {
            end.cancel();
        }
    }
}

/// A scope whose exit never swallows its error.
pub(super) async fn passing<N: End<E>, R, E>(
    held: Held<N, E>,
    body: impl AsyncFnOnce(&mut N::Active) -> Result<R, E>,
) -> Result<R, E> {
    const { assert!(!N::MAY_SWALLOW, "this exit may swallow the error, and leave no value") };
    swallowing(held, body).await.map(certain)
}

async fn swallowing<N: End<E>, R, E>(
    mut held: Held<N, E>,
    body: impl AsyncFnOnce(&mut N::Active) -> Result<R, E>,
) -> Result<Option<R>, E> {
    let ended = caught(body(held.get().active())).await;
    let end = held.take();
    match ended {
        Ok(mut result) => {
            let verdict = end.end(Outcome::of(&mut result)).await;
            settled(result, verdict)
        }
        Err(mut payload) => {
            let name = type_name::<N::Active>();
            match caught(end.end(Outcome::Panic(Some(&mut *payload)))).await {
                Ok(exited) => lost(name, &exited),
                Err(second) => reported(name, second),
            }
            resume_unwind(payload)
        }
    }
}

pin_project_lite::pin_project! {
    /// A future that returns its panic as its output.
    struct Caught<F> {
        #[pin]
        future: F,
    }
}

pub(super) fn caught<F: Future>(future: F) -> impl Future<Output = Result<F::Output, Box<dyn Any + Send>>> {
    Caught { future }
}

impl<F: Future> Future for Caught<F> {
    type Output = Result<F::Output, Box<dyn Any + Send>>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let future = self.project().future;
        match catch_unwind(AssertUnwindSafe(|| future.poll(context))) {
            Ok(poll) => poll.map(Ok),
            Err(panic) => Poll::Ready(Err(panic)),
        }
    }
}
