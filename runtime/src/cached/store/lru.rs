//! The store of `policy = lru`: evicts the least recently used value, exactly. A hit moves its value to the new end of
//! a list, under a lock; a key's `Eq` and a value's `Clone` run under it.

use std::sync::Mutex;

use crate::cached::key::{Finds, FindsAny, OwnedKey, Same, Untyped};
use crate::cached::removal::Removal;
use crate::cached::store::list::List;
use crate::cached::store::{Engine, ErasedStore, Removed, Store};
use crate::cached::value::entry::{Entry, ErasedEntry, Times};
use crate::cached::value::settings::{DEFAULT_MAX, Settings};
use crate::clock;
use crate::sync::lock;

/// `#[cached(policy = lru)]`
#[derive(Debug)]
pub struct Exact<T>(pub T);

impl<T: Times> Engine for Exact<T> {
    type Times = T;
    type Store<K: OwnedKey, E: Entry> = ExactStore<K, E>;
}

/// The minimum number of values in a list if there are several.
const LIST: usize = 1024;
/// The maximum number of lists.
const LISTS: usize = 64;

/// See [`Exact`].
pub struct ExactStore<K, E> {
    /// One, or a power of two.
    lists: Box<[Aligned<K, E>]>,
}

/// A lock on a cache line of its own.
#[repr(align(64))]
struct Aligned<K, E>(Mutex<List<K, E>>);

impl<K: OwnedKey, E: Entry> Store<K, E> for ExactStore<K, E> {
    fn new(settings: &Settings) -> Self {
        let lists = rooms(settings).into_iter().map(|room| Aligned(Mutex::new(List::new(room)))).collect();
        ExactStore { lists }
    }

    #[inline]
    fn get<Q: Finds<K>, R>(&self, hash: u64, by: &Q, look: impl FnOnce(&E) -> R) -> Option<R> {
        let mut list = lock(self.list(hash));
        let at = list.find(hash, by)?;
        list.touch(at);
        list.entry(at).map(look)
    }

    fn insert(&self, hash: u64, key: K, entry: E, _: bool) -> Removed<'_> {
        let mut gone = Vec::new();
        let mut list = lock(self.list(hash));
        let older = list.find(hash, &Same(&key)).and_then(|at| list.take(at));
        let expirations = older.iter().filter(|(_, entry)| entry.deadline() <= clock::ticks()).count();
        gone.extend(older.map(|(key, entry)| (key, entry, Removal::Replaced)));
        let before = gone.len();
        let refused = list.put(hash, key, entry, &mut gone);
        // Before the rejected value, whose destructor may call the function.
        drop(list);
        let evictions = gone.len() - before;
        let mut removed = Removed::owned(gone);
        (removed.evictions, removed.expirations, removed.is_refused) = (evictions, expirations, refused.is_err());
        removed
    }

    fn erased(&self) -> &dyn ErasedStore {
        self
    }
}

impl<K: OwnedKey, E: Entry> ErasedStore for ExactStore<K, E> {
    fn peek(&self, hash: u64, by: &dyn FindsAny, look: &mut dyn FnMut(&dyn ErasedEntry)) {
        let list = lock(self.list(hash));
        if let Some(entry) = list.find(hash, &Untyped(by)).and_then(|at| list.entry(at)) {
            look(entry);
        }
    }

    fn remove(&self, hash: u64, by: &dyn FindsAny) -> Removed<'_> {
        let mut list = lock(self.list(hash));
        let found = list.find(hash, &Untyped(by)).and_then(|at| list.take(at));
        Removed::owned(found.map(|(key, entry)| (key, entry, Removal::Invalidated)).into_iter().collect())
    }

    fn clear(&self) -> Removed<'_> {
        self.take_all(|_| true, Removal::Invalidated)
    }

    fn purge_expired(&self) -> Removed<'_> {
        let now = clock::ticks();
        self.take_all(|entry| entry.deadline() <= now, Removal::Expired)
    }

    fn len(&self) -> usize {
        self.lists.iter().map(|Aligned(list)| lock(list).len()).sum()
    }

    fn weight(&self) -> u64 {
        self.lists.iter().map(|Aligned(list)| lock(list).weight()).sum()
    }
}

impl<K: OwnedKey, E: Entry> ExactStore<K, E> {
    fn take_all(&self, is_due: impl Fn(&E) -> bool, why: Removal) -> Removed<'_> {
        let taken = self.lists.iter().flat_map(|Aligned(list)| lock(list).take_all(&is_due));
        Removed::owned(taken.map(|(key, entry)| (key, entry, why)).collect())
    }
}

impl<K, E> ExactStore<K, E> {
    /// A table uses the lowest and the seven highest bits; other bits select the list.
    #[inline]
    fn list(&self, hash: u64) -> &Mutex<List<K, E>> {
        &self.lists[(hash >> 40) as usize % self.lists.len()].0
    }
}

/// The capacity of each list: the total, divided as evenly as possible.
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
