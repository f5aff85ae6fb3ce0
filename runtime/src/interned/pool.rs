//! All values of one type.
#![expect(unsafe_code, reason = "nodes are behind pointers")]

use std::any::TypeId;
use std::hash::{BuildHasher, Hash, Hasher};
use std::marker::PhantomData;

use foldhash::fast::RandomState;

use super::node::{self, Node};
use super::{Internable, Interned};
use crate::by_type::ByType;
use crate::cached::{Pointer, RawCache};

/// See the module.
pub struct Pool<T: ?Sized> {
    values: RawCache,
    hasher: RandomState,
    types: PhantomData<fn(T)>,
}

// SAFETY: its values can be shared and sent, and it hands out references to them; its nodes are changed under locks,
// and otherwise through atomics.
unsafe impl<T: Internable + ?Sized> Sync for Pool<T> {}
// SAFETY: as above.
unsafe impl<T: Internable + ?Sized> Send for Pool<T> {}

/// The number of interned values, and how much memory sharing them saves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct InternStats {
    /// The number of different values in use.
    pub len: usize,
    /// The number of references to them.
    pub references: usize,
    /// The size of the values in bytes, each counted once, without the reference counts. Memory that a value owns
    /// elsewhere is not included.
    pub bytes: usize,
    /// How many more bytes there would be if each reference had its own value.
    pub bytes_saved: usize,
}

impl<T: Internable + ?Sized> Pool<T> {
    pub(super) fn new() -> Self {
        Pool {
            values: RawCache::new(u64::MAX, false, false, Node::<T>::KIND),
            hasher: RandomState::default(),
            types: PhantomData,
        }
    }

    /// The reference to an equal value, if there is one. Takes no lock and allocates nothing.
    #[inline]
    pub(super) fn find(&self, hash: u64, value: &T) -> Option<Interned<T>> {
        // SAFETY: all nodes of the table are of this type, and it only asks about live ones.
        let held = self.values.find(hash, |node| unsafe { T::node(node).as_ref() }.value == *value)?;
        // SAFETY: as above, while it is held.
        let is_alive = unsafe { node::count(held.node()) }.acquire();
        // SAFETY: as above, and it has been counted.
        is_alive.then(|| unsafe { Interned::counted(held.node()) })
    }

    #[inline]
    pub(super) fn hash(&self, value: &T) -> u64 {
        self.hasher.hash_one(value)
    }

    /// The reference to an equal value, or else to the new one.
    ///
    /// # Safety
    /// It must be a new node with this type and hash, and with one reference.
    #[cold]
    #[inline(never)]
    pub(super) unsafe fn insert(&self, hash: u64, new: Pointer) -> Interned<T> {
        // SAFETY: it lives until `find_or_insert` returns, and so do the nodes that it asks about.
        let is_it = |node| unsafe { T::node(node).as_ref().value == T::node(new).as_ref().value };
        // SAFETY: the table is locked and contains the node, so it is live and not dead.
        let take = |node| unsafe { node::count(node) }.acquire();
        let node = self.values.find_or_insert(hash, new, &is_it, &take);
        // SAFETY: it is a node of this type, and the caller owns a reference.
        unsafe { Interned::counted(node) }
    }

    /// The last reference is gone. The node is not accessed before it has been found: another thread may have used the
    /// value since then, and released the last reference itself.
    #[cold]
    #[inline(never)]
    pub(super) fn remove(&self, hash: u32, node: Pointer) {
        // SAFETY: the table is locked and contains a node there.
        self.values.remove_unused(hash, node, &|node| unsafe { node::count(node) }.end());
    }

    pub(super) fn purge(&self) {
        self.values.free_unused();
    }

    pub(super) fn stats(&self) -> InternStats {
        let mut stats = InternStats { len: 0, references: 0, bytes: 0, bytes_saved: 0 };
        self.values.each(&mut |node| {
            // SAFETY: the table is locked and contains the node, which is of this type.
            let node = unsafe { T::node(node).as_ref() };
            let (users, size) = (node.count.users(), size_of_val(&node.value));
            stats.len += usize::from(users > 0);
            stats.references += users;
            stats.bytes += if users > 0 { size } else { 0 };
            stats.bytes_saved += size * users.saturating_sub(1);
        });
        stats
    }
}

/// The pools of all types except those that have a static.
static POOLS: [ByType; 64] = [const { ByType::new() }; 64];

/// The pool of this type, which is never freed.
pub(super) fn pool_of<T: Internable + ?Sized>() -> &'static Pool<T> {
    let id = TypeId::of::<T>();
    // SAFETY: only this uses the lists, always with the id of `T` for a `Pool<T>`.
    unsafe { POOLS[place(id)].find(id, &|| Box::leak(Box::new(Pool::<T>::new()))) }
}

/// A type's id is already a hash.
#[expect(clippy::cast_possible_truncation, reason = "the lowest bits")]
fn place(id: TypeId) -> usize {
    struct Lowest(u64);

    impl Hasher for Lowest {
        fn write(&mut self, bytes: &[u8]) {
            for byte in bytes {
                self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
            }
        }

        fn write_u64(&mut self, number: u64) {
            self.0 ^= number;
        }

        fn finish(&self) -> u64 {
            self.0
        }
    }

    let mut lowest = Lowest(0);
    id.hash(&mut lowest);
    lowest.finish() as usize % POOLS.len()
}
