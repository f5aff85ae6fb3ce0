//! The statistics of a cache.

use crate::cached::stats::Figures;

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
}

impl Info {
    pub(super) fn of(figures: &Figures) -> Self {
        let Figures { hits, misses, evictions, refreshes, store_errors, refused } = *figures;
        Info { hits, misses, evictions, refreshes, store_errors, refused, ..Info::default() }
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
        }
    }

    /// The share of calls that were hits, from 0.0 to 1.0; zero before the first call.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "a share for display")]
    pub fn hit_rate(&self) -> f64 {
        let calls = self.hits.saturating_add(self.misses);
        if calls == 0 { 0.0 } else { self.hits as f64 / calls as f64 }
    }
}
