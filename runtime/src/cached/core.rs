//! The cache of one instantiation of a function: a store, the flights of missing values, and counters.

use std::any::Any;
use std::hash::BuildHasher;
use std::sync::{Arc, Weak};

use foldhash::fast::RandomState;

use crate::cached::flight::call::{Lead, Wait};
use crate::cached::flight::table::{self, Flight, Flights, Joined};
use crate::cached::info::Info;
use crate::cached::key::{Finds, Part, Query, Same};
use crate::cached::remote::Link;
use crate::cached::removal::{Listener, Listeners, Removal};
use crate::cached::stats::Stats;
use crate::cached::store::{Removed, Store, Types};
use crate::cached::value::entry::{Age, Entry};
use crate::cached::value::expiry::Lengths;
use crate::cached::value::rules::Plan;
use crate::clock;
use crate::deadlock;

/// See the module.
pub struct Instance<C: Types> {
    store: C::Store,
    stats: &'static Stats,
    flights: Flights<C::Key, C::Value>,
    /// For the flights: a store hashes by itself.
    hasher: RandomState,
    plan: Plan<C::Value>,
    lengths: Lengths,
    listeners: Listeners<C::Key, C::Value>,
    name: &'static str,
    /// To where values are kept besides.
    link: Option<Link<C::Key, C::Value>>,
    this: Weak<Self>,
}

/// What a look-up that missed the store came to.
pub(super) enum Begun<C: Types> {
    Value(C::Value),
    Lead(Lead<C>),
    Wait(Wait<C>),
}

/// What leaves the store, to be told and dropped outside of all locks.
type Gone<'a, C> = Removed<'a, <C as Types>::Key, <C as Types>::Entry>;

impl<C: Types> Instance<C> {
    pub(super) fn new(
        plan: Plan<C::Value>,
        name: &'static str,
        stats: &'static Stats,
        link: Option<Link<C::Key, C::Value>>,
    ) -> Arc<Self> {
        if plan.has_times() {
            clock::set_anchor();
        }
        Arc::new_cyclic(|this| Instance {
            store: C::Store::new(&plan.settings),
            stats,
            flights: Flights::new(),
            hasher: RandomState::default(),
            lengths: Lengths::new(&plan.settings),
            plan,
            listeners: Listeners::new(),
            name,
            link,
            this: Weak::clone(this),
        })
    }

    fn share(&self) -> Arc<Self> {
        self.this.upgrade().unwrap_or_else(|| unreachable!("it is borrowed from an `Arc`"))
    }

    /// The hot path: the store's part is a function that functions of the same types share, the rest stands in the
    /// function itself.
    #[inline]
    pub(super) fn hit<Q: Finds<C::Key>>(&self, by: &Q) -> Option<C::Value> {
        let value = self.hit_uncounted(by)?;
        self.count_hit();
        Some(value)
    }

    #[inline]
    pub(super) fn hit_uncounted<Q: Finds<C::Key>>(&self, by: &Q) -> Option<C::Value> {
        let look = |entry: &C::Entry| (entry.age_in_use() != Age::Expired).then(|| entry.value().clone());
        self.store.get(by, look).flatten()
    }

    /// The same, where a call may have to see to a value's refresh: one that has it claimed gets its entry as well.
    #[inline(never)]
    pub(super) fn hit_or_claim<Q: Finds<C::Key>>(&self, by: &Q) -> Option<(C::Value, Option<C::Entry>)> {
        let look = |entry: &C::Entry| {
            let claimed = match entry.age_in_use() {
                Age::Expired => return None,
                Age::Fresh => None,
                Age::Due => entry.claim().then(|| entry.clone()),
            };
            Some((entry.value().clone(), claimed))
        };
        let found = self.store.get(by, look).flatten();
        if found.is_some() {
            self.count_hit();
        }
        found
    }

    /// A call that did not find its value leads the computing of it, or waits for the one who does.
    #[inline(never)]
    pub(super) fn begin<P: Part<Owned = C::Key>>(&self, parts: &P, show: fn(&P) -> String) -> Begun<C> {
        let hash = self.hash(parts);
        let key = parts.own();
        let mut table = self.flights.table(hash);
        let Some((flight, joined)) = table::join(&table, hash, parts) else {
            // It may have landed between the look-up and the lock.
            if let Some(value) = self.peek(parts) {
                drop(table);
                self.count_hit();
                return Begun::Value(value);
            }
            let flight = table::begin(&mut table, hash, key);
            return Begun::Lead(self.lead(flight));
        };
        drop(table);
        match joined {
            Joined::Lead => Begun::Lead(self.lead(flight)),
            Joined::Wait { ticket } => {
                // Only who is inside of a run can wait for itself.
                let key = deadlock::is_inside().then(|| show(parts));
                Begun::Wait(Wait::new(self.share(), flight, ticket, key))
            }
        }
    }

