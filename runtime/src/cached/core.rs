//! The cache of one instantiation of a function: a store, the flights of missing values, and statistics.
//!
//! [`Core::hit`] is the hit path. Everything that does not depend on the types of keys and values is in [`Common`],
//! which is compiled once: a program has thousands of cached functions, of hundreds of types.

mod common;

use std::any::Any;
use std::hash::BuildHasher;
use std::panic::RefUnwindSafe;
use std::sync::{Arc, OnceLock, Weak};

use self::common::{Arrival, ErasedRole};
pub(super) use self::common::{Common, Flight, peek};
use crate::cached::flight::call::Leader;
use crate::cached::flight::waiter::Waiter;
use crate::cached::info::Info;
use crate::cached::key::within::within;
use crate::cached::key::{AnyKey, ErasedQuery, Finds, KeyPart, LookupKey, Query};
use crate::cached::remote::Link;
use crate::cached::removal::Listener;
use crate::cached::scope::Missed;
use crate::cached::stats::Stats;
use crate::cached::store::{ErasedStore, Removed, Store, Types};
use crate::cached::value::entry::{Age, AnyValue, Entry};
use crate::cached::value::expiry::Lengths;
use crate::cached::value::rules::Plan;

/// See the module.
pub struct Core<C: Types> {
    common: Common,
    store: C::Store,
    plan: Plan<C::Value>,
    /// The store outside of the process, if there is one.
    link: Option<Link<C::Key, C::Value>>,
    /// Set when it is made.
    this: OnceLock<Weak<Self>>,
}

/// If the user's code panics, the cache keeps working: locked data is never left in an inconsistent state.
impl<C: Types> RefUnwindSafe for Core<C> {}

/// An entry, or a value that is not to be stored.
struct Arriving<'c, C: Types> {
    store: &'c C::Store,
    entry: Result<Option<C::Entry>, C::Value>,
}

impl<'c, C: Types> Arrival<'c> for Arriving<'c, C> {
    fn share(&self) -> AnyValue {
        match &self.entry {
            Ok(Some(entry)) => Arc::new(entry.value().clone()),
            Ok(None) => unreachable!("it has been kept"),
            Err(value) => Arc::new(value.clone()),
        }
    }

    fn is_kept(&self) -> bool {
        self.entry.is_ok()
    }

    fn keep(&mut self, hash: u64, key: AnyKey, is_told: bool) -> Removed<'c> {
        let key = (key as Arc<dyn Any + Send + Sync>).downcast().ok().and_then(Arc::into_inner);
        let entry = self.entry.as_mut().ok().and_then(Option::take);
        key.zip(entry).map_or_else(Removed::default, |(key, entry)| self.store.insert(hash, key, entry, is_told))
    }
}

/// The result of a lookup that missed the store.
pub(super) enum Role<C: Types> {
    Value(C::Value),
    Lead(Leader<C>),
    Wait(Waiter<C>),
    /// The call was a query from a handle, and has been answered.
    Answered,
}

/// A clone with its concrete type. All values of a cache have the same type.
pub(super) fn typed<V: Clone + 'static>(value: &AnyValue) -> V {
    value.downcast_ref::<V>().unwrap_or_else(|| unreachable!("flights and stores are of one cache")).clone()
}

impl<C: Types> Core<C> {
    pub(super) fn new(
        plan: Plan<C::Value>,
        name: &'static str,
        stats: &'static Stats,
        link: Option<Link<C::Key, C::Value>>,
    ) -> Arc<Self> {
        let settings = plan.settings;
        let common = Common::new(name, stats, settings, link.is_some());
        let store = C::Store::new(&settings);
        // `Arc::new_cyclic` needs twice the stack in a debug build.
        let core = Arc::new(Core { common, store, plan, link, this: OnceLock::new() });
        let _ = core.this.set(Arc::downgrade(&core));
        core
    }

    /// A core that is not listed: its statistics are never read.
    #[cold]
    pub(super) fn unlisted(plan: Plan<C::Value>, name: &'static str) -> Arc<Self> {
        static NOBODY: OnceLock<&Stats> = OnceLock::new();
        Core::new(plan, name, NOBODY.get_or_init(Stats::leaked), None)
    }

    pub(super) fn share(&self) -> Arc<Self> {
        self.this.get().and_then(Weak::upgrade).unwrap_or_else(|| unreachable!("it is borrowed from an `Arc`"))
    }

    /// The hot path: functions with the same types share the store's part; the rest is inlined into the function
    /// itself.
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

