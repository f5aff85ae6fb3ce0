//! The cache of one instantiation of a function: a store, the runs for values that are missing, and statistics.
//!
//! What a hit does stands in [`Core::hit`]. All that does not depend on the types of keys and values is in [`Common`], which
//! is compiled once: a program has thousands of cached functions, of hundreds of types.

use std::any::Any;
use std::hash::BuildHasher;
use std::sync::{Arc, OnceLock, Weak};

use foldhash::fast::RandomState;

use crate::cached::flight::call::{Leader, Waiter};
use crate::cached::flight::table::{self, Joined};
use crate::cached::handle::registry::Row;
use crate::cached::info::Info;
use crate::cached::key::{AnyKey, ErasedQuery, Finds, FindsAny, KeyPart, LookupKey, Query, Same};
use crate::cached::remote::Link;
use crate::cached::removal::{Listener, Listeners, Removal};
use crate::cached::stats::Stats;
use crate::cached::store::{Removed, Store, Types};
use crate::cached::value::entry::{Age, Entry};
use crate::cached::value::expiry::Lengths;
use crate::cached::value::rules::Plan;
use crate::cached::value::settings::Settings;
use crate::clock;

/// A value for those who wait for it, whatever its type.
pub(super) type AnyValue = Arc<dyn Any + Send + Sync>;
pub(super) type Flight = table::Flight<AnyValue>;
pub(super) type Flights = table::Flights<AnyKey, AnyValue>;
type Locked<'a> = table::Locked<'a, AnyKey, AnyValue>;

/// See the module.
pub struct Core<C: Types> {
    common: Common,
    store: C::Store,
    plan: Plan<C::Value>,
    listeners: Listeners<C::Key, C::Value>,
    /// To where values are kept besides.
    link: Option<Link<C::Key, C::Value>>,
    this: Weak<Self>,
}

/// What a cache is but for its types.
pub(super) struct Common {
    pub(super) name: &'static str,
    pub(super) stats: &'static Stats,
    pub(super) flights: Flights,
    pub(super) settings: Settings,
    /// The same for all caches, so that the hash of a key holds in another one of its types.
    hasher: RandomState,
    lengths: Lengths,
    /// Where it is listed.
    pub(super) row: OnceLock<&'static Row>,
    has_link: bool,
}

/// What a look-up that missed the store came to.
pub(super) enum Role<C: Types> {
    Value(C::Value),
    Lead(Leader<C>),
    Wait(Waiter<C>),
}

/// The same, whatever the types.
enum ErasedRole {
    /// The value has been stored meanwhile.
    Again,
    Lead(Arc<Flight>),
    Wait(Arc<Flight>, u64),
}

impl Common {
    /// A call that did not find its value leads the computing of it, or waits for the one who does.
    fn begin(&self, hash: u64, query: &dyn ErasedQuery, is_kept: &dyn Fn() -> bool) -> ErasedRole {
        let key = query.own();
        let mut table = self.flights.table(hash);
        let Some((flight, joined)) = table::join(&table, hash, &(query as &dyn FindsAny)) else {
            // It may have landed between the look-up and the lock.
            if is_kept() {
                drop(table);
                return ErasedRole::Again;
            }
            return ErasedRole::Lead(table::begin(&mut table, hash, key));
        };
        drop(table);
        match joined {
            Joined::Lead => ErasedRole::Lead(flight),
            Joined::Wait { ticket } => ErasedRole::Wait(flight, ticket),
        }
    }

    /// Leads a run whatever is kept. One that is under way began too early: its value will not be kept.
    fn begin_anew(&self, hash: u64, query: &dyn ErasedQuery) -> Arc<Flight> {
        let key = query.own();
        let mut table = self.flights.table(hash);
        let detached = table::detach(&mut table, hash, &(query as &dyn FindsAny));
        let flight = table::begin(&mut table, hash, key);
        drop(table);
        drop(detached);
        flight
    }

    /// Leads a run beside the value that is given out meanwhile, unless there is one already.
    fn begin_refresh(&self, hash: u64, query: &dyn ErasedQuery) -> Option<Arc<Flight>> {
        let key = query.own();
        let mut table = self.flights.table(hash);
        if table::is_under_way(&table, hash, &(query as &dyn FindsAny)) {
            return None;
        }
        let flight = table::begin(&mut table, hash, key);
        drop(table);
        self.stats.refresh();
        Some(flight)
    }

