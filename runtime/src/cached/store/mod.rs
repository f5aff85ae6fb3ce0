//! The interface of stores.
//!
//! In: a hash, a key and a value. Out: a copy of the value, and the values that had to go. Open this file first, the
//! interface; `concurrent/` is the store of most functions, `lru.rs` and `local.rs` are the others.

pub(in crate::cached) mod concurrent;
mod list;
pub(in crate::cached) mod local;
pub(in crate::cached) mod lru;
#[cfg(any(feature = "redis", feature = "disk"))]
pub(in crate::cached) mod null;
pub(in crate::cached) mod removed;

use std::marker::PhantomData;

use crate::cached::key::{Finds, FindsAny, OwnedKey};
pub use crate::cached::store::removed::Removed;
use crate::cached::value::entry::{Entry, ErasedEntry, Times};
use crate::cached::value::settings::Settings;

/// A type that can be cached.
pub trait Value: Clone + Send + Sync + 'static {}

/// Is `V` a [`Value`]? Implemented for `()`, or else the compiler would suggest one of our bounds for a type parameter.
#[diagnostic::on_unimplemented(
    message = "`{V}` cannot be cached",
    label = "needs `Clone + Send + Sync + 'static`",
    note = "a hit returns a clone: derive `Clone` for the type, or return it in an `Arc`"
)]
pub trait Keeps<V> {}

#[diagnostic::do_not_recommend]
impl<V: Value> Keeps<V> for () {}

impl<V: Clone + Send + Sync + 'static> Value for V {}

/// The values of one instantiation of a function. A store does no single flight, and returns expired entries. All
/// hashes come from the same hasher.
///
/// The user's code may panic in any of these methods, and leaves a store that works.
pub trait Store<K, E>: 'static {
    /// Creates an empty store.
    fn new(settings: &Settings) -> Self;
    /// The hot path: finds a value, marks it as used and passes it to `look`.
    fn get<Q: Finds<K>, R>(&self, hash: u64, by: &Q, look: impl FnOnce(&E) -> R) -> Option<R>;
    /// Inserts a value, replacing the older one. Keeps the removed values for listeners only if `is_told`.
    fn insert(&self, hash: u64, key: K, entry: E, is_told: bool) -> Removed<'_>;
    /// The part that does not depend on its types.
    fn erased(&self) -> &dyn ErasedStore;
}

/// A store without its types: compiled once for a program, where possible.
pub trait ErasedStore {
    /// Passes a value to `look`, without marking it as used.
    fn peek(&self, hash: u64, by: &dyn FindsAny, look: &mut dyn FnMut(&dyn ErasedEntry));
    /// Removes a value.
    fn remove(&self, hash: u64, by: &dyn FindsAny) -> Removed<'_>;
    /// Removes all values.
    fn clear(&self) -> Removed<'_>;
    /// Removes the expired values.
    fn purge_expired(&self) -> Removed<'_>;
    /// The number of values, expired ones included.
    fn len(&self) -> usize;
    /// The weight of the values, if it is bounded.
    fn weight(&self) -> u64;
}

/// Selects a function's store, and the times of its values.
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
    /// The cached value.
    type Value: Value;
    /// The value with its times.
    type Entry: Entry<Value = Self::Value>;
    /// The store.
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
