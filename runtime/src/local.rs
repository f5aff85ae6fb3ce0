//! Thread-local values that are set temporarily: a test's clock, counts and caches.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;
use std::thread::LocalKey;

/// A thread's own `T`, if it has one.
pub(crate) type Slot<T> = RefCell<Option<Arc<T>>>;

/// The value of this thread; `None` while it is ending.
pub(crate) fn current<T>(slot: &'static LocalKey<Slot<T>>) -> Option<Arc<T>> {
    slot.try_with(|current| current.borrow().clone()).ok().flatten()
}

/// Sets another value for this thread until the guard is dropped.
pub(crate) fn enter<T>(slot: &'static LocalKey<Slot<T>>, value: Option<Arc<T>>) -> Entered<T> {
    Entered { slot, before: slot.with(|current| current.replace(value)) }
}

/// Restores the thread's earlier value.
pub(crate) struct Entered<T: 'static> {
    slot: &'static LocalKey<Slot<T>>,
    before: Option<Arc<T>>,
}

impl<T> fmt::Debug for Entered<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entered").finish_non_exhaustive()
    }
}

impl<T> Drop for Entered<T> {
    fn drop(&mut self) {
        let before = self.before.take();
        // Dropped outside of the borrow, since dropping the last one may take a lock.
        let _gone = self.slot.try_with(|current| current.replace(before));
    }
}
