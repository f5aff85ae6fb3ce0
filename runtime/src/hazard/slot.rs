//! Hazard pointers: a reader announces what it is about to look at, and whoever takes something away frees it only when
//! no reader has announced it.
//!
//! A reader writes to a slot of its own thread, so that reading scales with the number of threads, and what is kept from
//! being freed is what is being read in this very moment: at most one node and one table for each look-up under way.
//!
//! The order of things, on which everything rests:
//!
//! ```text
//! reader: announce p | light barrier | is p still there? then use it
//! writer: take p away | heavy barrier | is p announced? then not yet, else free it
//! ```
//!
//! Whichever of the two barriers comes first in time, either the reader sees that `p` has gone, or the writer sees that
//! it is announced. Every store to a slot is a release: whoever finds another announcement, or none, in place of `p` has
//! behind it all that the reader did with `p`.

use crate::sync::{
    AtomicPtr,
    Ordering::{Acquire, Relaxed, Release, SeqCst},
};

/// What one look-up announces.
#[derive(Debug)]
pub(crate) struct Slot {
    /// The table that is read, or [`CLAIMED`]; null where no look-up is under way.
    table: AtomicPtr<()>,
    /// The node that is read. Means nothing where `table` is null, so that the end of a look-up is one store.
    node: AtomicPtr<()>,
}

/// A slot that belongs to a look-up which has announced nothing yet.
const CLAIMED: *mut () = std::ptr::without_provenance_mut(1);

impl Slot {
    pub(crate) fn new() -> Self {
        Slot { table: AtomicPtr::new(std::ptr::null_mut()), node: AtomicPtr::new(std::ptr::null_mut()) }
    }

    /// Only the thread that it belongs to may go by the answer.
    #[inline]
    pub(crate) fn is_free(&self) -> bool {
        self.table.load(Relaxed).is_null()
    }

    /// Makes a slot that threads share one's own.
    pub(crate) fn claim(&self) -> bool {
        self.table.compare_exchange(std::ptr::null_mut(), CLAIMED, SeqCst, Relaxed).is_ok()
    }

    /// Announces what `from` holds and gives it out once that is certain: it is not freed before [`Slot::release`].
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

    /// Announces a node. Whether it may be looked at has still to be asked, behind the barrier: is it where it was found?
    #[inline]
    pub(crate) fn announce_node<T>(&self, node: *mut T, light: impl Fn()) {
        self.node.store(node.cast(), Release);
        light();
    }

    /// The look-up is over.
    #[inline]
    pub(crate) fn release(&self) {
        self.table.store(std::ptr::null_mut(), Release);
    }

    /// Behind a heavy barrier: what may be in use.
    pub(crate) fn add_to(&self, used: &mut Vec<*mut ()>) {
        let table = self.table.load(Acquire);
        if !table.is_null() {
            used.extend([table, self.node.load(Acquire)]);
        }
    }
}
