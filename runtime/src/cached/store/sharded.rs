//! The store without a bound: a hash table in shards.

use std::hash::BuildHasher;
use std::sync::{PoisonError, RwLock};

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry as Place;

use crate::cached::key::{Finds, OwnedKey, Query};
use crate::cached::store::{Engine, Evicted, Store};
use crate::cached::value::entry::{Entry, Times};
use crate::cached::value::settings::Settings;

/// `#[cached(unbounded)]`
#[derive(Debug)]
pub struct Unbounded<T>(pub T);

impl<T: Times> Engine for Unbounded<T> {
    type Times = T;
    type Store<K: OwnedKey, E: Entry> = UnboundedStore<K, E>;
}

const SHARDS: usize = 64;

type Table<K, E> = HashTable<(K, E)>;

/// A lock on a cache line of its own.
#[repr(align(64))]
struct Shard<K, E>(RwLock<Table<K, E>>);

/// See [`Unbounded`].
pub struct UnboundedStore<K, E> {
    shards: Box<[Shard<K, E>; SHARDS]>,
    hasher: RandomState,
}

impl<K, E> UnboundedStore<K, E> {
    /// The table takes the lowest and the seven highest bits; the shard is chosen by others.
    #[inline]
    fn shard(&self, hash: u64) -> &RwLock<Table<K, E>> {
        &self.shards[(hash >> 40) as usize % SHARDS].0
    }
}

impl<K: OwnedKey, E: Entry> Store<K, E> for UnboundedStore<K, E> {
    fn new(_: &Settings) -> Self {
        let shards = Box::new(std::array::from_fn(|_| Shard(RwLock::new(HashTable::new()))));
        UnboundedStore { shards, hasher: RandomState::default() }
    }

    #[inline]
    fn get<Q: Finds<K>>(&self, by: &Q) -> Option<E> {
        let hash = self.hasher.hash_one(Query::new(by));
        let table = self.shard(hash).read().unwrap_or_else(PoisonError::into_inner);
        table.find(hash, |(key, _)| by.finds(key)).map(|(_, entry)| entry.clone())
    }

    fn peek<Q: Finds<K>>(&self, by: &Q) -> Option<E> {
        self.get(by)
    }

    fn insert(&self, key: K, entry: E) -> Evicted<K, E> {
        let mut evicted = Evicted::default();
        let hash = self.hasher.hash_one(&key);
        let mut table = self.shard(hash).write().unwrap_or_else(PoisonError::into_inner);
        match table.entry(hash, |(other, _)| *other == key, |(other, _)| self.hasher.hash_one(other)) {
            Place::Occupied(mut there) => evicted.replaced = Some(std::mem::replace(there.get_mut(), (key, entry))),
            Place::Vacant(free) => {
                free.insert((key, entry));
            }
        }
        evicted
    }

    fn remove<Q: Finds<K>>(&self, by: &Q) -> Option<(K, E)> {
        let hash = self.hasher.hash_one(Query::new(by));
        let mut table = self.shard(hash).write().unwrap_or_else(PoisonError::into_inner);
        let there = table.find_entry(hash, |(key, _)| by.finds(key)).ok()?;
        Some(there.remove().0)
    }

    fn clear(&self, gone: &mut dyn FnMut(K, E)) {
        for Shard(shard) in self.shards.iter() {
            let taken = std::mem::take(&mut *shard.write().unwrap_or_else(PoisonError::into_inner));
            // Outside of the lock: a value's drop may call the function.
            taken.into_iter().for_each(|(key, entry)| gone(key, entry));
        }
    }

    fn len(&self) -> usize {
        self.shards.iter().map(|Shard(shard)| shard.read().unwrap_or_else(PoisonError::into_inner).len()).sum()
    }
}
