//! Which tables of flights this thread has locked. Under such a lock the `Eq` of keys runs: one that calls the function
//! itself would wait for its own thread.

use std::cell::RefCell;

use crate::sync::thread_local;

thread_local! {
    /// The addresses of the caches' flights.
    static HELD: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// This thread is about to have a table locked, until this is dropped.
pub(super) struct Held(());

impl Held {
    /// Panics if the thread has a table of this cache locked.
    pub(super) fn of(flights: usize, function: &str) -> Self {
        // On a thread that ends nothing is known, and nothing is said.
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
