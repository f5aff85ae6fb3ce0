//! Futures that carry a test's own state with them.

use std::pin::Pin;
use std::task::{Context, Poll};

use super::Handle;

/// State that belongs to a thread for a while.
pub trait Carry {
    /// Sets it for this thread while the body runs.
    fn carry<R>(&self, body: impl FnOnce() -> R) -> R;
}

pin_project_lite::pin_project! {
    /// A future with a virtual clock or a recorder of its own, wherever it is polled or dropped; see [`Handle::scope`]
    /// and [`RecorderHandle::scope`](super::RecorderHandle::scope).
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct Scope<F, H = Handle>
    where
        H: Carry,
    {
        // Only emptied by the drop below.
        #[pin]
        future: Option<F>,
        handle: H,
    }

    impl<F, H> PinnedDrop for Scope<F, H>
    where
        H: Carry,
    {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            this.handle.carry(|| this.future.set(None));
        }
    }
}

impl<F, H: Carry> Scope<F, H> {
    pub(crate) fn new(future: F, handle: H) -> Self {
        Scope { future: Some(future), handle }
    }
}

impl<F: Future, H: Carry> Future for Scope<F, H> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let (future, handle) = (this.future.as_pin_mut(), this.handle);
        handle.carry(|| future.map_or(Poll::Pending, |future| future.poll(context)))
    }
}
