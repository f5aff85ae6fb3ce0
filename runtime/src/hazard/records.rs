//! The slots of all threads, in a list that only grows: each thread has a record of them, and leaves it to another when it
//! ends.

use std::ptr;

use super::slot::Slot;
use crate::sync::{
    AtomicBool, AtomicPtr,
    Ordering::{Acquire, Relaxed, SeqCst},
    fence,
};

/// How many look-ups of one thread may be under way at once: a key's `Eq` and a value's `Clone` may call a cached function.
pub(crate) const DEPTH: usize = 4;

/// The slots of one thread, leaked.
#[repr(align(128))]
pub(crate) struct Record {
    pub(crate) slots: [Slot; DEPTH],
    /// By a thread; never, where look-ups claim single slots.
    is_owned: AtomicBool,
    is_spare: bool,
    /// Set before it is listed.
    next: AtomicPtr<Record>,
}

impl Record {
    fn new(is_owned: bool, is_spare: bool) -> Self {
        Record {
            slots: std::array::from_fn(|_| Slot::new()),
            is_owned: AtomicBool::new(is_owned),
            is_spare,
            next: AtomicPtr::new(ptr::null_mut()),
        }
    }

    /// Leaves it to another thread.
    pub(crate) fn give_back(&self) {
        self.is_owned.store(false, SeqCst);
    }

    fn try_to_own(&self) -> bool {
        !self.is_spare && self.is_owned.compare_exchange(false, true, SeqCst, Relaxed).is_ok()
    }

    /// May another thread look at something through it?
    fn is_of_others(&self, own: Option<&Record>) -> bool {
        self.is_spare || (self.is_owned.load(SeqCst) && !own.is_some_and(|own| ptr::eq(own, self)))
    }
}

/// All records, the newest first.
pub(crate) type Records = AtomicPtr<Record>;

/// A record for a thread that has none.
pub(crate) fn adopt(all: &Records) -> &'static Record {
    let record = each(all).find(|record| record.try_to_own()).unwrap_or_else(|| list(all, Record::new(true, false)));
    // Whoever does not see that it is owned has taken away before what this thread would look at.
    fence(SeqCst);
    record
}

/// A slot that belongs to no thread, for one that is ending or has many look-ups under way.
pub(crate) fn spare(all: &Records) -> &'static Slot {
    let slots = each(all).filter(|record| record.is_spare).flat_map(|record| &record.slots);
    let slot = slots.into_iter().find(|slot| slot.claim()).unwrap_or_else(|| {
        let record = Record::new(false, true);
        let _ = record.slots[0].claim();
        &list(all, record).slots[0]
    });
    // As in `adopt`.
    fence(SeqCst);
    slot
}

/// May a thread look at something through a record that is not `own`? If not, nobody else looks at what had been taken
/// away before this was asked.
pub(crate) fn are_others(all: &Records, own: Option<&Record>) -> bool {
    fence(SeqCst);
    each(all).any(|record| record.is_of_others(own))
}

/// Behind a heavy barrier: all that has been announced, in order.
pub(crate) fn announced(all: &Records) -> Vec<*mut ()> {
    let mut used = Vec::new();
    for slot in each(all).flat_map(|record| &record.slots) {
        slot.add_to(&mut used);
    }
    used.sort_unstable();
    used
}

fn list(all: &Records, record: Record) -> &'static Record {
    let record: &'static Record = Box::leak(Box::new(record));
    let mut first = all.load(SeqCst);
    loop {
        record.next.store(first, Relaxed);
        match all.compare_exchange(first, ptr::from_ref(record).cast_mut(), SeqCst, SeqCst) {
            Ok(_) => return record,
            Err(other) => first = other,
        }
    }
}

#[expect(unsafe_code, reason = "the list is one of leaked records")]
fn each(all: &Records) -> impl Iterator<Item = &'static Record> {
    let record = |at: *mut Record| {
        // SAFETY: `list` alone stores pointers there and in `next`: those of records that are leaked, and never written
        // to but through atomics.
        unsafe { at.as_ref::<'static>() }
    };
    std::iter::successors(record(all.load(SeqCst)), move |last| record(last.next.load(Acquire)))
}
