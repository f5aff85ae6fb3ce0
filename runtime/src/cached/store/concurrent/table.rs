//! A hash table that is read without a lock: an array of pointers to nodes, each with a few bits of its key's hash.
//!
//! Entries never move within a table, so that a reader that probes it misses none; a full table is replaced as a whole.
//! Writers hold the lock of the shard.
#![expect(unsafe_code, reason = "a table is a pointer, so that a lookup reads it in one step")]

use std::ptr::{self, NonNull};
use std::sync::atomic::{
    AtomicPtr,
    Ordering::{Acquire, Relaxed, Release},
};

use super::node::{Header, Pointer};

/// One place: empty, [`TAKEN_AWAY`], or a node's address with a tag in its lowest three bits.
pub(super) type Place = AtomicPtr<Header>;

/// The places in one cache line.
#[repr(align(64))]
struct Line {
    #[expect(dead_code, reason = "places are found by their number in the whole table")]
    places: [Place; LINE],
}

const LINE: usize = 8;
const TAG: usize = 7;
/// A tombstone: probing continues after it. It has no tag, and is not a node's address.
const TAKEN_AWAY: *mut Header = ptr::without_provenance_mut(8);

/// The address of the first line, which is a multiple of 64, combined with the logarithm of the number of places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Table(NonNull<()>);

/// The bits of a hash that a place stores; never zero.
#[inline]
pub(super) fn tag(hash: u64) -> usize {
    (hash >> 61).max(1) as usize
}

#[inline]
pub(super) fn has_tag(found: *mut Header, tag: usize) -> bool {
    found.addr() & TAG == tag
}

/// The node that a tagged pointer refers to.
#[inline]
pub(super) fn untagged(found: *mut Header) -> *mut Header {
    found.map_addr(|address| address & !TAG)
}

fn node(found: *mut Header) -> Option<Pointer> {
    if found.addr() & TAG == 0 { None } else { NonNull::new(untagged(found)) }
}

impl Table {
    /// An empty table, large enough that half of its places stay free with this many nodes.
    pub(super) fn for_nodes(nodes: usize) -> Self {
        let places = (nodes * 2).next_power_of_two().max(LINE);
        let line = || Line { places: [const { AtomicPtr::new(ptr::null_mut()) }; LINE] };
        let lines: Box<[Line]> = (0..places / LINE).map(|_| line()).collect();
        let first = NonNull::from(Box::leak(lines)).cast::<()>();
        Table(first.map_addr(|address| address | places.trailing_zeros() as usize))
    }

    pub(super) fn from_raw(table: *mut ()) -> Option<Self> {
        NonNull::new(table).map(Table)
    }

    #[inline]
    pub(super) fn raw(self) -> *mut () {
        self.0.as_ptr()
    }

    pub(super) fn places(self) -> usize {
        1 << (self.0.addr().get() & 63)
    }

    /// # Safety
    /// The table must live as long as the reference.
    #[inline]
    pub(super) unsafe fn place<'a>(self, at: usize) -> &'a Place {
        let first = self.0.as_ptr().map_addr(|address| address & !63).cast::<Place>();
        // SAFETY: `for_nodes` has allocated this many places, and they are live: guaranteed by the caller.
        unsafe { &*first.add(at & (self.places() - 1)) }
    }

    /// # Safety
    /// The table must be live, and no other thread may write to it.
    pub(super) unsafe fn nodes(self) -> impl Iterator<Item = Pointer> {
        // SAFETY: guaranteed by the caller.
        (0..self.places()).filter_map(move |at| node(unsafe { self.place(at) }.load(Relaxed)))
    }

    /// The nodes that may have this hash, with their places. Ends at the first empty place.
    ///
    /// # Safety
    /// As for [`Table::nodes`].
    pub(super) unsafe fn candidates(self, hash: u64) -> impl Iterator<Item = (usize, Pointer)> {
        #[expect(clippy::cast_possible_truncation, reason = "a table takes the lower bits")]
        let places = (0..self.places()).map(move |step| (hash as usize).wrapping_add(step));
        // SAFETY: guaranteed by the caller.
        let found = places.map(move |at| (at, unsafe { self.place(at) }.load(Relaxed)));
        let found = found.take_while(|(_, found)| !found.is_null());
        found.filter(move |(_, found)| has_tag(*found, tag(hash))).filter_map(|(at, found)| Some((at, node(found)?)))
    }

