//! A cached value and its times. A function without time options stores the bare value, and its hits do not read the
//! clock.

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

use crate::cached::store::Value;
use crate::cached::value::expiry::Deadlines;
use crate::clock;

/// An entry of a store: a value, and how long it may be returned.
pub trait Entry: Clone + Send + Sync + 'static {
    /// The value.
    type Value: Value;
    /// Can a use extend its deadline?
    const LIVES_ON: bool = false;
    /// Created at the end of a run.
    fn new(value: Self::Value, deadlines: Deadlines) -> Self;
    /// May it be returned?
    fn age(&self) -> Age;
    /// The same, for a call that uses the value, which resets its `tti`.
    #[inline]
    fn age_in_use(&self) -> Age {
        self.age()
    }
    /// For an entry that is still returned but due for a refresh: may this call perform it? Only one call gets `true`.
    fn claim(&self) -> bool {
        false
    }
    /// The call that claimed the refresh has failed.
    fn disclaim(&self) {}
    /// It has expired, but may be returned instead of an error.
    fn outlives_errors(&self) -> bool {
        false
    }
    /// In ticks: the time from which it can no longer be returned; `u64::MAX` is never. Each use may extend it.
    fn deadline(&self) -> u64 {
        u64::MAX
    }
    /// Its weight.
    fn weight(&self) -> u64 {
        1
    }
    /// The value, whatever its age.
    fn value(&self) -> &Self::Value;
}

/// A value of any type, for waiters.
pub(in crate::cached) type AnyValue = Arc<dyn Any + Send + Sync>;

/// An entry of any type.
pub trait ErasedEntry {
    /// May it be returned?
    fn age(&self) -> Age;
    /// May it be returned instead of an error?
    fn outlives_errors(&self) -> bool;
    /// The value, whatever its age.
    fn value(&self) -> &dyn Any;
    /// A clone of it.
    fn share(&self) -> Arc<dyn Any + Send + Sync>;
}

impl<E: Entry> ErasedEntry for E {
    fn age(&self) -> Age {
        Entry::age(self)
    }

    fn outlives_errors(&self) -> bool {
        Entry::outlives_errors(self)
    }

    fn value(&self) -> &dyn Any {
        Entry::value(self)
    }

    fn share(&self) -> AnyValue {
        Arc::new(Entry::value(self).clone())
    }
}

/// The age of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// It may be returned.
    Fresh,
    /// It may be returned, and should be refreshed.
    Due,
    /// It counts as missing.
    Expired,
}

/// Selects the times of a function's values.
pub trait Times: 'static {
    /// A value with its times.
    type Entry<V: Value>: Entry<Value = V>;
}

/// Values that never expire.
#[derive(Debug)]
pub struct NoExpiry;

impl Times for NoExpiry {
    type Entry<V: Value> = PlainEntry<V>;
}

/// A value without times.
#[derive(Debug, Clone)]
pub struct PlainEntry<V>(V);

impl<V: Value> Entry for PlainEntry<V> {
    type Value = V;

    fn new(value: V, _: Deadlines) -> Self {
        PlainEntry(value)
    }

    #[inline]
    fn age(&self) -> Age {
        Age::Fresh
    }

    fn value(&self) -> &V {
        &self.0
    }
}

/// `ttl`, `negative_ttl`
#[derive(Debug)]
pub struct FixedExpiry;

impl Times for FixedExpiry {
    type Entry<V: Value> = FixedEntry<V>;
}

/// A value that expires.
#[derive(Debug, Clone)]
pub struct FixedEntry<V> {
    value: V,
    expires: u64,
}

impl<V: Value> Entry for FixedEntry<V> {
    type Value = V;

    fn new(value: V, deadlines: Deadlines) -> Self {
        FixedEntry { value, expires: deadlines.expires }
    }

    #[inline]
    fn age(&self) -> Age {
        if self.expires == u64::MAX || clock::ticks() < self.expires { Age::Fresh } else { Age::Expired }
    }

    fn deadline(&self) -> u64 {
        self.expires
    }

    fn value(&self) -> &V {
        &self.value
    }
}

