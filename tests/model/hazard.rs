//! The hazard pointers of `#[cached]`, under every order of events that the memory model allows.

/// What the files have from their crate.
mod sync {
    pub(crate) use loom::sync::atomic::{AtomicBool, AtomicPtr, Ordering, fence};
}

#[path = "../../runtime/src/hazard"]
#[expect(dead_code, reason = "what has no part in freeing is not called")]
mod hazard {
    pub(crate) mod records;
    pub(crate) mod slot;
}

use std::ptr;

use hazard::records::{self, Record, Records};
use hazard::slot::Slot;
use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::thread;
use sync::{
    AtomicPtr,
    Ordering::{Acquire, Relaxed, Release, SeqCst},
    fence,
};

/// The barriers of a system that has none for all threads: on both sides the same.
fn barrier() {
    fence(SeqCst);
}

/// Whoever reads it while it is freed is found by loom, and whoever does it after that by the flag.
#[derive(Default)]
struct Node {
    cell: UnsafeCell<()>,
    is_freed: std::sync::atomic::AtomicBool,
}

impl Node {
    fn new() -> *mut Node {
        Box::into_raw(Box::default())
    }

    fn read(&self) {
        self.cell.with(|_| assert!(!self.is_freed.load(Relaxed)));
    }

    /// It stays where it is, for the model to look at.
    fn free(&self) {
        self.cell.with_mut(|_| self.is_freed.store(true, Relaxed));
    }
}

#[expect(unsafe_code, reason = "pointers are what is modelled")]
fn at<T>(pointer: *mut T) -> &'static T {
    // SAFETY: all pointers of the model are those of boxes that it leaks.
    unsafe { &*pointer }
}

/// A table of two places. It is freed as a node is.
struct Table {
    places: [AtomicPtr<Node>; 2],
    node: Node,
}

impl Table {
    fn new(nodes: [*mut Node; 2]) -> *mut Table {
        Box::into_raw(Box::new(Table { places: nodes.map(AtomicPtr::new), node: Node::default() }))
    }
}

struct Cache {
    table: AtomicPtr<Table>,
    records: Records,
}

/// As `RawCache::find` does it: it compares the nodes of these places one after the other.
fn find(cache: &Cache, slot: &Slot, places: &[usize], barrier: impl Fn()) {
    'again: loop {
        let table = slot.protect_table(&cache.table, &barrier);
        at(table).node.read();
        for place in places {
            let place = &at(table).places[*place];
            let node = place.load(Acquire);
            if node.is_null() {
                continue;
            }
            slot.announce_node(node, &barrier);
            if cache.table.load(Acquire) != table || place.load(Acquire) != node {
                continue 'again;
            }
            at(node).read();
        }
        break;
    }
    slot.release();
}

/// As `RawCache` takes a node out and frees it.
fn take(cache: &Cache, own: Option<&Record>, place: usize) {
    let place = &at(cache.table.load(Relaxed)).places[place];
    let node = place.load(Relaxed);
    place.store(ptr::null_mut(), Release);
    if records::are_others(&cache.records, own) {
        barrier();
    }
    if !records::announced(&cache.records).contains(&node.cast()) {
        at(node).free();
    }
}

/// As `State::fit` does it.
fn replace_table(cache: &Cache, own: Option<&Record>) {
    let old = cache.table.load(Relaxed);
    let nodes = [0, 1].map(|place| at(old).places[place].load(Relaxed));
    cache.table.store(Table::new(nodes), Release);
    if records::are_others(&cache.records, own) {
        barrier();
    }
    if !records::announced(&cache.records).contains(&old.cast()) {
        at(old).node.free();
    }
}

/// A cache of two nodes; threads that look at it, and this one, which has a record before they begin, or has none.
fn model<const READERS: usize>(
    has_record: bool,
    readers: [fn(&Cache); READERS],
    write: fn(&Cache, Option<&'static Record>),
) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(move || {
        let cache = Arc::new(Cache {
            table: AtomicPtr::new(Table::new([Node::new(), Node::new()])),
            records: AtomicPtr::new(ptr::null_mut()),
        });
        let own = has_record.then(|| records::adopt(&cache.records));
        let readers = readers.map(|reader| {
            let cache = Arc::clone(&cache);
            thread::spawn(move || reader(&cache))
        });
        write(&cache, own);
        for reader in readers {
            reader.join().unwrap();
        }
    });
}

/// With a record of its own.
fn find_one(cache: &Cache, place: usize, barrier: impl Fn()) {
    find(cache, &records::adopt(&cache.records).slots[0], &[place], barrier);
}

/// With one that it shares.
fn find_with_spare(cache: &Cache, place: usize) {
    find(cache, records::spare(&cache.records), &[place], barrier);
}

#[test]
fn what_a_reader_looks_at_is_not_freed() {
    let reader = |cache: &Cache| {
        let record = records::adopt(&cache.records);
        // The second announcement takes the place of the first.
        find(cache, &record.slots[0], &[0, 1], barrier);
        find(cache, &record.slots[0], &[1], barrier);
        record.give_back();
    };
    model(true, [reader], |cache, own| take(cache, own, 0));
}

#[test]
fn nor_the_table_that_it_walks_along() {
    model(true, [|cache| find_one(cache, 1, barrier)], |cache, own| {
        replace_table(cache, own);
        // The old table still has it.
        take(cache, own, 1);
    });
}

#[test]
fn a_slot_of_no_thread_is_as_good() {
    let readers: [fn(&Cache); 2] = [|cache| find_with_spare(cache, 0), |cache| find_with_spare(cache, 1)];
    model(false, readers, |cache, own| take(cache, own, 0));
}

/// Where readers leave the barrier to the writer: it needs none as long as there is nobody else.
#[test]
fn a_reader_that_comes_later_does_not_see_what_has_gone() {
    model(true, [|cache| find_one(cache, 0, || ())], |cache, own| {
        let place = &at(cache.table.load(Relaxed)).places[0];
        let node = place.swap(ptr::null_mut(), Release);
        if !records::are_others(&cache.records, own) {
            at(node).free();
        }
    });
}

/// It can fail: without the reader's barrier.
#[test]
#[should_panic(expected = "Causality violation")]
fn the_model_finds_a_missing_barrier() {
    model(true, [|cache| find_one(cache, 0, || ())], |cache, own| take(cache, own, 0));
}
