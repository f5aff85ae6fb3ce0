//! What an engine that keeps values has to do.

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

/// What can be kept and given out again.
pub trait Value: Clone + Send + Sync + 'static {}

/// Is `V` a [`Value`]? Asked of `()`, or the compiler would propose a bound of ours for a type parameter.
#[diagnostic::on_unimplemented(
    message = "`{V}` cannot be cached",
    label = "needs `Clone + Send + Sync + 'static`",
    note = "a hit gives out a clone: derive `Clone` for the type, or return it in an `Arc`"
)]
pub trait Keeps<V> {}

#[diagnostic::do_not_recommend]
impl<V: Value> Keeps<V> for () {}

impl<V: Clone + Send + Sync + 'static> Value for V {}

/// Where one instantiation of a function keeps its values. It does no single flight, and gives out what has expired.
/// Whoever comes with a key has hashed it, always with the same hasher.
///
/// A user's code may panic in any of them, and leaves a store that works.
pub trait Store<K, E>: 'static {
    /// An empty one.
    fn new(settings: &Settings) -> Self;
    /// The hot path: finds a value, marks it as used and looks at it.
    fn get<Q: Finds<K>, R>(&self, hash: u64, by: &Q, look: impl FnOnce(&E) -> R) -> Option<R>;
    /// Puts a value in, over the one that is there. What had to go is shown only if it `is_told`.
    fn insert(&self, hash: u64, key: K, entry: E, is_told: bool) -> Removed<'_>;
    /// For all that does not depend on its types.
    fn erased(&self) -> &dyn ErasedStore;
}

/// A store, whatever its types: compiled once for a program, where it can be.
pub trait ErasedStore {
    /// Looks at a value and marks nothing.
    fn peek(&self, hash: u64, by: &dyn FindsAny, look: &mut dyn FnMut(&dyn ErasedEntry));
    /// Takes a value out.
    fn remove(&self, hash: u64, by: &dyn FindsAny) -> Removed<'_>;
    /// Takes all values out.
    fn clear(&self) -> Removed<'_>;
    /// Takes out what has expired.
    fn purge_expired(&self) -> Removed<'_>;
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
