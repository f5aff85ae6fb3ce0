//! A value on the heap that can be borrowed while something else owns it.
#![allow(unsafe_code, reason = "owned values are returned as pointers")]

use std::mem::ManuallyDrop;

/// Owns what its pointer points to. It does not hold a `Box`, since moving that would end the borrows of its content.
pub(super) struct Owned<A>(*mut A);

// SAFETY: it owns an `A` and gives access to it only by value, so like a `Box<A>` it can go wherever an `A` can.
unsafe impl<A: Send> Send for Owned<A> {}

impl<A> Owned<A> {
    /// The owner, and a pointer that may be used until the value is taken or dropped.
    pub(super) fn new(active: A) -> (Self, *mut A) {
        let pointer = Box::into_raw(Box::new(active));
        (Owned(pointer), pointer)
    }

    /// The value.
    pub(super) fn take(self) -> A {
        let this = ManuallyDrop::new(self);
        // SAFETY: the pointer came from a `Box`, and is turned back into one only once: `drop` does not run.
        *unsafe { Box::from_raw(this.0) }
    }
}

impl<A> Drop for Owned<A> {
    fn drop(&mut self) {
        // SAFETY: the pointer came from a `Box`, and is turned back into one only once: `take` forgets the owner.
        drop(unsafe { Box::from_raw(self.0) });
    }
}
