//! The cache of one instantiation of a function: a store, the flights of missing values, and counters.

use std::hash::BuildHasher;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use foldhash::fast::RandomState;

use super::call::{Lead, Wait};
use super::entry::{Entry, Life};
use super::flight::{self, Flight, Flights, Joined};
use super::handle::Info;
use super::key::{Finds, Part, Query, Same};
use super::settings::Settings;
use super::store::{Evicted, Store, Types};
use super::waits;
use crate::clock;
use crate::shards::{Count, Shards, per_thread};

/// See the module.
pub struct Instance<C: Types> {
    store: C::Store,
    counts: Shards<Counts>,
    flights: Flights<C::Key, C::Value>,
    /// For the flights: a store hashes by itself.
    hasher: RandomState,
    settings: Settings,
    life: Life,
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
pub(super) enum Begun<C: Types> {
    Value(C::Value),
    Lead(Lead<C>),
    Wait(Wait<C>),
}

impl<C: Types> Instance<C> {
    pub(super) fn new(settings: Settings, name: &'static str) -> Self {
        if settings.ttl.is_some() {
            clock::set_anchor();
        }
        Instance {
            store: C::Store::new(&settings),
            counts: Shards::new(),
            flights: Flights::new(),
            hasher: RandomState::default(),
            settings,
            life: Life { ttl: settings.ttl.map_or(u64::MAX, clock::ticks_in) },
            evictions: AtomicU64::new(0),
            zero: [const { AtomicU64::new(0) }; 3],
            name,
        }
    }

    /// The hot path. Not inlined: functions of the same types share it, and the store's part is inlined into it.
    #[inline(never)]
    pub(super) fn hit<Q: Finds<C::Key>>(&self, by: &Q) -> Option<C::Value> {
        let entry = self.store.get(by)?;
        if !entry.is_fresh() {
            return None;
        }
        self.count_hit();
        Some(entry.into_value())
    }

    /// A call that did not find its value leads the computing of it, or waits for the one who does.
    #[inline(never)]
    pub(super) fn begin<P: Part<Owned = C::Key>>(&'static self, parts: &P, show: fn(&P) -> String) -> Begun<C> {
        let hash = self.hash(parts);
        let key = parts.own();
        let mut table = self.flights.table(hash);
        let Some((flight, joined)) = flight::join(&table, hash, parts) else {
            // It may have landed between the look-up and the lock.
            if let Some(value) = self.peek(parts) {
                drop(table);
                self.count_hit();
                return Begun::Value(value);
            }
            let flight = flight::begin(&mut table, hash, key);
            return Begun::Lead(Lead::new(self, flight));
        };
        drop(table);
        match joined {
            Joined::Lead => Begun::Lead(Lead::new(self, flight)),
            Joined::Wait { ticket } => {
                let Some(waiting) = waits::wait_for(Arc::clone(&flight) as _) else {
                    self.flights.leave(&flight, ticket);
                    waits_for_itself(self.name, &show(parts))
                };
                Begun::Wait(Wait::new(self, flight, ticket, waiting))
            }
        }
    }

    /// The end of a run that gave a value: it is stored, unless its key has been invalidated meanwhile, and given to all
    /// who wait.
    pub(super) fn land(&self, flight: &Arc<Flight<C::Value>>, value: C::Value) {
        let mut table = self.flights.table(flight.hash);
        let shared = flight.is_awaited().then(|| value.clone());
        let gone = flight::take(&mut table, flight).map(|key| self.store(key, value));
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

    fn hash(&self, by: &impl Finds<C::Key>) -> u64 {
        self.hasher.hash_one(Query::new(by))
    }

    /// Puts a value in. What leaves the store is handed out, to be dropped outside of all locks.
    #[must_use]
    fn store(&self, key: C::Key, value: C::Value) -> Evicted<C::Key, C::Entry> {
        let evicted = self.store.insert(key, C::Entry::new(value, self.life));
        self.evictions.fetch_add(evicted.entries.len() as u64, Relaxed);
        evicted
    }

    pub(super) fn peek(&self, by: &impl Finds<C::Key>) -> Option<C::Value> {
        self.store.peek(by).filter(Entry::is_fresh).map(Entry::into_value)
    }

    /// Puts a value in by hand; a run that is under way does not overwrite it.
    pub(super) fn insert(&self, key: C::Key, value: C::Value) {
        let hash = self.hash(&Same(&key));
        let mut table = self.flights.table(hash);
        let detached = flight::detach(&mut table, hash, &Same(&key));
        let gone = self.store(key, value);
        drop(table);
        drop((gone, detached));
    }

    /// Forgets a value, and that of a run that is under way. Was there one?
    pub(super) fn invalidate(&self, key: &C::Key) -> bool {
        let hash = self.hash(&Same(key));
        let mut table = self.flights.table(hash);
        let detached = flight::detach(&mut table, hash, &Same(key));
        let removed = self.store.remove(&Same(key));
        drop(table);
        drop(detached);
        removed.is_some_and(|(_, entry)| entry.is_fresh())
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
        let since = |at: usize, now: u64| now.saturating_sub(self.zero[at].load(Relaxed));
        let [hits, misses, evictions] = self.counted();
        Info {
            hits: since(0, hits),
            misses: since(1, misses),
            evictions: since(2, evictions),
            len: self.store.len(),
            capacity: self.settings.max,
            in_flight: self.flights.len(),
        }
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn flights(&self) -> &Flights<C::Key, C::Value> {
        &self.flights
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
