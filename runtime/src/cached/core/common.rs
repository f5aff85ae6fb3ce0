//! The parts of a cache that do not depend on types: compiled once for a program, which has thousands of cached
//! functions, of hundreds of types.

use std::sync::{Arc, OnceLock};

use foldhash::fast::RandomState;

use crate::cached::flight::table::{self, Joined};
use crate::cached::handle::registry::Row;
use crate::cached::info::Info;
use crate::cached::key::within::Within;
use crate::cached::key::{AnyKey, ByAny, ErasedQuery, FindsAny};
use crate::cached::removal::{Listeners, Removal};
use crate::cached::stats::Stats;
use crate::cached::store::{ErasedStore, Removed};
use crate::cached::value::entry::{Age, AnyValue};
use crate::cached::value::expiry::Lengths;
use crate::cached::value::settings::Settings;
use crate::clock;

pub(in crate::cached) type Flight = table::Flight<AnyValue>;
pub(in crate::cached) type Flights = table::Flights<AnyKey, AnyValue>;
type Locked<'a> = table::Locked<'a, AnyKey, AnyValue>;

/// A cache without its types.
pub(in crate::cached) struct Common {
    pub(in crate::cached) name: &'static str,
    pub(in crate::cached) stats: &'static Stats,
    pub(in crate::cached) flights: Flights,
    pub(in crate::cached) settings: Settings,
    /// The same for all caches, so that a key's hash is valid in other caches with the same key type.
    pub(super) hasher: RandomState,
    pub(super) lengths: Lengths,
    /// Its row in the registry.
    pub(in crate::cached) row: OnceLock<&'static Row>,
    pub(super) listeners: Listeners,
    has_link: bool,
}

/// A value about to be stored.
pub(super) trait Arrival<'c> {
    /// A clone for the waiters. Runs the user's code.
    fn share(&self) -> AnyValue;
    /// Should it be stored?
    fn is_kept(&self) -> bool;
    /// Stores it.
    fn keep(&mut self, hash: u64, key: AnyKey, is_told: bool) -> Removed<'c>;
}

/// The same without the types.
pub(super) enum ErasedRole {
    /// The value has been stored in the meantime.
    Again,
    Lead(Arc<Flight>),
    Wait(Arc<Flight>, u64),
}

impl Common {
    pub(super) fn new(name: &'static str, stats: &'static Stats, settings: Settings, has_link: bool) -> Self {
        // It is read when a value expires, and for the time of each run.
        clock::set_anchor();
        let lengths = Lengths::new(&settings);
        let (flights, hasher, row, listeners) = (Flights::new(name), hasher(), OnceLock::new(), Listeners::new());
        Common { name, stats, flights, settings, hasher, lengths, row, listeners, has_link }
    }

    pub(in crate::cached) fn hash(&self, query: &dyn ErasedQuery) -> u64 {
        query.hash_with(&self.hasher)
    }

    /// A call that did not find its value becomes the leader, or waits for the leader.
    pub(super) fn begin(&self, store: &dyn ErasedStore, hash: u64, query: &dyn ErasedQuery) -> ErasedRole {
        let key = query.own();
        let mut table = self.flights.table(hash);
        let Some((flight, joined)) = table::join(&table, hash, &ByAny(query)) else {
            // It may have been stored between the lookup and the lock.
            if is_kept(store, hash, query) {
                drop(table);
                return ErasedRole::Again;
            }
            let flight = table::begin(&mut table, hash, key);
            drop(table);
            self.count_miss();
            return ErasedRole::Lead(flight);
        };
        drop(table);
        match joined {
            Joined::Lead => {
                self.count_miss();
                ErasedRole::Lead(flight)
            }
            Joined::Wait { ticket } => ErasedRole::Wait(flight, ticket),
        }
    }

    /// Leads a run whether or not a value is stored. A run that is under way started too early: its value will not be
    /// stored.
    pub(super) fn begin_anew(&self, query: &dyn ErasedQuery) -> Arc<Flight> {
        let (hash, key) = (self.hash(query), query.own());
        let mut table = self.flights.table(hash);
        let detached = table::detach(&mut table, hash, &ByAny(query));
        let flight = table::begin(&mut table, hash, key);
        drop(table);
        drop(detached);
        self.count_miss();
        flight
    }

    /// Leads a run while the old value is still being returned, unless another run is under way.
    pub(super) fn begin_refresh(&self, hash: u64, query: &dyn ErasedQuery) -> Option<Arc<Flight>> {
        let key = query.own();
        let mut table = self.flights.table(hash);
        if table::is_under_way(&table, hash, &ByAny(query)) {
            return None;
        }
        let flight = table::begin(&mut table, hash, key);
        drop(table);
        self.stats.refresh();
        Some(flight)
    }