    /// The leader has gone without a value, and a call that waited leads.
    pub(super) fn take_over(&self, flight: &Arc<Flight<C::Value>>) -> Lead<C> {
        self.lead(Arc::clone(flight))
    }

    fn lead(&self, flight: Arc<Flight<C::Value>>) -> Lead<C> {
        // Whether the body runs is not known yet when the value may be elsewhere.
        if self.link.is_none() {
            self.stats.miss();
        }
        Lead::new(self.share(), flight)
    }

    /// Leads a run whatever is kept. One that is under way began too early: its value will not be kept.
    #[cold]
    pub(super) fn begin_anew<P: Part<Owned = C::Key>>(&self, parts: &P) -> Lead<C> {
        let hash = self.hash(parts);
        let key = parts.own();
        let mut table = self.flights.table(hash);
        let detached = table::detach(&mut table, hash, parts);
        let flight = table::begin(&mut table, hash, key);
        drop(table);
        drop(detached);
        self.lead(flight)
    }

    /// Leads a run beside the value that is given out meanwhile, unless there is one already.
    #[cold]
    pub(super) fn begin_refresh<P: Part<Owned = C::Key>>(&self, parts: &P) -> Option<Lead<C>> {
        let hash = self.hash(parts);
        let key = parts.own();
        let mut table = self.flights.table(hash);
        if table::is_under_way(&table, hash, parts) {
            return None;
        }
        let flight = table::begin(&mut table, hash, key);
        drop(table);
        self.stats.refresh();
        Some(Lead::new(self.share(), flight))
    }

    /// The end of a run that gave a value: it is stored, unless its key has been invalidated meanwhile or the function
    /// does not want it kept, and given to all who wait.
    pub(super) fn land(&self, flight: &Arc<Flight<C::Value>>, value: C::Value) {
        self.land_for(flight, value, u64::MAX);
    }

    /// The same for a value that lives this many ticks at most.
    pub(super) fn land_for(&self, flight: &Arc<Flight<C::Value>>, value: C::Value, longest: u64) {
        let entry = if self.plan.keeps(&value) { Ok(self.entry(value, longest)) } else { Err(value) };
        let mut table = self.flights.table(flight.hash);
        let shared =
            flight.is_awaited().then(|| entry.as_ref().map_or_else(Clone::clone, |entry| entry.value().clone()));
        let key = table::take(&mut table, flight);
        let gone = key.zip(entry.ok()).map(|(key, entry)| self.store(key, entry));
        drop(table);
        if let Some(value) = shared {
            flight.land(value);
        }
        if let Some(gone) = gone {
            self.tell(&gone);
        }
    }

    /// The end of a run that failed: an older value that may stand in for it, which all who wait are given as well.
    #[cold]
    pub(super) fn stand_in(&self, flight: &Arc<Flight<C::Value>>) -> Option<C::Value> {
        let mut table = self.flights.table(flight.hash);
        let look = |entry: &C::Entry| entry.outlives_errors().then(|| entry.value().clone());
        let old = table::with_key(&table, flight, |key| self.store.peek(&Same(key), look)).flatten();
        let value = old.flatten()?;
        let shared = flight.is_awaited().then(|| value.clone());
        let key = table::take(&mut table, flight);
        drop(table);
        drop(key);
        if let Some(value) = shared {
            flight.land(value);
        }
        Some(value)
    }

    /// What a call is waiting for waits for that call.
    pub(in crate::cached) fn waits_for_itself(&self, key: Option<&str>) -> ! {
        waits_for_itself(self.name, key)
    }

    pub(super) fn count_hit(&self) {
        self.stats.hit();
    }

    fn hash(&self, by: &impl Finds<C::Key>) -> u64 {
        self.hasher.hash_one(Query::new(by))
    }

