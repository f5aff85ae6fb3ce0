//! The store without a bound: a hash table in shards.

use std::sync::{PoisonError, RwLock};

use hashbrown::HashTable;
use hashbrown::hash_table::Entry as Place;

use super::key::{Finds, OwnedKey, Query, Stored};
use super::settings::Settings;
use super::store::{Engine, Entry, Evicted, Store, Value};

/// `#[cached(unbounded)]`
#[derive(Debug)]
pub struct Unbounded;

impl Engine for Unbounded {
    type Store<K: OwnedKey, V: Value> = UnboundedStore<K, V>;
}

const SHARDS: usize = 64;

type Table<K, V> = HashTable<(Stored<K>, Entry<V>)>;

/// A lock on a cache line of its own.
#[repr(align(64))]
struct Shard<K, V>(RwLock<Table<K, V>>);

/// See [`Unbounded`].
pub struct UnboundedStore<K, V> {
    shards: Box<[Shard<K, V>; SHARDS]>,
}

impl<K, V> UnboundedStore<K, V> {
    /// The table takes the lowest and the seven highest bits; the shard is chosen by others.
    #[inline]
    fn shard(&self, hash: u64) -> &RwLock<Table<K, V>> {
        &self.shards[(hash >> 40) as usize % SHARDS].0
    }
}

impl<K: OwnedKey, V: Value> Store<K, V> for UnboundedStore<K, V> {
    fn new(_: &Settings) -> Self {
        UnboundedStore { shards: Box::new(std::array::from_fn(|_| Shard(RwLock::new(HashTable::new())))) }
    }

    #[inline]
    fn get<Q: Finds<K>>(&self, query: &Query<'_, Q>) -> Option<Entry<V>> {
        let table = self.shard(query.hash).read().unwrap_or_else(PoisonError::into_inner);
        table.find(query.hash, |(stored, _)| query.by.finds(&stored.key)).map(|(_, entry)| entry.clone())
    }

    fn peek<Q: Finds<K>>(&self, query: &Query<'_, Q>) -> Option<Entry<V>> {
        self.get(query)
    }

    fn insert(&self, key: Stored<K>, entry: Entry<V>) -> Evicted<K, V> {
        let mut evicted = Evicted::default();
        let mut table = self.shard(key.hash).write().unwrap_or_else(PoisonError::into_inner);
        match table.entry(key.hash, |(stored, _)| *stored == key, |(stored, _)| stored.hash) {
            Place::Occupied(mut there) => {
                let (before, old) = std::mem::replace(there.get_mut(), (key, entry));
                evicted.replaced = Some((before.key, old.value));
            }
            Place::Vacant(free) => {
                free.insert((key, entry));
            }
        }
        evicted
    }

    fn remove<Q: Finds<K>>(&self, query: &Query<'_, Q>) -> Option<(Stored<K>, Entry<V>)> {
        let mut table = self.shard(query.hash).write().unwrap_or_else(PoisonError::into_inner);
        let there = table.find_entry(query.hash, |(stored, _)| query.by.finds(&stored.key)).ok()?;
        Some(there.remove().0)
    }

    fn clear(&self) {
        for Shard(shard) in self.shards.iter() {
            let taken = std::mem::take(&mut *shard.write().unwrap_or_else(PoisonError::into_inner));
            // Outside of the lock: a value's drop may call the function.
            drop(taken);
        }
    }

    fn len(&self) -> usize {
        self.shards.iter().map(|Shard(shard)| shard.read().unwrap_or_else(PoisonError::into_inner).len()).sum()
    }
}
