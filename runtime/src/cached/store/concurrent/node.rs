//! The nodes that a table points to. The table, the queues and the garbage see only headers; only the store that
//! created a node knows the key and the entry behind its header.
#![expect(unsafe_code, reason = "one pointer refers to both a header and its node")]

use std::ptr::NonNull;
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering::Relaxed};

use crate::cached::value::entry::Entry;

/// The head of a node.
///
/// Every mutable field is atomic, since hits read it while the holder of a lock writes. They impose no ordering.
#[derive(Debug)]
#[repr(align(8))]
pub struct Header {
    /// The lower half of the key's hash.
    hash: u32,
    /// Its place in its queue.
    pub(super) place: AtomicU32,
    /// Its place in its expiry lane.
    pub(super) expiry_place: AtomicU32,
    pub(super) lane: AtomicU8,
    pub(super) queue: AtomicU8,
    /// Counted by hits, up to [`MOST_USES`].
    uses: AtomicU8,
}

/// A value that is used this often survives as many rounds of the queue.
const MOST_USES: u8 = 3;

/// In no queue, or in no lane.
pub(super) const NOWHERE: u8 = u8::MAX;

impl Header {
    pub(crate) fn new(hash: u64) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "it is the lower half")]
        let hash = hash as u32;
        Header {
            hash,
            place: AtomicU32::new(0),
            expiry_place: AtomicU32::new(0),
            lane: AtomicU8::new(NOWHERE),
            queue: AtomicU8::new(NOWHERE),
            uses: AtomicU8::new(0),
        }
    }

    #[inline]
    pub(crate) fn hash(&self) -> u32 {
        self.hash
    }

    /// Counts a hit. Values that are hit often are not written to.
    #[inline]
    pub(super) fn use_once(&self) {
        let uses = self.uses.load(Relaxed);
        if uses < MOST_USES {
            self.uses.store(uses + 1, Relaxed);
        }
    }

    pub(super) fn uses(&self) -> u8 {
        self.uses.load(Relaxed)
    }

    pub(super) fn set_uses(&self, uses: u8) {
        self.uses.store(uses, Relaxed);
    }
}

/// A header, followed by its key and entry.
#[repr(C)]
pub(super) struct Node<K, E> {
    header: Header,
    pub(super) key: K,
    pub(super) entry: E,
}

/// Points to the header of a [`Node`] that lives in a `Box`.
pub type Pointer = NonNull<Header>;

/// The operations on nodes of unknown type: the same for all nodes of a store.
#[derive(Debug)]
pub(crate) struct Kind {
    /// The weight of the entry.
    pub(crate) weight: unsafe fn(Pointer) -> u64,
    /// The time from which the entry can no longer be returned.
    pub(crate) deadline: unsafe fn(Pointer) -> u64,
    /// Can that time change?
    pub(crate) lives_on: bool,
    /// Drops it.
    pub(crate) free: unsafe fn(Pointer),
}

impl<K, E: Entry> Node<K, E> {
    pub(super) const KIND: &'static Kind = &Kind {
        // SAFETY: guaranteed by the caller: it is a live node of these types.
        weight: |node| unsafe { Self::of(node) }.entry.weight(),
        // SAFETY: as above.
        deadline: |node| unsafe { Self::of(node) }.entry.deadline(),
        lives_on: E::LIVES_ON,
        // SAFETY: guaranteed by the caller: it is a node of these types that nothing else points to or reads.
        free: |node| drop(unsafe { Box::from_raw(node.cast::<Self>().as_ptr()) }),
    };

    #[inline]
    pub(super) fn header(&self) -> &Header {
        &self.header
    }

    pub(super) fn boxed(hash: u64, key: K, entry: E) -> Pointer {
        NonNull::from(Box::leak(Box::new(Node { header: Header::new(hash), key, entry }))).cast()
    }

    /// # Safety
    /// It must point to a node of these types that lives as long as the reference.
    #[inline]
    pub(super) unsafe fn of<'a>(node: Pointer) -> &'a Self {
        // SAFETY: guaranteed by the caller. A node is only ever written to through atomics.
        unsafe { node.cast::<Self>().as_ref() }
    }
}