    /// Takes all runs out, so that none of their values will be stored.
    fn detach_all(&self) {
        for mut table in self.flights.tables() {
            let detached = std::mem::take(&mut *table);
            drop(table);
            drop(detached);
        }
    }

    fn info(&self, len: usize) -> Info {
        let in_flight = self.flights.len();
        Info { len, capacity: self.settings.max, in_flight, ..Info::of(&self.stats.figures()) }
    }

    /// An entry has been put in, or has not.
    fn stored(&self, evictions: usize, is_refused: bool) {
        self.stats.evicted(evictions);
        if is_refused {
            self.stats.refused(self.name, self.settings.max_weight.unwrap_or(0));
        }
    }

    /// A call that leads has missed, unless the value may be elsewhere.
    fn count_miss(&self) {
        if !self.has_link {
            self.stats.miss();
        }
    }
}

/// What leaves the store, to be told and dropped outside of all locks.
type Gone<'a, C> = Removed<'a, <C as Types>::Key, <C as Types>::Entry>;

impl<C: Types> Core<C> {
    pub(super) fn new(
        plan: Plan<C::Value>,
        name: &'static str,
        stats: &'static Stats,
        link: Option<Link<C::Key, C::Value>>,
    ) -> Arc<Self> {
        if plan.has_times() {
            clock::set_anchor();
        }
        let settings = plan.settings;
        let common = Common {
            name,
            stats,
            flights: Flights::new(name),
            settings,
            hasher: hasher(),
            lengths: Lengths::new(&settings),
            row: OnceLock::new(),
            has_link: link.is_some(),
        };
        Arc::new_cyclic(|this| Core {
            common,
            store: C::Store::new(&settings),
            plan,
            listeners: Listeners::new(),
            link,
            this: Weak::clone(this),
        })
    }

    /// Of nobody: what it counts is not looked at.
    #[cold]
    pub(super) fn unlisted(plan: Plan<C::Value>, name: &'static str) -> Arc<Self> {
        static NOBODY: OnceLock<&Stats> = OnceLock::new();
        Core::new(plan, name, NOBODY.get_or_init(Stats::leaked), None)
    }

    /// Has no call come to it yet?
    pub(super) fn is_unused(&self) -> bool {
        let Info { hits, misses, len, .. } = self.info();
        hits + misses == 0 && len == 0
    }

    pub(super) fn share(&self) -> Arc<Self> {
        self.this.upgrade().unwrap_or_else(|| unreachable!("it is borrowed from an `Arc`"))
    }

    /// The hot path: the store's part is a function that functions of the same types share, the rest stands in the
    /// function itself.
    #[inline]
    pub(super) fn hit<Q: Finds<C::Key>>(&self, hash: u64, by: &Q) -> Option<C::Value> {
        let value = self.hit_uncounted(hash, by)?;
        self.count_hit();
        Some(value)
    }

    #[inline]
    pub(super) fn hit_uncounted<Q: Finds<C::Key>>(&self, hash: u64, by: &Q) -> Option<C::Value> {
        let look = |entry: &C::Entry| (entry.age_in_use() != Age::Expired).then(|| entry.value().clone());
        self.store.get(hash, by, look).flatten()
    }

    /// The same, where a call may have to see to a value's refresh: one that has it claimed gets its entry as well.
    #[inline(never)]
    pub(super) fn hit_or_claim<Q: Finds<C::Key>>(&self, hash: u64, by: &Q) -> Option<(C::Value, Option<C::Entry>)> {
        let look = |entry: &C::Entry| {
            let claimed = match entry.age_in_use() {
                Age::Expired => return None,
                Age::Fresh => None,
                Age::Due => entry.claim().then(|| entry.clone()),
            };
            Some((entry.value().clone(), claimed))
        };
        let found = self.store.get(hash, by, look).flatten();
        if found.is_some() {
            self.count_hit();
        }
        found
    }

    /// A call that did not find its value leads the computing of it, or waits for the one who does.
    pub(super) fn begin<Q: KeyPart<Owned = C::Key>>(self: Arc<Self>, hash: u64, query: &LookupKey<Q>) -> Role<C> {
        loop {
            return match self.common.begin(hash, query, &|| self.is_kept(hash, &query.parts)) {
                ErasedRole::Lead(flight) => {
                    self.common.count_miss();
                    Role::Lead(Leader::new(self, flight))
                }
                ErasedRole::Wait(flight, ticket) => Role::Wait(Waiter::new(self, flight, ticket).for_key(query)),
                ErasedRole::Again => match self.hit(hash, &query.parts) {
                    Some(value) => Role::Value(value),
                    None => continue,
                },
            };
        }
    }

