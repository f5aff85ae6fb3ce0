//! A kept value and its times. A function whose options say nothing of time keeps the bare value, and a hit of it looks
//! at no clock.

use super::store::Value;
use crate::clock;

/// What a store holds: a value, and when it may be given out.
pub trait Entry: Clone + Send + Sync + 'static {
    /// The value.
    type Value: Value;
    /// Made at the end of the body's run.
    fn new(value: Self::Value, life: Life) -> Self;
    /// May it still be given out?
    fn is_fresh(&self) -> bool;
    /// The value, fresh or not.
    fn into_value(self) -> Self::Value;
}

/// Which times a function's values have.
pub trait Times: 'static {
    /// A value with them.
    type Entry<V: Value>: Entry<Value = V>;
}

/// How long values live, in ticks.
#[derive(Debug, Clone, Copy)]
pub struct Life {
    /// From the end of the run on; `u64::MAX` for ever.
    pub(super) ttl: u64,
}

/// Values that never expire.
#[derive(Debug)]
pub struct Lasting;

impl Times for Lasting {
    type Entry<V: Value> = Bare<V>;
}

/// A value without times.
#[derive(Debug, Clone)]
pub struct Bare<V>(V);

impl<V: Value> Entry for Bare<V> {
    type Value = V;

    fn new(value: V, _: Life) -> Self {
        Bare(value)
    }

    #[inline]
    fn is_fresh(&self) -> bool {
        true
    }

    #[inline]
    fn into_value(self) -> V {
        self.0
    }
}

/// `ttl`
#[derive(Debug)]
pub struct Expiring;

impl Times for Expiring {
    type Entry<V: Value> = Until<V>;
}

/// A value that expires.
#[derive(Debug, Clone)]
pub struct Until<V> {
    value: V,
    expires: u64,
}

impl<V: Value> Entry for Until<V> {
    type Value = V;

    fn new(value: V, life: Life) -> Self {
        Until { value, expires: clock::ticks().saturating_add(life.ttl) }
    }

    #[inline]
    fn is_fresh(&self) -> bool {
        self.expires == u64::MAX || clock::ticks() < self.expires
    }

    #[inline]
    fn into_value(self) -> V {
        self.value
    }
}
