//! The stores that threads share, with a bound or without: hits take no lock and write to nothing that is shared.
//!
//! A value lives in a node of its own ([`node`]), which a table of pointers leads to ([`table`]). Look-ups walk along the
//! table and announce what they look at ([`crate::hazard`]); those who write hold the lock of a shard ([`raw`]). What they
//! take away is freed once nobody looks at it ([`garbage`]).

mod expiry;
mod garbage;
mod node;
mod policy;
mod raw;
mod ring;
mod room;
mod shard;
mod table;
mod unused;

use std::marker::PhantomData;

pub(in crate::cached) use garbage::Gone;
use node::Node;
pub(crate) use node::{Header, Kind, Pointer};
use raw::Held;
pub(crate) use raw::RawCache;

use crate::cached::key::{Finds, OwnedKey};
use crate::cached::removal::Removal;
use crate::cached::store::{Engine, Removed, Store};
use crate::cached::value::entry::{Entry, Times};
use crate::cached::value::settings::Settings;

/// `#[cached]`, `#[cached(max = 100)]`, `#[cached(max_weight = 64mb, weigh = ..)]`
#[derive(Debug)]
pub struct Bounded<T>(pub T);

impl<T: Times> Engine for Bounded<T> {
    type Times = T;
    type Store<K: OwnedKey, E: Entry> = ConcurrentStore<K, E>;
}

/// `#[cached(unbounded)]`
#[derive(Debug)]
pub struct Unbounded<T>(pub T);

impl<T: Times> Engine for Unbounded<T> {
    type Times = T;
    type Store<K: OwnedKey, E: Entry> = ConcurrentStore<K, E>;
}

/// See the module.
pub struct ConcurrentStore<K, E> {
    /// Of nodes of these types alone.
    raw: RawCache,
    types: PhantomData<(K, E)>,
}

// SAFETY: it owns keys and entries, gives out references to them and drops them on whatever thread: all that `Send` and
// `Sync` of both allow. Nodes are changed under locks, and otherwise through atomics.
#[expect(unsafe_code, reason = "nodes are behind pointers")]
unsafe impl<K: Send + Sync, E: Send + Sync> Send for ConcurrentStore<K, E> {}
// SAFETY: as above.
#[expect(unsafe_code, reason = "nodes are behind pointers")]
unsafe impl<K: Send + Sync, E: Send + Sync> Sync for ConcurrentStore<K, E> {}

/// A node that is being read.
struct Found<K, E> {
    held: Held,
    types: PhantomData<Node<K, E>>,
}

impl<K, E: Entry> Found<K, E> {
    #[inline]
    #[expect(unsafe_code, reason = "nodes are behind pointers")]
    fn node(&self) -> &Node<K, E> {
        // SAFETY: it is a node of these types, which lives as long as `held`.
        unsafe { Node::of(self.held.node()) }
    }
}

impl<K: OwnedKey, E: Entry> ConcurrentStore<K, E> {
    /// One that frees what it has taken out without asking other threads.
    ///
    /// # Safety
    /// It is never shared between threads.
    #[expect(unsafe_code, reason = "it is `Sync` where it is shared")]
    pub(super) unsafe fn of_thread(settings: &Settings) -> Self {
        Self::with(settings, true)
    }

    fn with(settings: &Settings, is_of_thread: bool) -> Self {
        let (size, is_weighed) = match (settings.max, settings.max_weight) {
            (_, Some(weight)) => (weight.min(u64::MAX - 1), true),
            (Some(max), None) => ((max as u64).min(u64::MAX - 1), false),
            (None, None) => (u64::MAX, false),
        };
        let raw = RawCache::new(size, is_weighed, is_of_thread, Node::<K, E>::KIND);
        ConcurrentStore { raw, types: PhantomData }
    }

    /// What has the key.
    #[inline]
    #[expect(unsafe_code, reason = "nodes are behind pointers")]
    fn find<Q: Finds<K>>(&self, hash: u64, by: &Q) -> Option<Found<K, E>> {
        // SAFETY: all nodes of the cache are of these types, and what `find` asks about lives.
        let held = self.raw.find(hash, |node| by.finds(&unsafe { Node::<K, E>::of(node) }.key))?;
        Some(Found { held, types: PhantomData })
    }

    /// The same for what is not the hot path, and shared by all of it.
    #[inline(never)]
    fn find_aside<Q: Finds<K>>(&self, hash: u64, by: &Q) -> Option<Found<K, E>> {
        self.find(hash, by)
    }

    /// What has gone, with its types.
    fn removed(gone: Gone<'_>) -> Removed<'_, K, E> {
        Removed::shared(gone, |gone, tell| {
            for (node, why) in gone.told() {
                #[expect(unsafe_code, reason = "nodes are behind pointers")]
                // SAFETY: all nodes of the cache are of these types, and what has gone lives as long as `gone`.
                let node = unsafe { Node::<K, E>::of(*node) };
                tell(&node.key, &node.entry, *why);
            }
        })
    }
}

impl<K: OwnedKey, E: Entry> Store<K, E> for ConcurrentStore<K, E> {
    fn new(settings: &Settings) -> Self {
        Self::with(settings, false)
    }

    #[inline]
    fn get<Q: Finds<K>, R>(&self, hash: u64, by: &Q, look: impl FnOnce(&E) -> R) -> Option<R> {
        let found = self.find(hash, by)?;
        found.node().header().use_once();
        Some(look(&found.node().entry))
    }

    fn peek<Q: Finds<K>, R>(&self, hash: u64, by: &Q, look: impl FnOnce(&E) -> R) -> Option<R> {
        self.find_aside(hash, by).map(|found| look(&found.node().entry))
    }

    fn insert(&self, hash: u64, key: K, entry: E, is_told: bool) -> Removed<'_, K, E> {
        let new = Node::boxed(hash, key, entry);
        #[expect(unsafe_code, reason = "nodes are behind pointers")]
        // SAFETY: all nodes of the cache are of these types; the cache frees the new one only when it no longer asks.
        let is_same = |node| unsafe { Node::<K, E>::of(node).key == Node::<K, E>::of(new).key };
        Self::removed(self.raw.insert(hash, new, &is_same, is_told))
    }

    fn remove<Q: Finds<K>>(&self, hash: u64, by: &Q) -> Removed<'_, K, E> {
        #[expect(unsafe_code, reason = "nodes are behind pointers")]
        // SAFETY: all nodes of the cache are of these types, and what it asks about lives.
        let is_it = |node| by.finds(&unsafe { Node::<K, E>::of(node) }.key);
        Self::removed(self.raw.remove(hash, &is_it, Removal::Invalidated))
    }

    fn clear(&self) -> Removed<'_, K, E> {
        Self::removed(self.raw.clear())
    }

    fn purge_expired(&self) -> Removed<'_, K, E> {
        Self::removed(self.raw.purge_expired())
    }

    fn len(&self) -> usize {
        self.raw.len()
    }
}
