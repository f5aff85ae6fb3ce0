//! All values of one type.
#![expect(unsafe_code, reason = "nodes are behind pointers")]

use std::any::{Any, TypeId};
use std::hash::{BuildHasher, Hash, Hasher};
use std::marker::PhantomData;
use std::sync::OnceLock;

use foldhash::fast::RandomState;

use super::node::{self, Node};
use super::{Internable, Interned};
use crate::cached::{Pointer, RawCache};

/// See the module.
pub struct Pool<T: ?Sized> {
    values: RawCache,
    hasher: RandomState,
    types: PhantomData<fn(T)>,
}

// SAFETY: it has values that can be shared and sent, and gives out references to them; its nodes are changed under locks,
// and otherwise through atomics.
unsafe impl<T: Internable + ?Sized> Sync for Pool<T> {}
// SAFETY: as above.
unsafe impl<T: Internable + ?Sized> Send for Pool<T> {}

/// How many values there are, and what sharing them saves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct InternStats {
    /// How many different values are in use.
    pub len: usize,
    /// How many references to them there are.
    pub references: usize,
    /// The bytes of the values, each counted once, without the counts beside them. What a value owns elsewhere is not
    /// counted.
    pub bytes: usize,
    /// How many bytes more there would be if each reference had a value of its own.
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
        // SAFETY: all nodes of the table are of this type, and what it asks about lives.
        let held = self.values.find(hash, |node| unsafe { T::node(node).as_ref() }.value == *value)?;
        // SAFETY: as above, as long as it is held.
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
    /// It is a new node of this type and hash, with one user.
    #[cold]
    #[inline(never)]
    pub(super) unsafe fn insert(&self, hash: u64, new: Pointer) -> Interned<T> {
        // SAFETY: it lives until `find_or_insert` returns; so does what that asks about.
        let is_it = |node| unsafe { T::node(node).as_ref().value == T::node(new).as_ref().value };
        // SAFETY: the table is locked and has the node, so that it lives and is not dead.
        let take = |node| unsafe { node::count(node) }.acquire();
        let node = self.values.find_or_insert(hash, new, &is_it, &take);
        // SAFETY: it is a node of this type, and counts the caller as a user.
        unsafe { Interned::counted(node) }
    }

    /// The last user has gone. Nothing of the node is looked at before it has been found: another thread may have used the
    /// value since, and be the last one that did.
    #[cold]
    #[inline(never)]
    pub(super) fn remove(&self, hash: u32, node: Pointer) {
        // SAFETY: the table is locked and has a node there.
        self.values.remove_unused(hash, node, &|node| unsafe { node::count(node) }.end());
    }

    pub(super) fn purge(&self) {
        self.values.free_unused();
    }

    pub(super) fn stats(&self) -> InternStats {
        let mut stats = InternStats { len: 0, references: 0, bytes: 0, bytes_saved: 0 };
        self.values.each(&mut |node| {
            // SAFETY: the table is locked and has the node, which is of this type.
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

/// The pools of all types but those that have a static.
static POOLS: [OnceLock<Slot>; 64] = [const { OnceLock::new() }; 64];

struct Slot {
    id: TypeId,
    pool: &'static (dyn Any + Send + Sync),
    next: OnceLock<Box<Slot>>,
}

/// The one of this type, which is never freed.
pub(super) fn pool_of<T: Internable + ?Sized>() -> &'static Pool<T> {
    let id = TypeId::of::<T>();
    let new = || Slot { id, pool: Box::leak(Box::new(Pool::<T>::new())), next: OnceLock::new() };
    let mut slot = POOLS[place(id)].get_or_init(new);
    loop {
        match slot.pool.downcast_ref() {
            Some(pool) if slot.id == id => return pool,
            _ => slot = slot.next.get_or_init(|| Box::new(new())),
        }
    }
}

/// A type's id is a hash already.
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
