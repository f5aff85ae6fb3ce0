//! Who uses an interned value. `tests/model` tries every order of its operations.

use crate::sync::{
    AtomicUsize,
    Ordering::{AcqRel, Acquire, Relaxed, Release},
};

/// The users of a value, and those of its memory: all users together and each weak reference count as one there.
#[derive(Debug)]
pub(crate) struct Count {
    users: AtomicUsize,
    memory: AtomicUsize,
}

/// Nobody can be given the value any more. Those who try count on from here.
const DEAD: usize = 1 << (usize::BITS - 1);
/// No program has as many users, unless it forgets them.
const MOST: usize = DEAD / 2;

impl Count {
    /// With one user.
    pub(crate) fn new() -> Self {
        Count { users: AtomicUsize::new(1), memory: AtomicUsize::new(1) }
    }

    /// One user more, unless the value is dead. It may have had none: then it lives on.
    #[inline]
    pub(crate) fn acquire(&self) -> bool {
        let before = self.users.fetch_add(1, Relaxed);
        before < MOST || Count::refused(before)
    }

    /// No value has as many users: it is dead. One that had them would be freed by the next ones.
    #[cold]
    #[inline(never)]
    fn refused(before: usize) -> bool {
        if before < DEAD {
            std::process::abort();
        }
        false
    }

    /// One user less. Was it the last one? Then the value has to be taken out of its table, if nobody else does that or uses
    /// it again.
    #[inline]
    pub(crate) fn release(&self) -> bool {
        self.users.fetch_sub(1, Release) == 1
    }

    /// The end of a value that has no users. Only while its table is locked and has it.
    pub(crate) fn end(&self) -> bool {
        self.users.compare_exchange(0, DEAD, Acquire, Relaxed).is_ok()
    }

    pub(crate) fn users(&self) -> usize {
        self.users.load(Relaxed) & !DEAD
    }

    /// The memory has one user more, who has seen that it has another.
    pub(crate) fn keep_memory(&self) {
        if self.memory.fetch_add(1, Relaxed) >= MOST {
            std::process::abort();
        }
    }

    /// One less. Was it the last one? Then it is to be freed.
    pub(crate) fn leave_memory(&self) -> bool {
        self.memory.fetch_sub(1, AcqRel) == 1
    }
}
