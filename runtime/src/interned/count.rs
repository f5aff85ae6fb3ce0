//! The reference counts of an interned value. `tests/model` tries every order of its operations.

use crate::sync::{
    AtomicUsize,
    Ordering::{AcqRel, Acquire, Relaxed, Release},
};

/// The references to a value, and those to its memory, where all strong references together count as one, and so does
/// each weak one.
#[derive(Debug)]
pub(crate) struct Count {
    users: AtomicUsize,
    memory: AtomicUsize,
}

/// The value can no longer be returned. Later attempts to acquire it count on from here.
const DEAD: usize = 1 << (usize::BITS - 1);
/// No program has this many references, unless it forgets them.
const MOST: usize = DEAD / 2;

impl Count {
    /// Starts with one reference.
    pub(crate) fn new() -> Self {
        Count { users: AtomicUsize::new(1), memory: AtomicUsize::new(1) }
    }

    /// Adds a reference, unless the value is dead. If it had none, it is revived.
    #[inline]
    pub(crate) fn acquire(&self) -> bool {
        let before = self.users.fetch_add(1, Relaxed);
        before < MOST || Count::refused(before)
    }

    /// No live value has this many references, so it is dead. If it had them, the next ones would free it.
    #[cold]
    #[inline(never)]
    fn refused(before: usize) -> bool {
        if before < DEAD {
            std::process::abort();
        }
        false
    }

    /// Removes a reference. Was it the last one? Then the value has to be removed from its table, unless another thread
    /// does that or acquires it again.
    #[inline]
    pub(crate) fn release(&self) -> bool {
        self.users.fetch_sub(1, Release) == 1
    }

    /// Marks a value without references as dead. Only while its table is locked and contains it.
    pub(crate) fn end(&self) -> bool {
        self.users.compare_exchange(0, DEAD, Acquire, Relaxed).is_ok()
    }

    pub(crate) fn users(&self) -> usize {
        self.users.load(Relaxed) & !DEAD
    }

    /// Adds a reference to the memory, by a caller that knows there is another one.
    pub(crate) fn keep_memory(&self) {
        if self.memory.fetch_add(1, Relaxed) >= MOST {
            std::process::abort();
        }
    }

    /// Removes one. Was it the last one? Then the memory has to be freed.
    pub(crate) fn leave_memory(&self) -> bool {
        self.memory.fetch_sub(1, AcqRel) == 1
    }
}
