//! Which slot a look-up has, and what the slots of all threads say. See [`slot`] for what they are good for.

mod barrier;
mod slot;

use std::cell::Cell;
use std::marker::PhantomData;
use std::ptr;
use std::sync::atomic::{
    AtomicBool, AtomicPtr,
    Ordering::{Acquire, Relaxed, SeqCst},
    fence,
};

use slot::Slot;

/// How many look-ups of one thread may be under way at once: a key's `Eq` and a value's `Clone` may call a cached function.
const DEPTH: usize = 4;

/// The slots of one thread. They are leaked, and a thread that ends leaves its own to the next.
#[repr(align(128))]
struct Record {
    slots: [Slot; DEPTH],
    /// By a thread; never, where look-ups claim single slots.
    is_owned: AtomicBool,
    is_spare: bool,
    /// Set before it is listed.
    next: AtomicPtr<Record>,
}

/// All records, the newest first.
static RECORDS: AtomicPtr<Record> = AtomicPtr::new(ptr::null_mut());

thread_local! {
    static OWN: Cell<Option<&'static Record>> = const { Cell::new(None) };
    static GIVE_BACK: GiveBack = const { GiveBack };
}

/// Leaves this thread's record to the next one.
struct GiveBack;

impl Drop for GiveBack {
    fn drop(&mut self) {
        if let Some(record) = OWN.take() {
            record.is_owned.store(false, SeqCst);
        }
    }
}

/// One look-up: it announces what it reads, until it is dropped. Not `Send`: its slot is its thread's.
pub(crate) struct Reading {
    slot: &'static Slot,
    is_of_thread: PhantomData<*mut ()>,
}

impl Reading {
    /// Starts one, which writes nothing yet.
    #[inline]
    pub(crate) fn start() -> Self {
        let slot = match OWN.with(Cell::get) {
            Some(record) if record.slots[0].is_free() => &record.slots[0],
            record => another(record),
        };
        Reading { slot, is_of_thread: PhantomData }
    }

    /// What `from` holds, not to be freed before the look-up ends; null if there is nothing.
    #[inline]
    pub(crate) fn table<T>(&self, from: &AtomicPtr<T>) -> *mut T {
        self.slot.protect_table(from, barrier::light)
    }

    /// See [`Slot::announce_node`].
    #[inline]
    pub(crate) fn announce<T>(&self, node: *mut T) {
        self.slot.announce_node(node, barrier::light);
    }
}

impl Drop for Reading {
    #[inline]
    fn drop(&mut self) {
        self.slot.release();
    }
}

/// The first look-up of a thread, or one inside of another.
#[cold]
#[inline(never)]
fn another(own: Option<&'static Record>) -> &'static Slot {
    match own.or_else(adopt) {
        Some(record) => record.slots.iter().find(|slot| slot.is_free()).unwrap_or_else(spare),
        // The thread is ending.
        None => spare(),
    }
}

/// A record for this thread, unless it is ending.
fn adopt() -> Option<&'static Record> {
    GIVE_BACK.try_with(|_| ()).ok()?;
    barrier::prepare();
    let free =
        |record: &&Record| !record.is_spare && record.is_owned.compare_exchange(false, true, SeqCst, Relaxed).is_ok();
    let record = records().find(free).unwrap_or_else(|| list(Record::new(true, false)));
    // Whoever does not see it in the list has taken away what this thread would look at.
    fence(SeqCst);
    OWN.set(Some(record));
    Some(record)
}

/// A slot that belongs to no thread.
fn spare() -> &'static Slot {
    barrier::prepare();
    let claimed = records().filter(|record| record.is_spare).flat_map(|record| &record.slots).find(|slot| slot.claim());
    let slot = claimed.unwrap_or_else(|| {
        let record = Record::new(false, true);
        let _ = record.slots[0].claim();
        &list(record).slots[0]
    });
    fence(SeqCst);
    slot
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

    /// May another thread look at something through it?
    fn is_of_others(&self, own: Option<&'static Record>) -> bool {
        self.is_spare || (self.is_owned.load(SeqCst) && !own.is_some_and(|own| ptr::eq(own, self)))
    }
}

fn list(record: Record) -> &'static Record {
    let record: &'static Record = Box::leak(Box::new(record));
    let mut first = RECORDS.load(SeqCst);
    loop {
        record.next.store(first, Relaxed);
        match RECORDS.compare_exchange(first, ptr::from_ref(record).cast_mut(), SeqCst, SeqCst) {
            Ok(_) => return record,
            Err(other) => first = other,
        }
    }
}

#[expect(unsafe_code, reason = "the list is one of leaked records")]
fn records() -> impl Iterator<Item = &'static Record> {
    let record = |at: *mut Record| {
        // SAFETY: `list` alone stores pointers there and in `next`, those of records that are leaked and never written
        // to but through atomics.
        unsafe { at.as_ref::<'static>() }
    };
    std::iter::successors(record(RECORDS.load(SeqCst)), move |last| record(last.next.load(Acquire)))
}

/// What look-ups may be reading.
pub(crate) struct InUse(Vec<*mut ()>);

impl InUse {
    /// Of all that had been taken away before: what may still be read. `None` if it cannot be told.
    ///
    /// Costs a system call where other threads have looked things up: see [`barrier`].
    pub(crate) fn now() -> Option<Self> {
        let own = OWN.try_with(Cell::get).ok().flatten();
        fence(SeqCst);
        // A thread that is not in the list yet sees all that was done before: see `adopt`.
        if records().any(|record| record.is_of_others(own)) && !barrier::heavy() {
            return None;
        }
        Some(Self::of(records()))
    }

    /// The same of what this thread alone can have read. Costs no system call.
    pub(crate) fn by_this_thread() -> Self {
        Self::of(records())
    }

    fn of(records: impl Iterator<Item = &'static Record>) -> Self {
        let mut used = Vec::new();
        for slot in records.flat_map(|record| &record.slots) {
            slot.add_to(&mut used);
        }
        used.sort_unstable();
        InUse(used)
    }

    pub(crate) fn contains<T>(&self, pointer: *mut T) -> bool {
        !self.0.is_empty() && self.0.binary_search(&pointer.cast()).is_ok()
    }
}
