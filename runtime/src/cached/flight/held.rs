//! Which flight tables this thread has locked. The `Eq` of keys runs under such a lock; if it called the function
//! itself, the thread would wait for itself.

use std::cell::RefCell;

use crate::sync::thread_local;

thread_local! {
    /// The addresses of the caches' flights.
    static HELD: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// Marks that this thread is about to lock a table, until this is dropped.
pub(super) struct Held(());

impl Held {
    /// Panics if the thread has a table of this cache locked.
    pub(super) fn of(flights: usize, function: &str) -> Self {
        // While the thread ends, its state is gone, so nothing is checked.
        let is_held = HELD.try_with(|held| {
            let is_held = held.borrow().contains(&flights);
            held.borrow_mut().push(flights);
            is_held
        });
        let held = Held(());
        assert!(
            !is_held.unwrap_or(false),
            "festoon: `{function}` is called while its keys are compared: the `Eq` of a key must not call it"
        );
        held
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ended = HELD.try_with(|held| held.borrow_mut().pop());
    }
}
