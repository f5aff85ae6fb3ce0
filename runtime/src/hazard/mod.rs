//! The slots of lookups, and what the slots of all threads announce. See [`slot`] for their purpose.
//!
//! In: pointers that a lookup is about to read. Out: whether anybody still reads one that was removed. Open `slot.rs` first.

mod barrier;
mod records;
mod slot;

use std::cell::Cell;
use std::marker::PhantomData;
use std::ptr;
use std::sync::atomic::AtomicPtr;

use records::{Record, Records};
use slot::Slot;

static RECORDS: Records = AtomicPtr::new(ptr::null_mut());

thread_local! {
    static OWN: Cell<Option<&'static Record>> = const { Cell::new(None) };
    static GIVE_BACK: GiveBack = const { GiveBack };
}

/// Leaves this thread's record to the next one.
struct GiveBack;

impl Drop for GiveBack {
    fn drop(&mut self) {
        if let Some(record) = OWN.take() {
            record.give_back();
        }
    }
}

/// One lookup: it announces what it reads, until it is dropped. Not `Send`, since its slot belongs to its thread.
pub(crate) struct Reading {
    slot: &'static Slot,
    is_of_thread: PhantomData<*mut ()>,
}

impl Reading {
    /// Starts a lookup, without writing anything yet.
    #[inline]
    pub(crate) fn start() -> Self {
        let slot = match OWN.with(Cell::get) {
            Some(record) if record.slots[0].is_free() => &record.slots[0],
            record => another(record),
        };
        Reading { slot, is_of_thread: PhantomData }
    }

    /// The pointer in `from`, whose target is not freed before the lookup ends; null if there is none.
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

/// The first lookup of a thread, or one inside another.
#[cold]
#[inline(never)]
fn another(own: Option<&'static Record>) -> &'static Slot {
    let free = own.or_else(adopt).and_then(|record| record.slots.iter().find(|slot| slot.is_free()));
    free.unwrap_or_else(|| {
        barrier::prepare();
        records::spare(&RECORDS)
    })
}

/// A record for this thread, unless it is ending.
fn adopt() -> Option<&'static Record> {
    GIVE_BACK.try_with(|_| ()).ok()?;
    barrier::prepare();
    let record = records::adopt(&RECORDS);
    OWN.set(Some(record));
    Some(record)
}

/// What lookups may be reading.
pub(crate) struct InUse(Vec<*mut ()>);

impl InUse {
    /// Everything that was removed before this call and may still be read. `None` if that cannot be determined.
    ///
    /// Takes a system call if other threads have performed lookups: see [`barrier`].
    pub(crate) fn now() -> Option<Self> {
        let own = OWN.try_with(Cell::get).ok().flatten();
        if records::are_others(&RECORDS, own) && !barrier::heavy() {
            return None;
        }
        Some(InUse(records::announced(&RECORDS)))
    }

    /// The same for what only this thread can have read. Takes no system call.
    pub(crate) fn by_this_thread() -> Self {
        InUse(records::announced(&RECORDS))
    }

    pub(crate) fn contains<T>(&self, pointer: *mut T) -> bool {
        !self.0.is_empty() && self.0.binary_search(&pointer.cast()).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_announced(node: *mut u8) -> bool {
        InUse::now().is_some_and(|in_use| in_use.contains(node))
    }

    /// A key's `Eq` may perform lookups, and so may the `Eq` inside those; and a thread's destructors may when the
    /// thread ends.
    #[test]
    fn look_ups_inside_of_look_ups_have_slots_of_their_own() {
        let table = AtomicPtr::new(ptr::without_provenance_mut::<u8>(640));
        let nodes: Vec<*mut u8> = (0..20).map(|at| ptr::without_provenance_mut(1000 + 16 * at)).collect();
        let readings: Vec<Reading> = nodes
            .iter()
            .map(|node| {
                let reading = Reading::start();
                assert_eq!(reading.table(&table), table.load(std::sync::atomic::Ordering::Relaxed));
                reading.announce(*node);
                reading
            })
            .collect();
        assert!(nodes.iter().all(|node| is_announced(*node)));
        drop(readings);
        assert!(!nodes.iter().any(|node| is_announced(*node)));
    }

    #[test]
    fn what_another_thread_reads_is_in_use_until_it_ends() {
        let table = AtomicPtr::new(ptr::without_provenance_mut::<u8>(6400));
        let (here, there) = (std::sync::Barrier::new(2), 64_000);
        let node = || ptr::without_provenance_mut(there);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let reading = Reading::start();
                reading.table(&table);
                reading.announce(node());
                here.wait();
                here.wait();
                drop(reading);
                here.wait();
            });
            here.wait();
            assert!(is_announced(node()));
            here.wait();
            here.wait();
            assert!(!is_announced(node()));
        });
    }

    #[test]
    fn a_thread_that_is_ending_still_reads() {
        struct AtExit(std::sync::mpsc::Sender<bool>);
        impl Drop for AtExit {
            fn drop(&mut self) {
                let table = AtomicPtr::new(ptr::without_provenance_mut::<u8>(65_600));
                let reading = Reading::start();
                reading.table(&table);
                reading.announce::<u8>(ptr::without_provenance_mut(656_000));
                let _ = self.0.send(is_announced(ptr::without_provenance_mut(656_000)));
            }
        }
        thread_local!(static AT_EXIT: Cell<Option<AtExit>> = const { Cell::new(None) });
        let (sender, receiver) = std::sync::mpsc::channel();
        // Set before the first lookup, so that it is dropped after `GIVE_BACK`.
        let thread = std::thread::spawn(move || {
            AT_EXIT.set(Some(AtExit(sender)));
            drop(Reading::start());
        });
        thread.join().unwrap();
        assert_eq!(receiver.recv(), Ok(true));
        assert!(!is_announced(ptr::without_provenance_mut(656_000)));
    }
}
