//! References that do not keep a value alive.
#![expect(unsafe_code, reason = "nodes are behind pointers")]

use std::fmt;
use std::marker::PhantomData;

use super::count::Count;
use super::node::{self, Node, leave_memory};
use super::{Internable, Interned};
use crate::cached::Pointer;

/// A reference to an interned value that does not keep it alive; see [`Interned::downgrade`].
///
/// ```
/// use festoon::Interned;
///
/// let tern: Interned<str> = "Arctic Tern".into();
/// let weak = Interned::downgrade(&tern);
/// assert_eq!(weak.upgrade(), Some(tern.clone()));
/// drop(tern);
/// assert_eq!(weak.upgrade(), None);
/// ```
pub struct WeakInterned<T: Internable + ?Sized> {
    node: Pointer,
    of: PhantomData<Node<T>>,
}

// SAFETY: it is a counted reference to the memory of a value that is `Send + Sync`, and only hands out `Interned`.
unsafe impl<T: Internable + ?Sized> Send for WeakInterned<T> {}
// SAFETY: as above.
unsafe impl<T: Internable + ?Sized> Sync for WeakInterned<T> {}

impl<T: Internable + ?Sized> WeakInterned<T> {
    pub(super) fn of(value: &Interned<T>) -> Self {
        value.count().keep_memory();
        WeakInterned { node: value.node, of: PhantomData }
    }

    fn count(&self) -> &Count {
        // SAFETY: the memory lives as long as this is counted.
        unsafe { node::count(self.node) }
    }

    /// Returns the value, if it is still in use.
    #[must_use]
    pub fn upgrade(&self) -> Option<Interned<T>> {
        // SAFETY: it is a node of this type, and has been counted.
        self.count().acquire().then(|| unsafe { Interned::counted(self.node) })
    }
}

impl<T: Internable + ?Sized> Clone for WeakInterned<T> {
    fn clone(&self) -> Self {
        self.count().keep_memory();
        WeakInterned { node: self.node, of: PhantomData }
    }
}

impl<T: Internable + ?Sized> Drop for WeakInterned<T> {
    fn drop(&mut self) {
        // SAFETY: it is a node of this type; this reference has been counted, and is not used again.
        unsafe { leave_memory::<T>(self.node) };
    }
}

impl<T: Internable + ?Sized> fmt::Debug for WeakInterned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(WeakInterned)")
    }
}
