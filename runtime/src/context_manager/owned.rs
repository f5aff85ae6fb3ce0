//! A value on the heap that one may borrow while another one owns it.
#![allow(unsafe_code, reason = "what is owned is handed out by a pointer")]

use std::mem::ManuallyDrop;

/// Owns what its pointer points to. It holds no `Box`, whose moves would end the borrows of what is in it.
pub(super) struct Owned<A>(*mut A);

// SAFETY: it owns an `A` and gives no access to it but by value: as a `Box<A>`, it goes where an `A` goes.
unsafe impl<A: Send> Send for Owned<A> {}

impl<A> Owned<A> {
    /// The owner, and the pointer that may be used until the value is taken or dropped.
    pub(super) fn new(active: A) -> (Self, *mut A) {
        let pointer = Box::into_raw(Box::new(active));
        (Owned(pointer), pointer)
    }

    /// The value.
    pub(super) fn take(self) -> A {
        let this = ManuallyDrop::new(self);
        // SAFETY: the pointer came from a `Box`, and is made one again once: `drop` does not run.
        *unsafe { Box::from_raw(this.0) }
    }
}

impl<A> Drop for Owned<A> {
    fn drop(&mut self) {
        // SAFETY: the pointer came from a `Box`, and is made one again once: `take` forgets the owner.
        drop(unsafe { Box::from_raw(self.0) });
    }
}
