//! The store of `policy = lru`: what has not been asked for the longest goes first, exactly. A hit moves its value to the
//! new end of a list, which takes a lock.

use std::hash::BuildHasher;
use std::sync::Mutex;

use foldhash::fast::RandomState;
use hashlink::LinkedHashMap;
use hashlink::linked_hash_map::RawEntryMut;

use crate::cached::key::{Finds, OwnedKey, Query};
use crate::cached::store::{Engine, Evicted, Store};
use crate::cached::value::entry::{Entry, Times};
use crate::cached::value::settings::{DEFAULT_MAX, Settings};
use crate::site::lock;

/// `#[cached(policy = lru)]`
#[derive(Debug)]
pub struct Exact<T>(pub T);

impl<T: Times> Engine for Exact<T> {
    type Times = T;
    type Store<K: OwnedKey, E: Entry> = ExactStore<K, E>;
}

/// How many values a list has at least when there are several.
const LIST: usize = 1024;
/// So many lists there are at most.
const LISTS: usize = 64;

/// See [`Exact`].
pub struct ExactStore<K, E> {
    /// One, or a power of two.
    lists: Box<[Aligned<K, E>]>,
    hasher: RandomState,
}

/// A lock on a cache line of its own.
#[repr(align(64))]
struct Aligned<K, E>(Mutex<List<K, E>>);

/// The values of some keys, the one that was used longest ago first.
struct List<K, E> {
    values: LinkedHashMap<K, E, RandomState>,
    weight: u64,
    /// How much they may weigh.
    room: u64,
}

impl<K: OwnedKey, E: Entry> Store<K, E> for ExactStore<K, E> {
    fn new(settings: &Settings) -> Self {
        let hasher = RandomState::default();
        let list = |room| Aligned(Mutex::new(List::new(room, hasher.clone())));
        let lists = rooms(settings).into_iter().map(list).collect();
        ExactStore { lists, hasher }
    }

    #[inline]
    fn get<Q: Finds<K>>(&self, by: &Q) -> Option<E> {
        let hash = self.hasher.hash_one(Query::new(by));
        let mut list = lock(self.list(hash));
        match list.values.raw_entry_mut().from_hash(hash, |key| by.finds(key)) {
            RawEntryMut::Occupied(mut there) => {
                there.to_back();
                Some(there.get().clone())
            }
            RawEntryMut::Vacant(_) => None,
        }
    }

    fn peek<Q: Finds<K>>(&self, by: &Q) -> Option<E> {
        let hash = self.hasher.hash_one(Query::new(by));
        let list = lock(self.list(hash));
        list.values.raw_entry().from_hash(hash, |key| by.finds(key)).map(|(_, entry)| entry.clone())
    }

    fn insert(&self, key: K, entry: E) -> Evicted<K, E> {
        let hash = self.hasher.hash_one(&key);
        let mut list = lock(self.list(hash));
        let replaced = list.take(hash, |other| *other == key);
        let mut evicted = Evicted { replaced, incoming: hash, ..Evicted::default() };
        if weight(&entry) > list.room {
            // Before the value, whose drop may call the function.
            drop(list);
            return evicted;
        }
        list.make_room(weight(&entry), &mut evicted.entries);
        list.push(hash, key, entry);
        evicted
    }

    fn remove<Q: Finds<K>>(&self, by: &Q) -> Option<(K, E)> {
        let hash = self.hasher.hash_one(Query::new(by));
        lock(self.list(hash)).take(hash, |key| by.finds(key))
    }

    fn clear(&self, gone: &mut dyn FnMut(K, E)) {
        for Aligned(list) in &self.lists {
            let empty = LinkedHashMap::with_hasher(self.hasher.clone());
            let taken = lock(list).replace(empty);
            // Outside of the lock: a value's drop may call the function.
            taken.into_iter().for_each(|(key, entry)| gone(key, entry));
        }
    }

    fn len(&self) -> usize {
        self.lists.iter().map(|Aligned(list)| lock(list).values.len()).sum()
    }
}

impl<K, E> ExactStore<K, E> {
    /// A table takes the lowest and the seven highest bits; the list is chosen by others.
    #[inline]
    fn list(&self, hash: u64) -> &Mutex<List<K, E>> {
        &self.lists[(hash >> 40) as usize % self.lists.len()].0
    }
}

impl<K: OwnedKey, E: Entry> List<K, E> {
    fn new(room: u64, hasher: RandomState) -> Self {
        List { values: LinkedHashMap::with_hasher(hasher), weight: 0, room }
    }

    fn take(&mut self, hash: u64, is_it: impl FnMut(&K) -> bool) -> Option<(K, E)> {
        let RawEntryMut::Occupied(there) = self.values.raw_entry_mut().from_hash(hash, is_it) else { return None };
        let (key, entry) = there.remove_entry();
        self.weight -= weight(&entry);
        Some((key, entry))
    }

    /// Until this much more may come.
    fn make_room(&mut self, more: u64, evicted: &mut Vec<(K, E)>) {
        while self.room - self.weight < more {
            // Nothing is found where a key's hash has changed.
            let Some((key, entry)) = self.values.pop_front() else { break };
            self.weight -= weight(&entry);
            evicted.push((key, entry));
        }
    }

    fn push(&mut self, hash: u64, key: K, entry: E) {
        self.weight += weight(&entry);
        if let RawEntryMut::Vacant(free) = self.values.raw_entry_mut().from_hash(hash, |_| false) {
            free.insert_hashed_nocheck(hash, key, entry);
        }
    }

    fn replace(&mut self, values: LinkedHashMap<K, E, RandomState>) -> LinkedHashMap<K, E, RandomState> {
        self.weight = 0;
        std::mem::replace(&mut self.values, values)
    }
}

/// What weighs nothing would never have to go.
fn weight(entry: &impl Entry) -> u64 {
    entry.weight().max(1)
}

/// That of each list: all of it together, as even as may be.
fn rooms(settings: &Settings) -> Vec<u64> {
    if let Some(weight) = settings.max_weight {
        return vec![weight];
    }
    let max = settings.max.unwrap_or(DEFAULT_MAX);
    let lists = (max / LIST).checked_ilog2().map_or(1, |power| LISTS.min(1 << power));
    (0..lists).map(|at| (max / lists + usize::from(at < max % lists)) as u64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_are_one_until_there_is_enough_for_two() {
        let rooms = |max| rooms(&Settings::NONE.max(max));
        assert_eq!((rooms(1), rooms(1024), rooms(2047)), (vec![1], vec![1024], vec![2047]));
        assert_eq!((rooms(2048), rooms(3001)), (vec![1024, 1024], vec![1501, 1500]));
        for max in [4096, 5000, 65_537, 10_000_000] {
            let rooms = rooms(max);
            assert!(rooms.len().is_power_of_two() && rooms.len() <= LISTS);
            assert!(rooms.iter().sum::<u64>() == max as u64 && rooms.iter().all(|room| *room >= 1024));
        }
        assert_eq!(super::rooms(&Settings::NONE.max_weight(1 << 40)), [1 << 40]);
    }
}