    /// Ends a run that returned a value: stores it, unless its key has been invalidated in the meantime, and passes it
    /// to all waiters. A value that is not to be stored removes an older one.
    pub(super) fn complete<'c>(&self, store: &'c dyn ErasedStore, flight: &Arc<Flight>, arrival: &mut dyn Arrival<'c>) {
        let _within = Within::enter();
        let (mut table, shared) = self.landing(flight, &|| arrival.share());
        let key = table::take(&mut table, flight);
        let mut unkept = None;
        let gone = match key {
            Some(key) if arrival.is_kept() => Some(self.keep(flight.hash, key, arrival)),
            Some(key) => Some(store.remove(flight.hash, &**unkept.insert(key))),
            None => None,
        };
        drop(table);
        drop(unkept);
        if let Some(value) = shared {
            flight.complete(value);
        }
        if let Some(gone) = gone {
            self.tell(&gone);
        }
    }

    /// The locked table of a flight that is about to end, and a clone of its value if a call waits for it. Cloning runs
    /// the user's code, so it happens without the lock.
    fn landing(&self, flight: &Flight, share: &dyn Fn() -> AnyValue) -> (Locked<'_>, Option<AnyValue>) {
        let table = self.flights.table(flight.hash);
        if !flight.is_awaited() {
            return (table, None);
        }
        drop(table);
        let shared = share();
        (self.flights.table(flight.hash), Some(shared))
    }

    fn keep<'c>(&self, hash: u64, key: AnyKey, arrival: &mut dyn Arrival<'c>) -> Removed<'c> {
        let gone = arrival.keep(hash, key, self.listeners.are_any());
        self.stats.evicted(gone.evictions);
        self.stats.expired(gone.expirations);
        if gone.is_refused {
            self.stats.refused(self.name, self.settings.max_weight.unwrap_or(0));
        }
        gone
    }

    /// Ends a run that succeeded, but whose value is not to be stored: the older value is stale.
    #[cold]
    pub(super) fn complete_without(&self, store: &dyn ErasedStore, flight: &Arc<Flight>) {
        let _within = Within::enter();
        let table = self.flights.table(flight.hash);
        let older = table::with_key(&table, flight, |key| store.remove(flight.hash, &**key));
        drop(table);
        if let Some(older) = older {
            self.tell(&older);
        }
    }

    /// Ends a run that failed: returns an older value that may be used instead, which all waiters get as well.
    #[cold]
    pub(super) fn stand_in(&self, store: &dyn ErasedStore, flight: &Arc<Flight>) -> Option<AnyValue> {
        let _within = Within::enter();
        // The user's code runs without the lock. If the key is invalidated meanwhile, the flight is no longer in the
        // table.
        let key = table::with_key(&self.flights.table(flight.hash), flight, Arc::clone)?;
        let mut found = None;
        store.peek(flight.hash, &*key, &mut |entry| found = entry.outlives_errors().then(|| entry.share()));
        let value = found?;
        let (mut table, shared) = self.landing(flight, &|| Arc::clone(&value));
        let taken = table::take(&mut table, flight);
        drop(table);
        taken?;
        if let Some(value) = shared {
            flight.complete(value);
        }
        Some(value)
    }

    /// Inserts a value by hand; a run that is under way does not overwrite it.
    pub(super) fn insert(&self, hash: u64, key: AnyKey, arrival: &mut dyn Arrival<'_>) {
        let _within = Within::enter();
        let mut table = self.flights.table(hash);
        let detached = table::detach(&mut table, hash, &ByAny(&*key));
        let gone = self.keep(hash, key, arrival);
        drop(table);
        drop(detached);
        self.tell(&gone);
    }

    /// Invalidates a value, and that of a run that is under way. Was there one?
    pub(in crate::cached) fn invalidate(&self, store: &dyn ErasedStore, hash: u64, by: &dyn FindsAny) -> bool {
        let _within = Within::enter();
        let mut table = self.flights.table(hash);
        let detached = table::detach(&mut table, hash, &ByAny(by));
        let removed = store.remove(hash, by);
        drop(table);
        drop(detached);
        let mut was_there = false;
        removed.each(&mut |_, entry, _| was_there |= entry.age() != Age::Expired);
        self.tell(&removed);
        was_there
    }

    /// Removes all values and all flights, so that none of their values will be stored.
    pub(in crate::cached) fn forget_all(&self, store: &dyn ErasedStore) {
        for mut table in self.flights.tables() {
            let detached = std::mem::take(&mut *table);
            drop(table);
            drop(detached);
        }
        self.tell(&store.clear());
    }

    pub(in crate::cached) fn purge_expired(&self, store: &dyn ErasedStore) -> usize {
        let gone = store.purge_expired();
        let mut number = 0;
        gone.each(&mut |_, _, _| number += 1);
        self.stats.expired(number);
        self.tell(&gone);
        number
    }

    fn tell(&self, gone: &Removed<'_>) {
        let _outside = Within::leave();
        gone.each(&mut |key, entry, why| {
            let is_old = why == Removal::Replaced && entry.age() == Age::Expired;
            self.listeners.tell(key, entry.value(), if is_old { Removal::Expired } else { why });
        });
    }

    pub(in crate::cached) fn info(&self, store: &dyn ErasedStore) -> Info {
        let (len, in_flight) = (store.len(), self.flights.len());
        let weight = self.settings.max_weight.map(|_| store.weight());
        Info { len, weight, capacity: self.settings.max, in_flight, ..Info::of(&self.stats.figures()) }
    }

    /// A leader counts as a miss, unless the value may be in another store.
    pub(super) fn count_miss(&self) {
        if !self.has_link {
            self.stats.miss();
        }
    }

    /// The call that this call waits for is itself waiting for this call.
    #[cold]
    pub(in crate::cached) fn waits_for_itself(&self, key: &str) -> ! {
        panic!(
            "festoon: deadlock: `{}` waits for itself: it was called for {key} while this chain of calls is computing that \
             value",
            self.name
        )
    }
}

/// A clone of the stored value.
pub(in crate::cached) fn peek(store: &dyn ErasedStore, hash: u64, by: &dyn FindsAny) -> Option<AnyValue> {
    let mut found = None;
    store.peek(hash, by, &mut |entry| found = (entry.age() != Age::Expired).then(|| entry.share()));
    found
}

fn is_kept(store: &dyn ErasedStore, hash: u64, by: &dyn FindsAny) -> bool {
    let mut is_kept = false;
    store.peek(hash, by, &mut |entry| is_kept = entry.age() != Age::Expired);
    is_kept
}

/// One random seed per process.
fn hasher() -> RandomState {
    static HASHER: OnceLock<RandomState> = OnceLock::new();
    HASHER.get_or_init(RandomState::default).clone()
}
