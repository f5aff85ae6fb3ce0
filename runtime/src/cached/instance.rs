//! The cache of one instantiation of a function: a store, the flights of missing values, and counters.

use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::call::{Lead, Wait};
use super::flight::{self, Flight, Flights, Joined};
use super::handle::Info;
use super::key::{Finds, OwnedKey, Part, Query, Same, Shown, Stored};
use super::settings::Settings;
use super::store::{Entry, Evicted, NEVER, Store, Value};
use super::waits;
use crate::clock;
use crate::shards::{Count, Shards, per_thread};

/// See the module.
pub struct Instance<K, V, S> {
    store: S,
    hasher: foldhash::fast::RandomState,
    counts: Shards<Counts>,
    flights: Flights<K, V>,
    settings: Settings,
    ttl_ticks: Option<u64>,
    evictions: AtomicU64,
    /// What the counters stood at when they were last set back: hits, misses, evictions.
    zero: [AtomicU64; 3],
    name: &'static str,
}

/// One thread's counts.
#[derive(Debug, Default)]
struct Counts {
    hits: Count,
    misses: Count,
}

per_thread!(Counts);

/// What a look-up that missed the store came to.
pub(super) enum Begun<K: 'static, V: 'static, S: 'static> {
    Value(V),
    Lead(Lead<K, V, S>),
    Wait(Wait<K, V, S>),
}

impl<K: OwnedKey, V: Value, S: Store<K, V>> Instance<K, V, S> {
    pub(super) fn new(settings: Settings, name: &'static str) -> Self {
        if settings.ttl.is_some() {
            clock::set_anchor();
        }
        Instance {
            store: S::new(&settings),
            hasher: foldhash::fast::RandomState::default(),
            counts: Shards::new(),
            flights: Flights::new(),
            settings,
            ttl_ticks: settings.ttl.map(clock::ticks_in),
            evictions: AtomicU64::new(0),
            zero: [const { AtomicU64::new(0) }; 3],
            name,
        }
    }

    pub(super) fn hash<P: Part>(&self, parts: &P) -> u64 {
        self.hasher.hash_one(Hashing(parts))
    }

    /// The hot path.
    #[inline]
    pub(super) fn hit<Q: Finds<K>>(&self, query: &Query<'_, Q>) -> Option<V> {
        let entry = self.store.get(query)?;
        if entry.is_expired() {
            return None;
        }
        self.counts.local().hits.add(1);
        Some(entry.value)
    }

    /// A call that did not find its value leads the computing of it, or waits for the one who does.
    #[inline(never)]
    pub(super) fn begin<P: Part<Owned = K>>(&'static self, hash: u64, shown: &Shown<P>) -> Begun<K, V, S> {
        let key = Stored { hash, key: shown.parts.own() };
        let query = Query { hash, by: &shown.parts };
        let mut table = self.flights.table(hash);
        let Some((flight, joined)) = flight::join(&table, &query) else {
            // It may have landed between the look-up and the lock.
            if let Some(entry) = self.store.get(&query).filter(|entry| !entry.is_expired()) {
                drop(table);
                self.counts.local().hits.add(1);
                return Begun::Value(entry.value);
            }
            let flight = flight::begin(&mut table, key);
            return Begun::Lead(Lead::new(self, flight));
        };
        drop(table);
        match joined {
            Joined::Lead => Begun::Lead(Lead::new(self, flight)),
            Joined::Wait { ticket } => {
                let Some(waiting) = waits::wait_for(Arc::clone(&flight) as _) else {
                    self.flights.leave(&flight, ticket);
                    waits_for_itself(self.name, &(shown.show)(&shown.parts))
                };
                Begun::Wait(Wait::new(self, flight, ticket, waiting))
            }
        }
    }

