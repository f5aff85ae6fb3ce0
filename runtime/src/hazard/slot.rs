//! Hazard pointers: a reader announces what it is about to read, and a writer that removes something frees it only when
//! no reader has announced it.
//!
//! A reader writes to a slot of its own thread, so that reading scales with the number of threads. Only what is being
//! read at this very moment is kept from being freed: at most one node and one table for each lookup in progress.
//!
//! Everything depends on this order:
//!
//! ```text
//! reader: announce p | light barrier | is p still there? then use it
//! writer: take p away | heavy barrier | is p announced? then not yet, else free it
//! ```
//!
//! Whichever of the two barriers comes first, either the reader sees that `p` is gone, or the writer sees that it is
//! announced. Every store to a slot is a release: a writer that finds another announcement, or none, in place of `p`
//! comes after everything that the reader did with `p`.

use crate::sync::{
    AtomicPtr,
    Ordering::{Acquire, Relaxed, Release, SeqCst},
};

/// The announcements of one lookup.
#[derive(Debug)]
pub(crate) struct Slot {
    /// The table that is read, or [`CLAIMED`]; null if no lookup is in progress.
    table: AtomicPtr<()>,
    /// The node that is read. Ignored if `table` is null, so that a lookup can end with one store.
    node: AtomicPtr<()>,
}

/// A slot of a lookup that has not announced anything yet.
const CLAIMED: *mut () = std::ptr::without_provenance_mut(1);

impl Slot {
    pub(crate) fn new() -> Self {
        Slot { table: AtomicPtr::new(std::ptr::null_mut()), node: AtomicPtr::new(std::ptr::null_mut()) }
    }

    /// Only the owning thread may rely on the answer.
    #[inline]
    pub(crate) fn is_free(&self) -> bool {
        self.table.load(Relaxed).is_null()
    }

    /// Claims a slot that threads share.
    pub(crate) fn claim(&self) -> bool {
        self.table.compare_exchange(std::ptr::null_mut(), CLAIMED, SeqCst, Relaxed).is_ok()
    }

    /// Announces the pointer in `from`, and returns it once it is protected: its target is not freed before
    /// [`Slot::release`].
    #[inline]
    pub(crate) fn protect_table<T>(&self, from: &AtomicPtr<T>, light: impl Fn()) -> *mut T {
        let mut table = from.load(Acquire);
        while !table.is_null() {
            self.table.store(table.cast(), Release);
            light();
            let now = from.load(Acquire);
            if now == table {
                break;
            }
            table = now;
        }
        table
    }

    /// Announces a node. The caller still has to check, after the barrier, that it is where it was found.
    #[inline]
    pub(crate) fn announce_node<T>(&self, node: *mut T, light: impl Fn()) {
        self.node.store(node.cast(), Release);
        light();
    }

    /// Ends the lookup.
    #[inline]
    pub(crate) fn release(&self) {
        self.table.store(std::ptr::null_mut(), Release);
    }

    /// After a heavy barrier: adds what may be in use.
    pub(crate) fn add_to(&self, used: &mut Vec<*mut ()>) {
        let table = self.table.load(Acquire);
        if !table.is_null() {
            used.extend([table, self.node.load(Acquire)]);
        }
    }
}
