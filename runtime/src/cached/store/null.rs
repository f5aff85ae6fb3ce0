//! The store of a cache that keeps nothing in this process.

use crate::cached::key::{Finds, OwnedKey};
use crate::cached::store::{Engine, Evicted, Store};
use crate::cached::value::entry::{Entry, Lasting};
use crate::cached::value::settings::Settings;

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
