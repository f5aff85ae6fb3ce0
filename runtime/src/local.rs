//! What belongs to a thread for a while: a test's clock, counts and caches.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;
use std::thread::LocalKey;

/// A thread's own `T`, if it has one.
pub(crate) type Slot<T> = RefCell<Option<Arc<T>>>;

/// What this thread has; nothing when it is ending.
pub(crate) fn current<T>(slot: &'static LocalKey<Slot<T>>) -> Option<Arc<T>> {
    slot.try_with(|current| current.borrow().clone()).ok().flatten()
}

/// Gives this thread another one until the guard is dropped.
pub(crate) fn enter<T>(slot: &'static LocalKey<Slot<T>>, value: Option<Arc<T>>) -> Entered<T> {
    Entered { slot, before: slot.with(|current| current.replace(value)) }
}

/// Gives the thread back what it had.
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
        // Dropped outside of the borrow: the last one to go may take a lock.
        let _gone = self.slot.try_with(|current| current.replace(before));
    }
}
