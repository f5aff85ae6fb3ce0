//! The slots of all threads, in a list that only grows: each thread has a record of slots, which another thread reuses
//! when it has ended.

use std::ptr;

use super::slot::Slot;
use crate::sync::{
    AtomicBool, AtomicPtr,
    Ordering::{Acquire, Relaxed, SeqCst},
    fence,
};

/// How many lookups of one thread may be in progress at once: a key's `Eq` and a value's `Clone` may call a cached
/// function.
pub(crate) const DEPTH: usize = 4;

/// The slots of one thread, leaked.
#[repr(align(128))]
pub(crate) struct Record {
    pub(crate) slots: [Slot; DEPTH],
    /// Owned by a thread; never set for records from which lookups claim single slots.
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

    /// Leaves it for another thread to reuse.
    pub(crate) fn give_back(&self) {
        self.is_owned.store(false, SeqCst);
    }

    fn try_to_own(&self) -> bool {
        !self.is_spare && self.is_owned.compare_exchange(false, true, SeqCst, Relaxed).is_ok()
    }

    /// May another thread read something through it?
    fn is_of_others(&self, own: Option<&Record>) -> bool {
        self.is_spare || (self.is_owned.load(SeqCst) && !own.is_some_and(|own| ptr::eq(own, self)))
    }
}

/// All records, the newest first.
pub(crate) type Records = AtomicPtr<Record>;

/// A record for a thread that has none.
pub(crate) fn adopt(all: &Records) -> &'static Record {
    let record = each(all).find(|record| record.try_to_own()).unwrap_or_else(|| list(all, Record::new(true, false)));
    // A writer that does not see that it is owned has removed its nodes before this thread could read them.
    fence(SeqCst);
    record
}

/// A slot that belongs to no thread, for a thread that is ending or has many lookups in progress.
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

/// May a thread read something through a record other than `own`? If not, no other thread reads what was removed before
/// this call.
pub(crate) fn are_others(all: &Records, own: Option<&Record>) -> bool {
    fence(SeqCst);
    each(all).any(|record| record.is_of_others(own))
}

/// After a heavy barrier: everything that is announced, sorted.
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
        // SAFETY: only `list` stores pointers there and in `next`: those of records that are leaked, and only written
        // to through atomics.
        unsafe { at.as_ref::<'static>() }
    };
    std::iter::successors(record(all.load(SeqCst)), move |last| record(last.next.load(Acquire)))
}
