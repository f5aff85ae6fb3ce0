//! One attempt of an async function.

use std::panic::UnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::kind::{Fault, Of};
use super::limits::Limits;
use super::running::Begun;
use super::state::RetryState;

pin_project_lite::pin_project! {
    /// An attempt: while it is polled, `festoon::attempt()` returns it.
    #[must_use = "futures do nothing unless polled"]
    pub struct Attempted<'r, L, F, M> {
        pub(super) begun: &'r Begun<L>,
        #[pin]
        pub(super) future: F,
        pub(super) fault: M,
    }
}

impl<L: Limits, F: Future, M: Fn(Of<F::Output>) -> Fault<F::Output>> Future for Attempted<'_, L, F, M> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let Begun { state, limits } = *this.begun;
        let _below = limits.enter();
        let _entered = state.enter();
        let staged = state.staged().and_then(|call| call.staged_now((this.fault)(Of::NEW), context));
        if let Some(staged) = staged {
            return staged;
        }
        this.future.poll(context)
    }
}

pin_project_lite::pin_project! {
    /// A hook: while it is polled, `festoon::attempt()` returns its attempt.
    #[must_use = "futures do nothing unless polled"]
    pub struct Hooked<'r, F> {
        pub(super) state: &'r RetryState,
        #[pin]
        pub(super) future: F,
    }
}

impl<F: Future> Future for Hooked<'_, F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _entered = this.state.enter();
        this.future.poll(context)
    }
}

/// The wait between two attempts. Boxed, so that the function's future does not grow for a timer that is seldom needed,
/// and polled and dropped out of line.
pub struct Sleep(Option<Pin<Box<dyn Future<Output = ()> + Send>>>);

impl Sleep {
    pub(super) fn new(timer: impl Future<Output = ()> + Send + 'static) -> Self {
        Sleep(Some(Box::pin(timer)))
    }

    pub(super) fn none() -> Self {
        Sleep(None)
    }
}

/// A timer holds nothing that a panic could leave in an inconsistent state.
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
