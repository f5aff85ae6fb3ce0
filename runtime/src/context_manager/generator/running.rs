//! The body of a generator, begun and not yet at its end.
#![allow(unsafe_code)]

use std::future::Future;
use std::marker::PhantomPinned;
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll};

use super::channel::{Channel, Lends, LendsMut, Yielder};

/// Makes the future of the body. It is a trait, so that the type of the future can be left open in a signature.
pub trait Start<Y: Lends, H> {
    /// The body.
    type Future: Future;

    /// Makes it. Nothing of it runs before it is polled.
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
    /// It is pointed to while it is borrowed.
    _pinned: PhantomPinned,
}

/// Owns the future and the channel beside it. No `Box`, whose moves would end the borrows of what is in it.
pub(super) struct Running<Y: Lends, H, F>(NonNull<Frame<Y, H, F>>);

// SAFETY: it owns a future, which is `Send`, and a channel with a reference to the target and an `H`.
unsafe impl<Y: Lends + Send, H: Send, F: Send> Send for Running<Y, H, F> {}

// SAFETY: a shared one gives shared access to the target, and to nothing else.
unsafe impl<Y: Lends, H, F> Sync for Running<Y, H, F> where Y::Target: Sync {}

impl<Y: Lends, H, F: Future> Running<Y, H, F> {
    pub(super) fn new<S: Start<Y, H, Future = F>>(start: S) -> Self {
        let frame = Box::new(Frame { future: None, channel: Channel::new(), _pinned: PhantomPinned });
        let running = Running(NonNull::from(Box::leak(frame)));
        // SAFETY: it points into the frame, which is there until `running` is dropped, and the future with it.
        let yielder = unsafe { Yielder::new(NonNull::from(&(*running.0.as_ptr()).channel)) };
        let future = start.start(yielder);
        // SAFETY: the frame is ours, and nobody uses this part of it.
        unsafe { (*running.0.as_ptr()).future = Some(future) };
        running
    }

    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<F::Output> {
        // SAFETY: `&mut self` is the only access to it; the frame never moves, and is dropped in its place.
        let future = unsafe { Pin::new_unchecked(&mut (*self.0.as_ptr()).future) };
        let future = future.as_pin_mut().unwrap_or_else(|| unreachable!("festoon: it is set when it is made"));
        future.poll(context)
    }

    /// Tells the body that its scope has ended; it goes on when it is polled.
    pub(super) fn tell(&mut self, told: H) {
        self.channel().told.set(Some(told));
    }
}

impl<Y: Lends, H, F> Running<Y, H, F> {
    fn channel(&self) -> &Channel<Y::Target, H> {
        // SAFETY: the frame is ours. The body uses the channel as shared, too, and only while it is polled or dropped.
        unsafe { &(*self.0.as_ptr()).channel }
    }

    /// Does the body wait in its `yield_!`?
    pub(super) fn has_yielded(&self) -> bool {
        self.channel().lent.get().is_some()
    }

    pub(super) fn target(&self) -> &Y::Target {
        // SAFETY: the body waits in the `yield_!` that borrows this or owns it: the pointer is taken back when that ends.
        // The body does not run while `self` is borrowed.
        unsafe { self.lent().as_ref() }
    }

    pub(super) fn target_mut(&mut self) -> &mut Y::Target
    where
        Y: LendsMut,
    {
        // SAFETY: the same, and what is lent is a `&mut` or a value.
        unsafe { self.lent().as_mut() }
    }

    fn lent(&self) -> NonNull<Y::Target> {
        self.channel().lent.get().unwrap_or_else(|| unreachable!("festoon: it has yielded, and is not at its end"))
    }
}

impl<Y: Lends, H, F> Drop for Running<Y, H, F> {
    fn drop(&mut self) {
        // SAFETY: it came from a `Box`, and is made one again once.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}