    /// The end of a run that gave a value: it is stored, unless its key has been invalidated meanwhile, and given to all
    /// who wait.
    pub(super) fn land(&self, flight: &Arc<Flight<V>>, value: V) {
        let entry = self.entry(value);
        let mut table = self.flights.table(flight.hash);
        let shared = flight.is_awaited().then(|| entry.value.clone());
        let gone = flight::take(&mut table, flight).map(|key| self.store(key, entry));
        drop(table);
        drop(gone);
        if let Some(value) = shared {
            flight.land(value);
        }
    }

    pub(super) fn count_hit(&self) {
        self.counts.local().hits.add(1);
    }

    pub(super) fn count_miss(&self) {
        self.counts.local().misses.add(1);
    }

    fn entry(&self, value: V) -> Entry<V> {
        let expires = self.ttl_ticks.map_or(NEVER, |ttl| clock::ticks().saturating_add(ttl));
        Entry { value, expires }
    }

    /// Puts a value in. What leaves the store is handed out, to be dropped outside of all locks.
    #[must_use]
    fn store(&self, key: Stored<K>, entry: Entry<V>) -> Evicted<K, V> {
        let evicted = self.store.insert(key, entry);
        self.evictions.fetch_add(evicted.entries.len() as u64, Relaxed);
        evicted
    }

    pub(super) fn peek(&self, key: &K) -> Option<V> {
        let query = Query { hash: self.hasher.hash_one(key), by: &Same(key) };
        self.store.peek(&query).filter(|entry| !entry.is_expired()).map(|entry| entry.value)
    }

    /// Puts a value in by hand; a run that is under way does not overwrite it.
    pub(super) fn insert(&self, key: K, value: V) {
        let hash = self.hasher.hash_one(&key);
        let entry = self.entry(value);
        let mut table = self.flights.table(hash);
        let detached = flight::detach(&mut table, &Query { hash, by: &Same(&key) });
        let gone = self.store(Stored { hash, key }, entry);
        drop(table);
        drop((gone, detached));
    }

    /// Forgets a value, and that of a run that is under way. Was there one?
    pub(super) fn invalidate(&self, key: &K) -> bool {
        let query = Query { hash: self.hasher.hash_one(key), by: &Same(key) };
        let mut table = self.flights.table(query.hash);
        let detached = flight::detach(&mut table, &query);
        let removed = self.store.remove(&query);
        drop(table);
        drop(detached);
        removed.is_some_and(|(_, entry)| !entry.is_expired())
    }

    pub(super) fn clear(&self) {
        for mut table in self.flights.tables() {
            let detached = std::mem::take(&mut *table);
            drop(table);
            drop(detached);
        }
        self.store.clear();
        for (zero, now) in self.zero.iter().zip(self.counted()) {
            zero.store(now, Relaxed);
        }
    }

    fn counted(&self) -> [u64; 3] {
        [self.counts.sum(|counts| &counts.hits), self.counts.sum(|counts| &counts.misses), self.evictions.load(Relaxed)]
    }

    pub(super) fn info(&self) -> Info {
        let zero = |at: usize| self.zero[at].load(Relaxed);
        let [hits, misses, evictions] = self.counted();
        Info {
            hits: hits.saturating_sub(zero(0)),
            misses: misses.saturating_sub(zero(1)),
            evictions: evictions.saturating_sub(zero(2)),
            len: self.store.len(),
            capacity: self.settings.max,
            in_flight: self.flights.len(),
        }
    }
}

impl<K, V, S> Instance<K, V, S> {
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn flights(&self) -> &Flights<K, V> {
        &self.flights
    }
}

impl<V> Entry<V> {
    #[inline]
    pub(super) fn is_expired(&self) -> bool {
        self.expires != NEVER && clock::ticks() >= self.expires
    }
}

/// Hashes parts as their owned forms.
struct Hashing<'a, P>(&'a P);

impl<P: Part> Hash for Hashing<'_, P> {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

#[cold]
#[inline(never)]
fn waits_for_itself(name: &str, key: &str) -> ! {
    panic!(
        "festoon: `{name}` waits for itself: its value for {key} is asked for while it is being computed, by a call \
         that it cannot end without"
    )
}
