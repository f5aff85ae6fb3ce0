//! The store with a bound: `quick_cache`, whose hits take a shard's read lock and move nothing.

use std::marker::PhantomData;

use quick_cache::sync::Cache;
use quick_cache::{Lifecycle, OptionsBuilder, UnitWeighter};

use super::key::{Finds, Hashed, OwnedKey, Query, Stored};
use super::settings::{DEFAULT_MAX, Settings};
use super::store::{Engine, Entry, Evicted, Store, Value};

/// `#[cached]`, `#[cached(max = 100)]`
#[derive(Debug)]
pub struct Bounded;

impl Engine for Bounded {
    type Store<K: OwnedKey, V: Value> = BoundedStore<K, V>;
}

/// See [`Bounded`].
pub struct BoundedStore<K, V>(Cache<Stored<K>, Entry<V>, UnitWeighter, Hashed, Collect<K, V>>);

impl<K: OwnedKey, V: Value> Store<K, V> for BoundedStore<K, V> {
    fn new(settings: &Settings) -> Self {
        let max = settings.max.unwrap_or(DEFAULT_MAX);
        let options = OptionsBuilder::new().estimated_items_capacity(max).weight_capacity(max as u64).build();
        let options = options.unwrap_or_else(|_| unreachable!("both capacities are given"));
        BoundedStore(Cache::with_options(options, UnitWeighter, Hashed::default(), Collect(PhantomData)))
    }

    #[inline]
    fn get<Q: Finds<K>>(&self, query: &Query<'_, Q>) -> Option<Entry<V>> {
        self.0.get(query)
    }

    fn peek<Q: Finds<K>>(&self, query: &Query<'_, Q>) -> Option<Entry<V>> {
        self.0.peek(query)
    }

    fn insert(&self, key: Stored<K>, entry: Entry<V>) -> Evicted<K, V> {
        let mut evicted = Evicted { incoming: key.hash, ..Evicted::default() };
        self.0.insert_with_lifecycle(key, entry, &mut evicted);
        evicted
    }

    fn remove<Q: Finds<K>>(&self, query: &Query<'_, Q>) -> Option<(Stored<K>, Entry<V>)> {
        self.0.remove(query)
    }

    fn clear(&self) {
        // One at a time and outside of the locks: a value's drop may call the function.
        self.0.drain().for_each(drop);
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

/// Hands out what has been evicted.
struct Collect<K, V>(PhantomData<fn() -> (K, V)>);

impl<K, V> Clone for Collect<K, V> {
    fn clone(&self) -> Self {
        Collect(PhantomData)
    }
}

impl<K, V> Lifecycle<Stored<K>, Entry<V>> for Collect<K, V> {
    type RequestState = Evicted<K, V>;

    fn on_evict(&self, evicted: &mut Evicted<K, V>, stored: Stored<K>, entry: Entry<V>) {
        let pair = (stored.key, entry.value);
        if stored.hash == evicted.incoming && evicted.replaced.is_none() {
            evicted.replaced = Some(pair);
        } else {
            evicted.entries.push(pair);
        }
    }
}
