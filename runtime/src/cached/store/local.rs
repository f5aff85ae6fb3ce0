//! The stores of `scope = thread`: what one would write by hand with a `thread_local!`.

use std::cell::RefCell;
use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry as Place;
use quick_cache::unsync::Cache;

use crate::cached::key::{Finds, OwnedKey, Query};
use crate::cached::store::bounded::{ByEntry, Collect, options};
use crate::cached::store::{Engine, Evicted, Store};
use crate::cached::value::entry::{Entry, Times};
use crate::cached::value::settings::Settings;

/// `scope = thread`
#[derive(Debug)]
pub struct Local<T>(pub T);

impl<T: Times> Engine for Local<T> {
    type Times = T;
    type Store<K: OwnedKey, E: Entry> = LocalStore<K, E>;
}

type Bounded<K, E> = Cache<K, E, ByEntry, RandomState, Collect<K, E>>;

/// See [`Local`]. A `Hash`, `Eq` or `Clone` of the user's that calls the function finds it in use: that call is a miss,
/// or is not kept.
pub struct LocalStore<K, E> {
    cache: RefCell<Bounded<K, E>>,
    hasher: RandomState,
}

impl<K: OwnedKey, E: Entry> Store<K, E> for LocalStore<K, E> {
    fn new(settings: &Settings) -> Self {
        let hasher = RandomState::default();
        let collect = Collect::new(hasher.clone());
        let cache = Cache::with_options(options(settings), ByEntry, hasher.clone(), collect);
        LocalStore { cache: RefCell::new(cache), hasher }
    }

    #[inline]
    fn get<Q: Finds<K>>(&self, by: &Q) -> Option<E> {
        self.cache.try_borrow().ok()?.get(&Query::new(by)).cloned()
    }

    fn peek<Q: Finds<K>>(&self, by: &Q) -> Option<E> {
        self.cache.try_borrow().ok()?.peek(&Query::new(by)).cloned()
    }

    fn insert(&self, key: K, entry: E) -> Evicted<K, E> {
        let mut evicted = Evicted { incoming: self.hasher.hash_one(&key), ..Evicted::default() };
        if let Ok(mut cache) = self.cache.try_borrow_mut() {
            cache.insert_with_lifecycle(key, entry, &mut evicted);
        }
        evicted
    }

    fn remove<Q: Finds<K>>(&self, by: &Q) -> Option<(K, E)> {
        self.cache.try_borrow_mut().ok()?.remove(&Query::new(by))
    }

    fn clear(&self, gone: &mut dyn FnMut(K, E)) {
        let Ok(mut cache) = self.cache.try_borrow_mut() else { return };
        let all: Vec<(K, E)> = cache.drain().collect();
        drop(cache);
        for (key, entry) in all {
            gone(key, entry);
        }
    }

    fn len(&self) -> usize {
        self.cache.try_borrow().map_or(0, |cache| cache.len())
    }
}

/// `scope = thread, unbounded`
#[derive(Debug)]
pub struct LocalUnbounded<T>(pub T);

impl<T: Times> Engine for LocalUnbounded<T> {
    type Times = T;
    type Store<K: OwnedKey, E: Entry> = LocalUnboundedStore<K, E>;
}

/// See [`LocalUnbounded`].
pub struct LocalUnboundedStore<K, E> {
    table: RefCell<HashTable<(K, E)>>,
    hasher: RandomState,
}

impl<K: OwnedKey, E: Entry> Store<K, E> for LocalUnboundedStore<K, E> {
    fn new(_: &Settings) -> Self {
        LocalUnboundedStore { table: RefCell::new(HashTable::new()), hasher: RandomState::default() }
    }

    #[inline]
    fn get<Q: Finds<K>>(&self, by: &Q) -> Option<E> {
        let table = self.table.try_borrow().ok()?;
        let hash = self.hasher.hash_one(Query::new(by));
        table.find(hash, |(key, _)| by.finds(key)).map(|(_, entry)| entry.clone())
    }

    fn peek<Q: Finds<K>>(&self, by: &Q) -> Option<E> {
        self.get(by)
    }

    fn insert(&self, key: K, entry: E) -> Evicted<K, E> {
        let mut evicted = Evicted::default();
        let hash = self.hasher.hash_one(&key);
        let Ok(mut table) = self.table.try_borrow_mut() else { return evicted };
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
        let mut table = self.table.try_borrow_mut().ok()?;
        let there = table.find_entry(hash, |(key, _)| by.finds(key)).ok()?;
        Some(there.remove().0)
    }

    fn clear(&self, gone: &mut dyn FnMut(K, E)) {
        let Ok(mut table) = self.table.try_borrow_mut() else { return };
        let all = std::mem::take(&mut *table);
        drop(table);
        for (key, entry) in all {
            gone(key, entry);
        }
    }

    fn len(&self) -> usize {
        self.table.try_borrow().map_or(0, |table| table.len())
    }
}