/// `tti`, `stale`, `refresh_ahead`, `stale_if_error`
#[derive(Debug)]
pub struct SlidingExpiry;

impl Times for SlidingExpiry {
    type Entry<V: Value> = SlidingEntry<V>;
}

/// A value whose state changes when calls use it.
#[derive(Debug, Clone)]
pub struct SlidingEntry<V> {
    value: V,
    life: Arc<ExpiryState>,
}

/// Next to the value, so that the call that has claimed its refresh keeps a reference to it.
#[derive(Debug)]
struct ExpiryState {
    deadlines: Deadlines,
    /// When it was last returned, to about a hundredth of `tti`.
    used: AtomicU64,
    claimed: AtomicBool,
}

impl ExpiryState {
    fn age_at(&self, now: u64) -> Age {
        match now {
            _ if now >= self.deadlines.stale_until || self.idle_at(now) >= self.deadlines.idle => Age::Expired,
            _ if now >= self.deadlines.due => Age::Due,
            _ => Age::Fresh,
        }
    }

    fn idle_at(&self, now: u64) -> u64 {
        now.saturating_sub(self.used.load(Relaxed))
    }
}

impl<V: Value> Entry for SlidingEntry<V> {
    type Value = V;
    const LIVES_ON: bool = true;

    fn new(value: V, deadlines: Deadlines) -> Self {
        let used = AtomicU64::new(deadlines.born);
        SlidingEntry { value, life: Arc::new(ExpiryState { deadlines, used, claimed: AtomicBool::new(false) }) }
    }

    fn age(&self) -> Age {
        self.life.age_at(clock::ticks())
    }

    fn age_in_use(&self) -> Age {
        let now = clock::ticks();
        let age = self.life.age_at(now);
        // Threads that share a value do not write to it on every hit.
        if age != Age::Expired && self.life.idle_at(now) > self.life.deadlines.idle / 128 {
            self.life.used.store(now, Relaxed);
        }
        age
    }

    fn claim(&self) -> bool {
        // Most callers that find a due value find it claimed, and do not write to it.
        !self.life.claimed.load(Relaxed) && !self.life.claimed.swap(true, Relaxed)
    }

    fn disclaim(&self) {
        self.life.claimed.store(false, Relaxed);
    }

    fn outlives_errors(&self) -> bool {
        clock::ticks() < self.life.deadlines.error_until
    }

    fn deadline(&self) -> u64 {
        let Deadlines { stale_until, error_until, idle, .. } = self.life.deadlines;
        if error_until > stale_until {
            return error_until;
        }
        stale_until.min(self.life.used.load(Relaxed).saturating_add(idle))
    }

    fn value(&self) -> &V {
        &self.value
    }
}

/// `weigh`: with the times of `T`.
#[derive(Debug)]
pub struct Weighed<T>(pub T);

impl<T: Times> Times for Weighed<T> {
    type Entry<V: Value> = WeighedEntry<T::Entry<V>>;
}

/// An entry whose weight was computed once, outside of all locks.
#[derive(Debug, Clone)]
pub struct WeighedEntry<E> {
    entry: E,
    weight: u64,
}

impl<E: Entry> Entry for WeighedEntry<E> {
    type Value = E::Value;
    const LIVES_ON: bool = E::LIVES_ON;

    fn new(value: E::Value, deadlines: Deadlines) -> Self {
        WeighedEntry { entry: E::new(value, deadlines), weight: deadlines.weight }
    }

    fn age(&self) -> Age {
        self.entry.age()
    }

    fn age_in_use(&self) -> Age {
        self.entry.age_in_use()
    }

    fn claim(&self) -> bool {
        self.entry.claim()
    }

    fn disclaim(&self) {
        self.entry.disclaim();
    }

    fn outlives_errors(&self) -> bool {
        self.entry.outlives_errors()
    }

    fn deadline(&self) -> u64 {
        self.entry.deadline()
    }

    fn weight(&self) -> u64 {
        self.weight
    }

    fn value(&self) -> &E::Value {
        self.entry.value()
    }
}
