//! The store with a bound: `quick_cache`, whose hits take a shard's read lock and move nothing.

use std::hash::{BuildHasher, Hash};
use std::marker::PhantomData;

use foldhash::fast::RandomState;
use quick_cache::sync::Cache;
use quick_cache::{Lifecycle, Options, OptionsBuilder, Weighter};

use crate::cached::key::{Finds, OwnedKey, Query};
use crate::cached::store::{Engine, Evicted, Store};
use crate::cached::value::entry::{Entry, Times};
use crate::cached::value::settings::{DEFAULT_MAX, Settings};

/// `#[cached]`, `#[cached(max = 100)]`
#[derive(Debug)]
pub struct Bounded<T>(pub T);

impl<T: Times> Engine for Bounded<T> {
    type Times = T;
    type Store<K: OwnedKey, E: Entry> = BoundedStore<K, E>;
}

/// See [`Bounded`].
pub struct BoundedStore<K, E> {
    cache: Cache<K, E, ByEntry, RandomState, Collect<K, E>>,
    hasher: RandomState,
}

impl<K: OwnedKey, E: Entry> Store<K, E> for BoundedStore<K, E> {
    fn new(settings: &Settings) -> Self {
        let hasher = RandomState::default();
        let collect = Collect::new(hasher.clone());
        BoundedStore { cache: Cache::with_options(options(settings), ByEntry, hasher.clone(), collect), hasher }
    }

    #[inline]
    fn get<Q: Finds<K>>(&self, by: &Q) -> Option<E> {
        self.cache.get(&Query::new(by))
    }

    fn peek<Q: Finds<K>>(&self, by: &Q) -> Option<E> {
        self.cache.peek(&Query::new(by))
    }

    fn insert(&self, key: K, entry: E) -> Evicted<K, E> {
        let mut evicted = Evicted { incoming: self.hasher.hash_one(&key), ..Evicted::default() };
        self.cache.insert_with_lifecycle(key, entry, &mut evicted);
        evicted
    }

    fn remove<Q: Finds<K>>(&self, by: &Q) -> Option<(K, E)> {
        self.cache.remove(&Query::new(by))
    }

    fn clear(&self, gone: &mut dyn FnMut(K, E)) {
        // One at a time and outside of the locks: a value's drop may call the function.
        self.cache.drain().for_each(|(key, entry)| gone(key, entry));
    }

    fn len(&self) -> usize {
        self.cache.len()
    }
}

/// How much room there is.
pub(in crate::cached) fn options(settings: &Settings) -> Options {
    let max = settings.max.unwrap_or(DEFAULT_MAX);
    let room = settings.max_weight.unwrap_or(max as u64);
    let options = OptionsBuilder::new().estimated_items_capacity(max).weight_capacity(room).build();
    options.unwrap_or_else(|_| unreachable!("both capacities are given"))
}

/// Asks the entry.
#[derive(Debug, Clone)]
pub(in crate::cached) struct ByEntry;

impl<K, E: Entry> Weighter<K, E> for ByEntry {
    fn weight(&self, _: &K, entry: &E) -> u64 {
        // What weighs nothing would never have to go.
        entry.weight().max(1)
    }
}

/// Hands out what goes.
pub(in crate::cached) struct Collect<K, E> {
    hasher: RandomState,
    entries: PhantomData<fn() -> (K, E)>,
}

impl<K, E> Collect<K, E> {
    pub(in crate::cached) fn new(hasher: RandomState) -> Self {
        Collect { hasher, entries: PhantomData }
    }
}

impl<K, E> Clone for Collect<K, E> {
    fn clone(&self) -> Self {
        Collect { hasher: self.hasher.clone(), entries: PhantomData }
    }
}

impl<K: Hash, E> Lifecycle<K, E> for Collect<K, E> {
    type RequestState = Evicted<K, E>;

    fn on_evict(&self, evicted: &mut Evicted<K, E>, key: K, entry: E) {
        if evicted.replaced.is_none() && self.hasher.hash_one(&key) == evicted.incoming {
            evicted.replaced = Some((key, entry));
        } else {
            evicted.entries.push((key, entry));
        }
    }
}
