//! An async call in its own span, which is entered whenever the future is polled, and when it is dropped.

use std::panic::UnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll};

use tracing::Span;

/// Wraps a future.
#[inline]
pub fn spanned<F: Future>(span: Span, future: F) -> Spanned<F> {
    Spanned { future: Some(future), span }
}

pin_project_lite::pin_project! {
    /// A future in a span.
    #[must_use = "futures do nothing unless polled"]
    pub struct Spanned<F> {
        // `None` once it has been dropped.
        #[pin]
        future: Option<F>,
        span: Span,
    }

    impl<F> PinnedDrop for Spanned<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            let _entered = this.span.enter();
            this.future.set(None);
        }
    }
}

/// A panic exits the span, to which there are no references.
impl<F: UnwindSafe> UnwindSafe for Spanned<F> {}

impl<F: Future> Future for Spanned<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _entered = this.span.enter();
        match this.future.as_pin_mut() {
            Some(future) => future.poll(context),
            None => unreachable!("it is only taken out by `drop`"),
        }
    }
}