    /// The leader has gone without a value, and a call that waited leads.
    pub(super) fn lead(&self, flight: Arc<Flight>) -> Leader<C> {
        self.common.count_miss();
        Leader::new(self.share(), flight)
    }

    /// Leads a run whatever is kept.
    #[cold]
    pub(super) fn begin_anew<Q: KeyPart<Owned = C::Key>>(&self, query: &LookupKey<Q>) -> Leader<C> {
        self.lead(self.common.begin_anew(self.hash(&query.parts), query))
    }

    /// Leads a run beside the value that is given out meanwhile, unless there is one already.
    #[cold]
    pub(super) fn begin_refresh<Q: KeyPart<Owned = C::Key>>(
        &self,
        hash: u64,
        query: &LookupKey<Q>,
    ) -> Option<Leader<C>> {
        let flight = self.common.begin_refresh(hash, query)?;
        Some(Leader::new(self.share(), flight))
    }

    /// The end of a run that gave a value: the entry is stored, unless its key has been invalidated meanwhile, and given
    /// to all who wait. A value that is not to be kept takes an older one out.
    pub(super) fn complete(&self, flight: &Arc<Flight>, entry: Result<C::Entry, C::Value>) {
        let (mut table, shared) = self.landing(flight, entry.as_ref().map_or_else(|value| value, Entry::value));
        let key = take_key::<C>(table::take(&mut table, flight));
        let gone = match (key, entry) {
            (Some(key), Ok(entry)) => Some(self.store(flight.hash, key, entry)),
            (Some(key), Err(_)) => Some(self.store.remove(flight.hash, &Same(&key))),
            (None, _) => None,
        };
        drop(table);
        if let Some(value) = shared {
            flight.complete(value);
        }
        if let Some(gone) = gone {
            self.tell(&gone);
        }
    }

    /// The table of a flight that is about to end, locked, and a clone of its value if anybody waits for it. The clone is
    /// the user's code, and made without the lock.
    fn landing(&self, flight: &Flight, value: &C::Value) -> (Locked<'_>, Option<AnyValue>) {
        let table = self.common.flights.table(flight.hash);
        if !flight.is_awaited() {
            return (table, None);
        }
        drop(table);
        let shared = shared(value);
        (self.common.flights.table(flight.hash), Some(shared))
    }

    /// The end of a run that gave nothing to keep, but succeeded: what was kept before is out of date.
    #[cold]
    pub(super) fn complete_without(&self, flight: &Arc<Flight>) {
        let table = self.common.flights.table(flight.hash);
        let remove = |key: &AnyKey| Some(self.store.remove(flight.hash, &Same(key.downcast_ref::<C::Key>()?)));
        let older = table::with_key(&table, flight, remove).flatten();
        drop(table);
        if let Some(older) = older {
            self.tell(&older);
        }
    }

    /// The end of a run that failed: an older value that may stand in for it, which all who wait are given as well.
    #[cold]
    pub(super) fn stand_in(&self, flight: &Arc<Flight>) -> Option<C::Value> {
        // What the user has written runs without the lock. If the key is invalidated meanwhile, the flight is not there.
        let key = table::with_key(&self.common.flights.table(flight.hash), flight, Arc::clone)?;
        let look = |entry: &C::Entry| entry.outlives_errors().then(|| entry.value().clone());
        let value = self.store.peek(flight.hash, &Same(key.downcast_ref::<C::Key>()?), look).flatten()?;
        let (mut table, shared) = self.landing(flight, &value);
        let taken = table::take(&mut table, flight);
        drop(table);
        taken?;
        if let Some(value) = shared {
            flight.complete(value);
        }
        Some(value)
    }

    /// What a call is waiting for waits for that call.
    pub(super) fn waits_for_itself(&self, key: &str) -> ! {
        waits_for_itself(self.common.name, key)
    }

    #[inline]
    pub(super) fn count_hit(&self) {
        self.common.stats.hit();
    }

