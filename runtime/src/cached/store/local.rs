//! The stores of `scope = thread`: the same as the shared ones, with one for each thread.

use std::cell::Cell;
use std::marker::PhantomData;

use crate::cached::key::{Finds, OwnedKey};
use crate::cached::store::concurrent::ConcurrentStore;
use crate::cached::store::{Engine, ErasedStore, Removed, Store};
use crate::cached::value::entry::{Entry, Times};
use crate::cached::value::settings::Settings;

/// `scope = thread`
#[derive(Debug)]
pub struct Local<T>(pub T);

impl<T: Times> Engine for Local<T> {
    type Times = T;
    type Store<K: OwnedKey, E: Entry> = LocalStore<K, E>;
}

/// `scope = thread, unbounded`
#[derive(Debug)]
pub struct LocalUnbounded<T>(pub T);

impl<T: Times> Engine for LocalUnbounded<T> {
    type Times = T;
    type Store<K: OwnedKey, E: Entry> = LocalStore<K, E>;
}

/// See [`Local`]. Not `Sync`, so that only this thread reads what it frees.
pub struct LocalStore<K, E> {
    store: ConcurrentStore<K, E>,
    is_of_thread: PhantomData<Cell<()>>,
}

impl<K: OwnedKey, E: Entry> Store<K, E> for LocalStore<K, E> {
    fn new(settings: &Settings) -> Self {
        // SAFETY: it is behind a type that is not `Sync`.
        #[expect(unsafe_code, reason = "the types document the promise")]
        let store = unsafe { ConcurrentStore::of_thread(settings) };
        LocalStore { store, is_of_thread: PhantomData }
    }

    #[inline]
    fn get<Q: Finds<K>, R>(&self, hash: u64, by: &Q, look: impl FnOnce(&E) -> R) -> Option<R> {
        self.store.get(hash, by, look)
    }

    fn insert(&self, hash: u64, key: K, entry: E, is_told: bool) -> Removed<'_> {
        self.store.insert(hash, key, entry, is_told)
    }

    fn erased(&self) -> &dyn ErasedStore {
        self.store.erased()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cached::value::entry::{NoExpiry, Times};

    /// The compiler can only choose if just one of the two applies.
    trait NeverSync<Marker> {
        const IS: bool = true;
    }

    impl<T: ?Sized> NeverSync<()> for T {}
    impl<T: ?Sized + Sync> NeverSync<u8> for T {}

    #[test]
    fn it_is_never_shared_between_threads() {
        type Entry = <NoExpiry as Times>::Entry<u8>;
        const { assert!(<LocalStore<u8, Entry> as NeverSync<_>>::IS, "does not compile if it is `Sync`") };
    }
}
