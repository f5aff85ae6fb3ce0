//! A call of an async function that needs a policy's permit.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::refused::Refused;

/// Awaits the permit, and runs the call if it is granted. `end` receives the permit and the call's value, and `refused`
/// returns the value of a refused call.
#[inline]
pub fn admitted<A, P, F, E, R>(asked: A, call: F, end: E, refused: R) -> Admitted<A, P, F, E, R>
where
    A: Future<Output = Result<P, Refused>>,
    F: Future,
    E: FnOnce(&F::Output, P),
    R: FnOnce(Refused) -> F::Output,
{
    Admitted { asked, call, permit: None, told: Some((end, refused)) }
}

pin_project_lite::pin_project! {
    /// See [`admitted`].
    #[must_use = "futures do nothing unless polled"]
    pub struct Admitted<A, P, F, E, R> {
        #[pin]
        asked: A,
        #[pin]
        call: F,
        // Dropped after the call: what the call holds is free when the next one starts.
        permit: Option<P>,
        // Until the call has its value.
        told: Option<(E, R)>,
    }
}

impl<A, P, F, E, R> Future for Admitted<A, P, F, E, R>
where
    A: Future<Output = Result<P, Refused>>,
    F: Future,
    E: FnOnce(&F::Output, P),
    R: FnOnce(Refused) -> F::Output,
{
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        if this.permit.is_none() {
            match ready!(this.asked.poll(context)) {
                Ok(permit) => *this.permit = Some(permit),
                Err(refused) => return Poll::Ready(this.told.take().map(|(_, make)| make(refused)).expect(ENDED)),
            }
        }
        let value = ready!(this.call.poll(context));
        if let (Some(permit), Some((end, _))) = (this.permit.take(), this.told.take()) {
            end(&value, permit);
        }
        Poll::Ready(value)
    }
}

const ENDED: &str = "a future is not polled again after its end";