    #[inline]
    pub(super) fn hash(&self, by: &impl Finds<C::Key>) -> u64 {
        self.common.hasher.hash_one(Query::new(by))
    }

    /// What is kept of a value, which lives so many ticks at most; the value itself if it is not to be kept.
    pub(super) fn entry_of(&self, value: C::Value, longest: u64) -> Result<C::Entry, C::Value> {
        if self.plan.keeps(&value) { Ok(self.entry(value, longest)) } else { Err(value) }
    }

    /// Asks the user's closures, so outside of all locks.
    fn entry(&self, value: C::Value, longest: u64) -> C::Entry {
        let own = self.plan.ttl.map(|ttl| ttl(&value));
        let mut deadlines = self.common.lengths.deadlines(own, (self.plan.is_negative)(&value)).within(longest);
        if let Some(weigh) = self.plan.weigh {
            deadlines.weight = weigh(&value);
        }
        C::Entry::new(value, deadlines)
    }

    /// Puts an entry in.
    fn store(&self, hash: u64, key: C::Key, entry: C::Entry) -> Gone<'_, C> {
        let gone = self.store.insert(hash, key, entry, self.listeners.are_any());
        self.common.stored(gone.evictions, gone.is_refused);
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
        self.store.peek(self.hash(by), by, look).flatten()
    }

    fn is_kept(&self, hash: u64, by: &impl Finds<C::Key>) -> bool {
        self.store.peek(hash, by, |entry| entry.age() != Age::Expired) == Some(true)
    }

    /// Puts a value in by hand; a run that is under way does not overwrite it.
    pub(super) fn insert(&self, key: C::Key, value: C::Value) {
        let entry = self.entry(value, u64::MAX);
        let hash = self.hash(&Same(&key));
        let mut table = self.common.flights.table(hash);
        let detached = table::detach(&mut table, hash, &(&Same(&key) as &dyn FindsAny));
        let gone = self.store(hash, key, entry);
        drop(table);
        drop(detached);
        self.tell(&gone);
    }

    /// Forgets a value, and that of a run that is under way. Was there one?
    pub(super) fn invalidate(&self, key: &C::Key) -> bool {
        let hash = self.hash(&Same(key));
        let mut table = self.common.flights.table(hash);
        let detached = table::detach(&mut table, hash, &(&Same(key) as &dyn FindsAny));
        let removed = self.store.remove(hash, &Same(key));
        drop(table);
        drop(detached);
        let mut was_there = false;
        removed.each(&mut |_, entry, _| was_there |= entry.age() != Age::Expired);
        self.tell(&removed);
        was_there
    }

    pub(super) fn clear(&self) {
        self.forget_all();
        self.common.stats.reset();
    }

    pub(super) fn forget_all(&self) {
        self.common.detach_all();
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
        self.common.info(self.store.len())
    }

    pub(super) fn common(&self) -> &Common {
        &self.common
    }

    pub(super) fn plan(&self) -> &Plan<C::Value> {
        &self.plan
    }

    pub(super) fn lengths(&self) -> &Lengths {
        &self.common.lengths
    }

    pub(super) fn link(&self) -> Option<&Link<C::Key, C::Value>> {
        self.link.as_ref()
    }

    /// Takes a listener for its own types out of an `Option` of it.
    pub(super) fn listen(&self, listener: &mut dyn Any) {
        if let Some(listener) = listener.downcast_mut::<Option<Listener<C::Key, C::Value>>>().and_then(Option::take) {
            self.listeners.add(listener);
        }
    }
}

/// One seed for the process, which nobody outside of it knows.
fn hasher() -> RandomState {
    static HASHER: OnceLock<RandomState> = OnceLock::new();
    HASHER.get_or_init(RandomState::default).clone()
}

/// A clone for those who wait.
fn shared<V: Clone + Send + Sync + 'static>(value: &V) -> AnyValue {
    Arc::new(value.clone())
}

/// The key of a flight, with its type. Its leader, who takes it, has no other one.
fn take_key<C: Types>(key: Option<AnyKey>) -> Option<C::Key> {
    key?.downcast().ok().and_then(Arc::into_inner)
}

#[cold]
#[inline(never)]
fn waits_for_itself(name: &str, key: &str) -> ! {
    panic!(
        "festoon: `{name}` waits for itself: its value for {key} is asked for while it is being computed, by a call \
         that it cannot end without"
    )
}