    /// Asks the user's closures, so outside of all locks.
    fn entry(&self, value: C::Value, longest: u64) -> C::Entry {
        let own = self.plan.ttl.map(|ttl| ttl(&value));
        let mut moments = self.lengths.moments(own, (self.plan.is_negative)(&value)).within(longest);
        if let Some(weigh) = self.plan.weigh {
            moments.weight = weigh(&value);
        }
        C::Entry::new(value, moments)
    }

    /// Puts an entry in.
    fn store(&self, key: C::Key, entry: C::Entry) -> Gone<'_, C> {
        let gone = self.store.insert(key, entry, self.listeners.are_any());
        self.stats.evicted(gone.evictions);
        if gone.is_refused {
            self.stats.refused(self.name, self.plan.settings.max_weight.unwrap_or(0));
        }
        gone
    }

    fn tell(&self, gone: &Gone<'_, C>) {
        gone.each(&mut |key, entry, why| {
            let is_old = why == Removal::Replaced && entry.age() == Age::Expired;
            self.listeners.tell(key, entry.value(), if is_old { Removal::Expired } else { why });
        });
    }

    pub(super) fn peek(&self, by: &impl Finds<C::Key>) -> Option<C::Value> {
        let look = |entry: &C::Entry| (entry.age() != Age::Expired).then(|| entry.value().clone());
        self.store.peek(by, look).flatten()
    }

    /// Puts a value in by hand; a run that is under way does not overwrite it.
    pub(super) fn insert(&self, key: C::Key, value: C::Value) {
        if !self.plan.keeps(&value) {
            return;
        }
        let entry = self.entry(value, u64::MAX);
        let hash = self.hash(&Same(&key));
        let mut table = self.flights.table(hash);
        let detached = table::detach(&mut table, hash, &Same(&key));
        let gone = self.store(key, entry);
        drop(table);
        drop(detached);
        self.tell(&gone);
    }

    /// Forgets a value, and that of a run that is under way. Was there one?
    pub(super) fn invalidate(&self, key: &C::Key) -> bool {
        let hash = self.hash(&Same(key));
        let mut table = self.flights.table(hash);
        let detached = table::detach(&mut table, hash, &Same(key));
        let removed = self.store.remove(&Same(key));
        drop(table);
        drop(detached);
        let mut was_there = false;
        removed.each(&mut |_, entry, _| was_there |= entry.age() != Age::Expired);
        self.tell(&removed);
        was_there
    }

    pub(super) fn clear(&self) {
        self.forget_all();
        self.stats.reset();
    }

    pub(super) fn forget_all(&self) {
        for mut table in self.flights.tables() {
            let detached = std::mem::take(&mut *table);
            drop(table);
            drop(detached);
        }
        self.tell(&self.store.clear());
    }

    /// Frees what has expired, and says how many they were.
    pub(super) fn purge_expired(&self) -> usize {
        let gone = self.store.purge_expired();
        let mut number = 0;
        gone.each(&mut |_, _, _| number += 1);
        self.tell(&gone);
        number
    }

    pub(super) fn info(&self) -> Info {
        Info {
            len: self.store.len(),
            capacity: self.plan.settings.max,
            in_flight: self.flights.len(),
            ..Info::of(&self.stats.figures())
        }
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn tags(&self) -> &'static [&'static str] {
        self.plan.settings.tags
    }

    pub(super) fn plan(&self) -> &Plan<C::Value> {
        &self.plan
    }

    pub(super) fn lengths(&self) -> &Lengths {
        &self.lengths
    }

    #[cfg(any(feature = "redis", feature = "disk"))]
    pub(super) fn stats(&self) -> &'static Stats {
        self.stats
    }

    pub(super) fn link(&self) -> Option<&Link<C::Key, C::Value>> {
        self.link.as_ref()
    }

    pub(super) fn flights(&self) -> &Flights<C::Key, C::Value> {
        &self.flights
    }

    /// Takes a listener for its own types out of an `Option` of it.
    pub(super) fn listen(&self, listener: &mut dyn Any) {
        if let Some(listener) = listener.downcast_mut::<Option<Listener<C::Key, C::Value>>>().and_then(Option::take) {
            self.listeners.add(listener);
        }
    }
}

#[cold]
#[inline(never)]
fn waits_for_itself(name: &str, key: Option<&str>) -> ! {
    let key = key.unwrap_or("one of its keys");
    panic!(
        "festoon: `{name}` waits for itself: its value for {key} is asked for while it is being computed, by a call \
         that it cannot end without"
    )
}
