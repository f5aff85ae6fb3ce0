//! The statistics of one function's caches: counters that threads do not share.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::clock;
use crate::shards::{Count, Shards, per_thread};

/// The counters of one function, or of one instantiation of it.
pub(super) struct Stats {
    counts: Shards<Counts>,
    /// Events that are rare enough for one counter.
    rare: [AtomicU64; 5],
    /// The values of the counters at the last reset.
    zero: [AtomicU64; 9],
}

/// One thread's counts.
#[derive(Debug, Default)]
pub(super) struct Counts {
    hits: Count,
    misses: Count,
    /// Runs that have ended, and their ticks.
    loads: Count,
    load_ticks: Count,
}

impl Counts {
    /// Called only on the thread that owns the counters.
    #[inline]
    pub(super) fn hit(&self) {
        self.hits.add(1);
    }
}

per_thread!(Counts);

/// The figures since the last [`Stats::reset`].
#[derive(Debug)]
pub(super) struct Figures {
    pub(super) hits: u64,
    pub(super) misses: u64,
    pub(super) evictions: u64,
    pub(super) refreshes: u64,
    pub(super) store_errors: u64,
    pub(super) refused: u64,
    pub(super) expirations: u64,
    pub(super) loads: u64,
    /// In ticks.
    pub(super) load_ticks: u64,
}

impl Stats {
    /// Never freed: threads that have counted keep their shards.
    pub(super) fn leaked() -> &'static Self {
        Box::leak(Box::new(Stats {
            counts: Shards::new(),
            rare: [const { AtomicU64::new(0) }; 5],
            zero: [const { AtomicU64::new(0) }; 9],
        }))
    }

    #[inline]
    pub(super) fn hit(&'static self) {
        self.counts.local().hit();
    }

    /// This thread's.
    pub(super) fn counts(&'static self) -> &'static Counts {
        self.counts.local()
    }

    pub(super) fn miss(&'static self) {
        self.counts.local().misses.add(1);
    }

    /// A run has ended that started then.
    pub(super) fn loaded(&'static self, start: u64) {
        let counts = self.counts.local();
        counts.loads.add(1);
        counts.load_ticks.add(clock::ticks().saturating_sub(start));
    }

    pub(super) fn expired(&self, entries: usize) {
        self.rare[4].fetch_add(entries as u64, Relaxed);
    }

    pub(super) fn evicted(&self, entries: usize) {
        self.rare[0].fetch_add(entries as u64, Relaxed);
    }

    /// A value that is heavier than the capacity. Logged once.
    #[cold]
    pub(super) fn refused(&self, name: &str, max_weight: u64) {
        if self.rare[3].fetch_add(1, Relaxed) == 0 {
            tracing::warn!(
                target: "festoon",
                function = name,
                max_weight,
                "a value weighs more than `max_weight` and is not cached, so the body runs again on each call"
            );
        }
    }

    pub(super) fn refresh(&self) {
        self.rare[1].fetch_add(1, Relaxed);
    }

    #[cfg(any(feature = "redis", feature = "disk"))]
    pub(super) fn store_failed(&self) {
        self.rare[2].fetch_add(1, Relaxed);
    }

    fn counted(&self) -> [u64; 9] {
        let [evictions, refreshes, errors, refused, expirations] =
            [0, 1, 2, 3, 4].map(|at: usize| self.rare[at].load(Relaxed));
        [
            self.counts.sum(|counts| &counts.hits),
            self.counts.sum(|counts| &counts.misses),
            evictions,
            refreshes,
            errors,
            refused,
            expirations,
            self.counts.sum(|counts| &counts.loads),
            self.counts.sum(|counts| &counts.load_ticks),
        ]
    }

    pub(super) fn figures(&self) -> Figures {
        let counted = self.counted();
        let [hits, misses, evictions, refreshes, store_errors, refused, expirations, loads, load_ticks] =
            [0, 1, 2, 3, 4, 5, 6, 7, 8].map(|at: usize| counted[at].saturating_sub(self.zero[at].load(Relaxed)));
        Figures { hits, misses, evictions, refreshes, store_errors, refused, expirations, loads, load_ticks }
    }

    pub(super) fn reset(&self) {
        for (zero, now) in self.zero.iter().zip(self.counted()) {
            zero.store(now, Relaxed);
        }
    }
}
