//! The store of a cache that keeps nothing in this process.

use super::super::entry::{Entry, Lasting};
use super::super::key::{Finds, OwnedKey};
use super::super::settings::Settings;
use super::super::store::{Engine, Evicted, Store};

/// `store = redis`
#[derive(Debug)]
pub struct Passing;

impl Engine for Passing {
    type Times = Lasting;
    type Store<K: OwnedKey, E: Entry> = Nowhere;
}

/// See [`Passing`].
#[derive(Debug)]
pub struct Nowhere;

impl<K: OwnedKey, E: Entry> Store<K, E> for Nowhere {
    fn new(_: &Settings) -> Self {
        Nowhere
    }

    #[inline]
    fn get<Q: Finds<K>>(&self, _: &Q) -> Option<E> {
        None
    }

    fn peek<Q: Finds<K>>(&self, _: &Q) -> Option<E> {
        None
    }

    fn insert(&self, _: K, _: E) -> Evicted<K, E> {
        Evicted::default()
    }

    fn remove<Q: Finds<K>>(&self, _: &Q) -> Option<(K, E)> {
        None
    }

    fn clear(&self, _: &mut dyn FnMut(K, E)) {}

    fn len(&self) -> usize {
        0
    }
}
