//! The body of a generator, started and not yet completed.
#![expect(unsafe_code, reason = "the body refers to its own channel")]

use std::future::Future;
use std::marker::PhantomPinned;
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll};

use super::channel::{Channel, Lends, LendsMut, Yielder};

/// Creates the future of the body. It is a trait, so that a signature need not name the type of the future.
pub trait Start<Y: Lends, H> {
    /// The body.
    type Future: Future;

    /// Creates it. No part of it runs before it is polled.
    fn start(self, yielder: Yielder<Y, H>) -> Self::Future;
}

impl<Y: Lends, H, F: Future, S: FnOnce(Yielder<Y, H>) -> F> Start<Y, H> for S {
    type Future = F;

    fn start(self, yielder: Yielder<Y, H>) -> F {
        self(yielder)
    }
}

struct Frame<Y: Lends, H, F> {
    /// Dropped before the channel, which it uses.
    future: Option<F>,
    channel: Channel<Y::Target, H>,
    /// Others point to it while it is borrowed.
    _pinned: PhantomPinned,
}

/// Owns the future and the channel next to it. Not a `Box`, since moving one would end the borrows of its content.
pub(super) struct Running<Y: Lends, H, F>(NonNull<Frame<Y, H, F>>);

// SAFETY: it owns a future, which is `Send`, and a channel with a reference to the target and an `H`.
unsafe impl<Y: Lends + Send, H: Send, F: Send> Send for Running<Y, H, F> {}

// SAFETY: a shared reference allows shared access to the target, and to nothing else.
unsafe impl<Y: Lends, H, F> Sync for Running<Y, H, F> where Y::Target: Sync {}

impl<Y: Lends, H, F: Future> Running<Y, H, F> {
    pub(super) fn new<S: Start<Y, H, Future = F>>(start: S) -> Self {
        let frame = Box::new(Frame { future: None, channel: Channel::new(), _pinned: PhantomPinned });
        let running = Running(NonNull::from(Box::leak(frame)));
        // SAFETY: it points into the frame, which exists until `running` is dropped, and the future with it.
        let yielder = unsafe { Yielder::new(NonNull::from(&(*running.0.as_ptr()).channel)) };
        let future = start.start(yielder);
        // SAFETY: we own the frame, and nothing else uses this part of it.
        unsafe { (*running.0.as_ptr()).future = Some(future) };
        running
    }

    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<F::Output> {
        // SAFETY: `&mut self` is the only access to it; the frame never moves, and is dropped in its place.
        let future = unsafe { Pin::new_unchecked(&mut (*self.0.as_ptr()).future) };
        let future = future.as_pin_mut().unwrap_or_else(|| unreachable!("festoon: it is set when it is made"));
        future.poll(context)
    }

    /// Tells the body that its scope has ended; it continues when it is polled.
    pub(super) fn tell(&mut self, told: H) {
        self.channel().told.set(Some(told));
    }
}

impl<Y: Lends, H, F> Running<Y, H, F> {
    fn channel(&self) -> &Channel<Y::Target, H> {
        // SAFETY: we own the frame. The body also uses the channel as shared, and only while it is polled or dropped.
        unsafe { &(*self.0.as_ptr()).channel }
    }

    /// Is the body waiting in its `yield_!`?
    pub(super) fn has_yielded(&self) -> bool {
        self.channel().lent.get().is_some()
    }

    pub(super) fn target(&self) -> &Y::Target {
        // SAFETY: the body waits in the `yield_!` that borrows or owns this: the pointer is removed when that ends. The
        // body does not run while `self` is borrowed.
        unsafe { self.lent().as_ref() }
    }

    pub(super) fn target_mut(&mut self) -> &mut Y::Target
    where
        Y: LendsMut,
    {
        // SAFETY: the same, and it lends a `&mut` or a value.
        unsafe { self.lent().as_mut() }
    }

    fn lent(&self) -> NonNull<Y::Target> {
        self.channel().lent.get().unwrap_or_else(|| unreachable!("festoon: it has yielded, and is not at its end"))
    }
}

impl<Y: Lends, H, F> Drop for Running<Y, H, F> {
    fn drop(&mut self) {
        // SAFETY: it came from a `Box`, and is turned back into one once.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}