    /// Puts a node into the first free place for its hash. Returns whether that place had never been used.
    ///
    /// # Safety
    /// As for [`Table::nodes`], and there must be an empty place.
    pub(super) unsafe fn put(self, hash: u64, new: Pointer) -> bool {
        #[expect(clippy::cast_possible_truncation, reason = "a table takes the lower bits")]
        let mut at = hash as usize;
        loop {
            // SAFETY: guaranteed by the caller.
            let place = unsafe { self.place(at) };
            let there = place.load(Relaxed);
            if there.is_null() || there == TAKEN_AWAY {
                place.store(tagged(new, tag(hash)), Release);
                return there.is_null();
            }
            at = at.wrapping_add(1);
        }
    }

    /// Replaces a node by another one.
    ///
    /// # Safety
    /// As for [`Table::nodes`]; the two nodes must have the same hash.
    pub(super) unsafe fn replace(self, at: usize, hash: u64, new: Pointer) {
        // SAFETY: guaranteed by the caller.
        unsafe { self.place(at) }.store(tagged(new, tag(hash)), Release);
    }

    /// Removes a node. Returns the number of places that become empty.
    ///
    /// # Safety
    /// As for [`Table::nodes`].
    pub(super) unsafe fn take(self, at: usize) -> usize {
        // SAFETY: guaranteed by the caller.
        let place = |at| unsafe { self.place(at) };
        if !place(at.wrapping_add(1)).load(Relaxed).is_null() {
            place(at).store(TAKEN_AWAY, Release);
            return 0;
        }
        // A lookup has nothing to find after this place, so it may end here, and at the tombstones before it.
        place(at).store(ptr::null_mut(), Release);
        let before = (1..self.places()).map(|back| place(at.wrapping_sub(back)));
        let kept = before.take_while(|place| place.load(Relaxed) == TAKEN_AWAY);
        1 + kept.inspect(|place| place.store(ptr::null_mut(), Release)).count()
    }

    /// The place of a node, by the hash in its header. Does not access the node itself.
    ///
    /// # Safety
    /// As for [`Table::nodes`].
    pub(super) unsafe fn find(self, hash: u32, wanted: Pointer) -> Option<usize> {
        let places = (0..self.places()).map(move |step| (hash as usize).wrapping_add(step));
        // SAFETY: guaranteed by the caller.
        let found = places.map(move |at| (at, unsafe { self.place(at) }.load(Acquire)));
        let mut found = found.take_while(|(_, found)| !found.is_null());
        found.find(|(_, found)| node(*found) == Some(wanted)).map(|(at, _)| at)
    }

    /// Copies all nodes into a new table.
    ///
    /// # Safety
    /// As for [`Table::nodes`], for both; all nodes must be live, and the new table must have room for them.
    pub(super) unsafe fn copy_to(self, new: Table) {
        for at in 0..self.places() {
            // SAFETY: guaranteed by the caller.
            let found = unsafe { self.place(at) }.load(Relaxed);
            let Some(node) = node(found) else { continue };
            // SAFETY: guaranteed by the caller.
            let mut to = unsafe { node.as_ref() }.hash() as usize;
            // SAFETY: guaranteed by the caller.
            while !unsafe { new.place(to) }.load(Relaxed).is_null() {
                to += 1;
            }
            // SAFETY: guaranteed by the caller.
            unsafe { new.place(to) }.store(found, Relaxed);
        }
    }

    /// # Safety
    /// The table must not be used any more.
    pub(super) unsafe fn free(self) {
        let lines = self.places() / LINE;
        let first = self.0.as_ptr().map_addr(|address| address & !63).cast::<Line>();
        // SAFETY: `for_nodes` has leaked this, and it is no longer used: guaranteed by the caller.
        drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(first, lines)) });
    }
}

fn tagged(node: Pointer, tag: usize) -> *mut Header {
    node.as_ptr().map_addr(|address| address | tag)
}
