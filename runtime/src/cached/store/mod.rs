//! What an engine that keeps values has to do.

pub(in crate::cached) mod bounded;
pub(in crate::cached) mod local;
pub(in crate::cached) mod lru;
#[cfg(any(feature = "redis", feature = "disk"))]
pub(in crate::cached) mod null;
pub(in crate::cached) mod sharded;

use std::marker::PhantomData;

use crate::cached::key::{Finds, OwnedKey};
use crate::cached::value::entry::{Entry, Times};
use crate::cached::value::settings::Settings;

/// What can be kept and given out again.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be cached",
    label = "needs `Clone + Send + Sync + 'static`",
    note = "a hit gives out a clone: derive `Clone` for the type, or return it in an `Arc`"
)]
pub trait Value: Clone + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<V: Clone + Send + Sync + 'static> Value for V {}

/// Where one instantiation of a function keeps its values. It does no single flight and knows no time.
///
/// `Hash` and `Eq` of keys and `Clone` of values run under its locks; whatever leaves it is handed out, so that it is
/// dropped outside of them.
pub trait Store<K, E>: 'static {
    /// An empty one.
    fn new(settings: &Settings) -> Self;
    /// The hot path: finds a value and marks it as used.
    fn get<Q: Finds<K>>(&self, by: &Q) -> Option<E>;
    /// Finds a value and marks nothing.
    fn peek<Q: Finds<K>>(&self, by: &Q) -> Option<E>;
    /// Puts a value in, over the one that is there.
    fn insert(&self, key: K, entry: E) -> Evicted<K, E>;
    /// Takes a value out.
    fn remove<Q: Finds<K>>(&self, by: &Q) -> Option<(K, E)>;
    /// Takes all values out, to be dropped or told about outside of its locks.
    fn clear(&self, gone: &mut dyn FnMut(K, E));
    /// How many there are, expired ones included.
    fn len(&self) -> usize;
}

/// Which store a function has, and which times its values.
pub trait Engine: 'static {
    /// The times.
    type Times: Times;
    /// The store for these types.
    type Store<K: OwnedKey, E: Entry>: Store<K, E>;
}

/// The types of one cache.
pub trait Types: 'static {
    /// The owned key.
    type Key: OwnedKey;
    /// What is kept.
    type Value: Value;
    /// That and its times.
    type Entry: Entry<Value = Self::Value>;
    /// Where.
    type Store: Store<Self::Key, Self::Entry>;
}

/// The [`Types`] of an engine with this key and this value.
pub struct Of<G, K, V>(PhantomData<(G, K, V)>);

impl<G: Engine, K: OwnedKey, V: Value> Types for Of<G, K, V> {
    type Key = K;
    type Value = V;
    type Entry = <G::Times as Times>::Entry<V>;
    type Store = G::Store<K, Self::Entry>;
}

/// What had to go to make room.
#[derive(Debug)]
pub struct Evicted<K, E> {
    pub(in crate::cached) entries: Vec<(K, E)>,
    /// It goes for another reason: the new one has its key.
    pub(in crate::cached) replaced: Option<(K, E)>,
    /// The hash of the new one.
    pub(in crate::cached) incoming: u64,
}

impl<K, E> Default for Evicted<K, E> {
    fn default() -> Self {
        Evicted { entries: Vec::new(), replaced: None, incoming: 0 }
    }
}
