//! What all caches are, whatever their types: compiled once for a program, which has thousands of cached functions, of hundreds
//! of types.

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

/// What a cache is but for its types.
pub(in crate::cached) struct Common {
    pub(in crate::cached) name: &'static str,
    pub(in crate::cached) stats: &'static Stats,
    pub(in crate::cached) flights: Flights,
    pub(in crate::cached) settings: Settings,
    /// The same for all caches, so that the hash of a key holds in another one of its types.
    pub(super) hasher: RandomState,
    pub(super) lengths: Lengths,
    /// Where it is listed.
    pub(in crate::cached) row: OnceLock<&'static Row>,
    pub(super) listeners: Listeners,
    has_link: bool,
}

/// A value on its way into a store.
pub(super) trait Arrival<'c> {
    /// A clone for those who wait. The user's code.
    fn share(&self) -> AnyValue;
    /// Is it to be kept?
    fn is_kept(&self) -> bool;
    /// Keeps it.
    fn keep(&mut self, hash: u64, key: AnyKey, is_told: bool) -> Removed<'c>;
}

/// The same, whatever the types.
pub(super) enum ErasedRole {
    /// The value has been stored meanwhile.
    Again,
    Lead(Arc<Flight>),
    Wait(Arc<Flight>, u64),
}

impl Common {
    pub(super) fn new(
        name: &'static str,
        stats: &'static Stats,
        settings: Settings,
        has_link: bool,
        has_times: bool,
    ) -> Self {
        if has_times {
            clock::set_anchor();
        }
        let lengths = Lengths::new(&settings);
        let (flights, hasher, row, listeners) = (Flights::new(name), hasher(), OnceLock::new(), Listeners::new());
        Common { name, stats, flights, settings, hasher, lengths, row, listeners, has_link }
    }

    pub(in crate::cached) fn hash(&self, query: &dyn ErasedQuery) -> u64 {
        query.hash_with(&self.hasher)
    }

    /// A call that did not find its value leads the computing of it, or waits for the one who does.
    pub(super) fn begin(&self, store: &dyn ErasedStore, hash: u64, query: &dyn ErasedQuery) -> ErasedRole {
        let key = query.own();
        let mut table = self.flights.table(hash);
        let Some((flight, joined)) = table::join(&table, hash, &ByAny(query)) else {
            // It may have been stored between the look-up and the lock.
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

    /// Leads a run whatever is kept. One that is under way began too early: its value will not be kept.
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

    /// Leads a run beside the value that is given out meanwhile, unless there is one already.
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

    /// The end of a run that gave a value: it is stored, unless its key has been invalidated meanwhile, and given to all who
    /// wait. A value that is not to be kept takes an older one out.
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

    /// The table of a flight that is about to end, locked, and a clone of its value if anybody waits for it. The clone is
    /// the user's code, and made without the lock.
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
        if gone.is_refused {
            self.stats.refused(self.name, self.settings.max_weight.unwrap_or(0));
        }
        gone
    }

    /// The end of a run that gave nothing to keep, but succeeded: what was kept before is out of date.
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

    /// The end of a run that failed: an older value that may stand in for it, which all who wait are given as well.
    #[cold]
    pub(super) fn stand_in(&self, store: &dyn ErasedStore, flight: &Arc<Flight>) -> Option<AnyValue> {
        let _within = Within::enter();
        // What the user has written runs without the lock. If the key is invalidated meanwhile, the flight is not there.
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

    /// Puts a value in by hand; a run that is under way does not overwrite it.
    pub(super) fn insert(&self, hash: u64, key: AnyKey, arrival: &mut dyn Arrival<'_>) {
        let _within = Within::enter();
        let mut table = self.flights.table(hash);
        let detached = table::detach(&mut table, hash, &ByAny(&*key));
        let gone = self.keep(hash, key, arrival);
        drop(table);
        drop(detached);
        self.tell(&gone);
    }

    /// Forgets a value, and that of a run that is under way. Was there one?
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

    /// Takes all values out, and all runs, so that none of their values will be stored.
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
        Info { len, capacity: self.settings.max, in_flight, ..Info::of(&self.stats.figures()) }
    }

    /// A call that leads has missed, unless the value may be elsewhere.
    pub(super) fn count_miss(&self) {
        if !self.has_link {
            self.stats.miss();
        }
    }

    /// What a call is waiting for waits for that call.
    #[cold]
    pub(in crate::cached) fn waits_for_itself(&self, key: &str) -> ! {
        panic!(
            "festoon: `{}` waits for itself: its value for {key} is asked for while it is being computed, by a call that \
             it cannot end without",
            self.name
        )
    }
}

/// A clone of the value that is kept.
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

/// One seed for the process, which nobody outside of it knows.
fn hasher() -> RandomState {
    static HASHER: OnceLock<RandomState> = OnceLock::new();
    HASHER.get_or_init(RandomState::default).clone()
}
