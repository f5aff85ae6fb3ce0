//! The stores that threads share, bounded or unbounded: hits take no lock and do not write to shared memory.
//!
//! Each value lives in its own node ([`node`]), which a table of pointers refers to ([`table`]). Lookups probe the
//! table and announce what they read ([`crate::hazard`]); writers hold the lock of a shard ([`raw`]). Removed nodes are
//! freed once no thread reads them ([`garbage`]).

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

use crate::cached::key::{ErasedKey, Finds, FindsAny, OwnedKey};
use crate::cached::removal::Removal;
use crate::cached::store::removed::ShowEach;
use crate::cached::store::{Engine, ErasedStore, Removed, Store};
use crate::cached::value::entry::{Entry, ErasedEntry, Times};
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
    /// Only contains nodes of these types.
    nodes: Nodes,
    types: PhantomData<(K, E)>,
}

/// The same without the types.
struct Nodes {
    raw: RawCache,
    /// The types of the nodes in `raw`.
    types: &'static NodeTypes,
}

/// The types behind a header.
struct NodeTypes {
    key: unsafe fn(Pointer) -> *const dyn ErasedKey,
    entry: unsafe fn(Pointer) -> *const dyn ErasedEntry,
    show: ShowEach,
}

// SAFETY: it owns keys and entries, hands out references to them and drops them on any thread, which is what `Send` and
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

#[expect(unsafe_code, reason = "nodes are behind pointers")]
impl<K: OwnedKey, E: Entry> ConcurrentStore<K, E> {
    /// A store that frees removed nodes without synchronising with other threads.
    ///
    /// # Safety
    /// It must never be shared between threads.
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
        ConcurrentStore { nodes: Nodes { raw, types: Self::TYPES }, types: PhantomData }
    }

    /// The node with this key.
    #[inline]
    fn find<Q: Finds<K>>(&self, hash: u64, by: &Q) -> Option<Found<K, E>> {
        // SAFETY: all nodes of the cache are of these types, and `find` only asks about live ones.
        let held = self.nodes.raw.find(hash, |node| by.finds(&unsafe { Node::<K, E>::of(node) }.key))?;
        Some(Found { held, types: PhantomData })
    }

    const TYPES: &'static NodeTypes = &NodeTypes {
        // SAFETY: guaranteed by the caller: it is a live node of these types.
        key: |node| &raw const unsafe { Node::<K, E>::of(node) }.key,
        // SAFETY: as above.
        entry: |node| &raw const unsafe { Node::<K, E>::of(node) }.entry,
        show: |gone, show| {
            for (node, why) in gone.told() {
                // SAFETY: all nodes of the cache are of these types, and removed ones live as long as `gone`.
                let node = unsafe { Node::<K, E>::of(*node) };
                show(&node.key, &node.entry, *why);
            }
        },
    };
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

    fn insert(&self, hash: u64, key: K, entry: E, is_told: bool) -> Removed<'_> {
        self.nodes.insert(hash, Node::boxed(hash, key, entry), is_told)
    }

    fn erased(&self) -> &dyn ErasedStore {
        &self.nodes
    }
}

#[expect(unsafe_code, reason = "nodes are behind pointers")]
impl Nodes {
    /// # Safety
    /// It must be a node of the cache, or one about to be inserted, and live as long as the reference.
    unsafe fn key<'a>(&self, node: Pointer) -> &'a dyn ErasedKey {
        // SAFETY: guaranteed by the caller, and all nodes of the cache are of these types.
        unsafe { &*(self.types.key)(node) }
    }

    fn insert(&self, hash: u64, new: Pointer, is_told: bool) -> Removed<'_> {
        // SAFETY: the cache only asks about live nodes; it frees the new one only when it no longer asks.
        let is_same = |node| unsafe { self.key(new).is_any(self.key(node)) };
        Removed::shared(self.raw.insert(hash, new, &is_same, is_told), self.types.show)
    }
}

#[expect(unsafe_code, reason = "nodes are behind pointers")]
impl ErasedStore for Nodes {
    fn peek(&self, hash: u64, by: &dyn FindsAny, look: &mut dyn FnMut(&dyn ErasedEntry)) {
        // SAFETY: `find` only asks about live nodes.
        if let Some(held) = self.raw.find(hash, |node| by.is_any(unsafe { self.key(node) })) {
            // SAFETY: all nodes of the cache are of these types, and this one lives as long as `held`.
            look(unsafe { &*(self.types.entry)(held.node()) });
        }
    }

    fn remove(&self, hash: u64, by: &dyn FindsAny) -> Removed<'_> {
        // SAFETY: the cache only asks about live nodes.
        let is_it = |node| by.is_any(unsafe { self.key(node) });
        Removed::shared(self.raw.remove(hash, &is_it, Removal::Invalidated), self.types.show)
    }

    fn clear(&self) -> Removed<'_> {
        Removed::shared(self.raw.clear(), self.types.show)
    }

    fn purge_expired(&self) -> Removed<'_> {
        Removed::shared(self.raw.purge_expired(), self.types.show)
    }

    fn len(&self) -> usize {
        self.raw.len()
    }

    fn weight(&self) -> u64 {
        self.raw.weight()
    }
}
