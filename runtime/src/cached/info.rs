//! The statistics of a cache.

use std::time::Duration;

use crate::cached::stats::Figures;
use crate::clock;

/// The statistics of a cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Info {
    /// Calls that returned a cached value, or the value of a run that was under way.
    pub hits: u64,
    /// Calls that ran the body.
    pub misses: u64,
    /// The number of cached values; an expired value counts until its place is needed.
    pub len: usize,
    /// The function's `max`; `None` if the cache is unbounded or the function has not been called yet.
    pub capacity: Option<usize>,
    /// Values that were evicted to make room for others.
    pub evictions: u64,
    /// Runs of the body in the background, for `stale` and `refresh_ahead`.
    pub refreshes: u64,
    /// How often a store outside of the process could not be reached, or returned something invalid.
    pub store_errors: u64,
    /// Values that were not cached because a single one weighs more than `max_weight`.
    pub refused: u64,
    /// Values that are being computed right now.
    pub in_flight: usize,
    /// Expired values that were removed: to make room, when a new value replaced them, or by `purge_expired`.
    pub expirations: u64,
    /// Runs of the body that have ended, also with an error, with a panic, or because the call was cancelled. If there is a
    /// store outside of the process, a look into it counts as well.
    pub loads: u64,
    /// The time of these runs.
    pub load_time: Duration,
    /// The weight of the cached values, with `max_weight`.
    pub weight: Option<u64>,
}

impl Info {
    pub(super) fn of(figures: &Figures) -> Self {
        let Figures { hits, misses, evictions, refreshes, store_errors, refused, expirations, loads, .. } = *figures;
        let load_time = clock::duration(figures.load_ticks);
        let counts = Info { hits, misses, evictions, refreshes, store_errors, refused, ..Info::default() };
        Info { expirations, loads, load_time, ..counts }
    }

    /// The sum of both.
    pub(super) fn and(self, other: Info) -> Self {
        Info {
            hits: self.hits + other.hits,
            misses: self.misses + other.misses,
            len: self.len + other.len,
            capacity: self.capacity.zip(other.capacity).map(|(one, other)| one + other),
            evictions: self.evictions + other.evictions,
            refreshes: self.refreshes + other.refreshes,
            store_errors: self.store_errors + other.store_errors,
            refused: self.refused + other.refused,
            in_flight: self.in_flight + other.in_flight,
            expirations: self.expirations + other.expirations,
            loads: self.loads + other.loads,
            load_time: self.load_time + other.load_time,
            weight: self.weight.zip(other.weight).map(|(one, other)| one + other),
        }
    }

    /// The time of a run of the body on average.
    #[must_use]
    pub fn mean_load_time(&self) -> Duration {
        self.load_time.checked_div(u32::try_from(self.loads).unwrap_or(u32::MAX)).unwrap_or_default()
    }

    /// The share of calls that were hits, from 0.0 to 1.0; zero before the first call.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "a share for display")]
    pub fn hit_rate(&self) -> f64 {
        let calls = self.hits.saturating_add(self.misses);
        if calls == 0 { 0.0 } else { self.hits as f64 / calls as f64 }
    }
}