    /// The same, if the call may have to refresh the value: a call that claims the refresh gets the entry as well.
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

    /// A call that may not have looked yet; if the value is missing, it becomes the leader or a waiter.
    pub(super) fn begin<Q>(self: Arc<Self>, missed: Missed, query: &LookupKey<Q>) -> Role<C>
    where
        Q: KeyPart<Owned = C::Key>,
    {
        let mut missed = missed.hash();
        loop {
            let hash = missed.unwrap_or_else(|| self.common.hash(query));
            if missed.is_none()
                && let Some(value) = self.hit(hash, &query.parts)
            {
                return Role::Value(value);
            }
            match self.common.begin(self.store.erased(), hash, query) {
                ErasedRole::Lead(flight) => return Role::Lead(Leader::new(self, flight)),
                ErasedRole::Wait(flight, ticket) => return Role::Wait(Waiter::new(self, flight, ticket, query)),
                ErasedRole::Again => missed = None,
            }
        }
    }

    /// The leader is gone and left no value; a waiter takes over.
    pub(super) fn lead(&self, flight: Arc<Flight>) -> Leader<C> {
        self.common.count_miss();
        Leader::new(self.share(), flight)
    }

    /// Leads a run whether or not a value is stored.
    #[cold]
    pub(super) fn begin_anew(&self, query: &dyn ErasedQuery) -> Leader<C> {
        Leader::new(self.share(), self.common.begin_anew(query))
    }

    /// Leads a run while the old value is still being returned, unless another run is under way.
    #[cold]
    pub(super) fn begin_refresh(&self, hash: u64, query: &dyn ErasedQuery) -> Option<Leader<C>> {
        let flight = self.common.begin_refresh(hash, query)?;
        Some(Leader::new(self.share(), flight))
    }

    /// Ends a run that returned a value.
    pub(super) fn complete(&self, flight: &Arc<Flight>, entry: Result<C::Entry, C::Value>) {
        let mut arriving = Arriving::<C> { store: &self.store, entry: entry.map(Some) };
        self.common.complete(self.store.erased(), flight, &mut arriving);
    }

    /// Ends a run that succeeded, but whose value is not to be stored.
    pub(super) fn complete_without(&self, flight: &Arc<Flight>) {
        self.common.complete_without(self.store.erased(), flight);
    }

    /// Ends a run that failed: returns an older value that may be used instead.
    pub(super) fn stand_in(&self, flight: &Arc<Flight>) -> Option<C::Value> {
        self.common.stand_in(self.store.erased(), flight).as_ref().map(|value| within(|| typed(value)))
    }

    #[inline]
    pub(super) fn count_hit(&self) {
        self.common.stats.hit();
    }

    #[inline]
    pub(super) fn hash(&self, by: &impl Finds<C::Key>) -> u64 {
        self.common.hasher.hash_one(Query::new(by))
    }

    /// Turns a value into an entry that lives at most this many ticks, or returns it if it is not to be stored.
    pub(super) fn entry_of(&self, value: C::Value, longest: u64) -> Result<C::Entry, C::Value> {
        if self.plan.keeps(&value) { Ok(self.entry(value, longest)) } else { Err(value) }
    }

    /// Calls the user's closures, so it runs outside of all locks.
    fn entry(&self, value: C::Value, longest: u64) -> C::Entry {
        let own = self.plan.ttl.map(|ttl| ttl(&value));
        let mut deadlines = self.common.lengths.deadlines(own, (self.plan.is_negative)(&value)).within(longest);
        if let Some(weigh) = self.plan.weigh {
            deadlines.weight = weigh(&value);
        }
        C::Entry::new(value, deadlines)
    }

    /// Inserts a value by hand.
    pub(super) fn insert(&self, hash: u64, key: AnyKey, value: C::Value) {
        let entry = Ok(Some(self.entry(value, u64::MAX)));
        self.common.insert(hash, key, &mut Arriving::<C> { store: &self.store, entry });
    }

    pub(super) fn forget_all(&self) {
        self.common.forget_all(self.store.erased());
    }

    pub(super) fn info(&self) -> Info {
        self.common.info(self.store.erased())
    }

    pub(super) fn common(&self) -> &Common {
        &self.common
    }

    pub(super) fn store(&self) -> &dyn ErasedStore {
        self.store.erased()
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

    pub(super) fn listen(&self, listener: Listener) {
        self.common.listeners.add(listener);
    }
}
