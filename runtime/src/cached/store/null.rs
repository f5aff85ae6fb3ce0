//! The store of a cache that stores nothing in this process.

use crate::cached::key::{Finds, FindsAny, OwnedKey};
use crate::cached::store::{Engine, ErasedStore, Removed, Store};
use crate::cached::value::entry::{Entry, ErasedEntry, NoExpiry};
use crate::cached::value::settings::Settings;

/// `store = redis`
#[derive(Debug)]
pub struct Null;

impl Engine for Null {
    type Times = NoExpiry;
    type Store<K: OwnedKey, E: Entry> = Nowhere;
}

/// See [`Null`].
#[derive(Debug)]
pub struct Nowhere;

impl<K: OwnedKey, E: Entry> Store<K, E> for Nowhere {
    fn new(_: &Settings) -> Self {
        Nowhere
    }

    #[inline]
    fn get<Q: Finds<K>, R>(&self, _: u64, _: &Q, _: impl FnOnce(&E) -> R) -> Option<R> {
        None
    }

    fn insert(&self, _: u64, _: K, _: E, _: bool) -> Removed<'_> {
        Removed::default()
    }

    fn erased(&self) -> &dyn ErasedStore {
        self
    }
}

impl ErasedStore for Nowhere {
    fn peek(&self, _: u64, _: &dyn FindsAny, _: &mut dyn FnMut(&dyn ErasedEntry)) {}

    fn remove(&self, _: u64, _: &dyn FindsAny) -> Removed<'_> {
        Removed::default()
    }

    fn clear(&self) -> Removed<'_> {
        Removed::default()
    }

    fn purge_expired(&self) -> Removed<'_> {
        Removed::default()
    }

    fn len(&self) -> usize {
        0
    }

    fn weight(&self) -> u64 {
        0
    }
}
