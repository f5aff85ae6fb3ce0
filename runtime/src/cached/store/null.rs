//! The store of a cache that keeps nothing in this process.

use crate::cached::key::{Finds, OwnedKey};
use crate::cached::store::{Engine, Removed, Store};
use crate::cached::value::entry::{Entry, NoExpiry};
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

    fn peek<Q: Finds<K>, R>(&self, _: u64, _: &Q, _: impl FnOnce(&E) -> R) -> Option<R> {
        None
    }

    fn insert(&self, _: u64, _: K, _: E, _: bool) -> Removed<'_, K, E> {
        Removed::default()
    }

    fn remove<Q: Finds<K>>(&self, _: u64, _: &Q) -> Removed<'_, K, E> {
        Removed::default()
    }

    fn clear(&self) -> Removed<'_, K, E> {
        Removed::default()
    }

    fn purge_expired(&self) -> Removed<'_, K, E> {
        Removed::default()
    }

    fn len(&self) -> usize {
        0
    }
}
