//! The counts of one function, summed over threads.

use std::time::Duration;

use super::allocations::{AllocationSums, Allocations};
use super::histogram::{BUCKETS, quantile};
use super::outcomes::Outcomes;
use super::scoped::Scope;
use super::shard::Shard;
use super::site::TimedSite;
use crate::clock;
use crate::outcome::OutcomeKind;

/// A snapshot of all counts. Times in ticks.
#[derive(Debug, Clone)]
pub(super) struct Stats {
    /// Of all calls.
    pub(super) outcomes: Outcomes,
    /// Those of the measured calls.
    measured: Outcomes,
    /// The number of unmeasured calls.
    passed_over: u64,
    ticks: [u64; 4],
    nested: u64,
    inner: u64,
    longest: u64,
    pub(super) polls: u64,
    busy: u64,
    nested_busy: u64,
    longest_poll: u64,
    allocated: AllocationSums,
    latency: Box<[u64; BUCKETS]>,
}

impl Stats {
    fn empty() -> Self {
        Stats {
            outcomes: Outcomes::default(),
            measured: Outcomes::default(),
            passed_over: 0,
            ticks: [0; 4],
            nested: 0,
            inner: 0,
            longest: 0,
            polls: 0,
            busy: 0,
            nested_busy: 0,
            longest_poll: 0,
            allocated: AllocationSums::default(),
            latency: no_counts(),
        }
    }

    /// The shared ones.
    pub(super) fn of(site: &'static TimedSite) -> Self {
        site.shards().fold(Stats::empty(), Stats::plus).complete()
    }

    /// Those of a scope.
    pub(super) fn within(scope: &Scope, site: &TimedSite) -> Self {
        let shards = scope.shards(site);
        shards.iter().fold(Stats::empty(), |sum, shard| sum.plus(shard)).complete()
    }

    fn plus(mut self, shard: &Shard) -> Self {
        for kind in 0..4 {
            self.measured.calls[kind] += shard.calls[kind].get();
            self.outcomes.calls[kind] += shard.failed_passed_over[kind].get();
            self.ticks[kind] += shard.ticks[kind].get();
        }
        self.passed_over = self.passed_over.wrapping_add(shard.passed_over());
        self.nested += shard.nested.get();
        self.inner += shard.inner.get();
        self.longest = self.longest.max(shard.longest.get());
        self.polls += shard.polls.get();
        self.busy += shard.busy.get();
        self.nested_busy += shard.nested_busy.get();
        self.longest_poll = self.longest_poll.max(shard.longest_poll.get());
        if let Some(allocated) = shard.allocated.get() {
            self.allocated = self.allocated.plus(AllocationSums::of(allocated));
        }
        shard.latency.add_to(&mut self.latency);
        self
    }

    /// The sum over several functions.
    pub(super) fn all(each: impl Iterator<Item = Self>) -> Self {
        each.reduce(|sum, stats| sum.and(&stats)).unwrap_or_else(Stats::empty)
    }

    fn and(mut self, other: &Stats) -> Self {
        for kind in 0..4 {
            self.measured.calls[kind] += other.measured.calls[kind];
            self.outcomes.calls[kind] += other.outcomes.calls[kind];
            self.ticks[kind] += other.ticks[kind];
        }
        for (bucket, count) in self.latency.iter_mut().zip(other.latency.iter()) {
            *bucket += count;
        }
        Stats {
            passed_over: self.passed_over + other.passed_over,
            nested: self.nested + other.nested,
            inner: self.inner + other.inner,
            longest: self.longest.max(other.longest),
            polls: self.polls + other.polls,
            busy: self.busy + other.busy,
            nested_busy: self.nested_busy + other.nested_busy,
            longest_poll: self.longest_poll.max(other.longest_poll),
            allocated: self.allocated.plus(other.allocated),
            ..self
        }
    }

    /// Computes what is not counted, because it follows from other counts.
    fn complete(self) -> Self {
        let mut stats = self;
        let failed: u64 = stats.outcomes.calls.iter().sum();
        stats.outcomes.calls[OutcomeKind::Success as usize] = stats.passed_over.saturating_sub(failed);
        stats.measured.calls[OutcomeKind::Success as usize] = stats.latency.iter().sum();
        for kind in 0..4 {
            stats.outcomes.calls[kind] += stats.measured.calls[kind];
            stats.ticks[kind] = scaled(stats.ticks[kind], stats.outcomes.calls[kind], stats.measured.calls[kind]);
        }
        stats.scale_the_rest();
        stats
    }

    /// Counts without outcomes are scaled by the total number of calls.
    fn scale_the_rest(&mut self) {
        let (all, measured) = (self.outcomes.total(), self.measured.total());
        for sum in [&mut self.nested, &mut self.inner, &mut self.busy, &mut self.nested_busy, &mut self.polls] {
            *sum = scaled(*sum, all, measured);
        }
    }

    pub(super) fn counts(&self) -> &[u64; BUCKETS] {
        &self.latency
    }

    pub(super) fn total(&self) -> Duration {
        clock::duration(self.ticks.iter().sum::<u64>().saturating_sub(self.nested))
    }

    /// The time of an async function's polls.
    pub(super) fn own(&self) -> Duration {
        let all = if self.polls == 0 { self.ticks.iter().sum() } else { self.busy };
        clock::duration(all.saturating_sub(self.inner))
    }

    pub(super) fn busy(&self) -> Duration {
        clock::duration(self.busy.saturating_sub(self.nested_busy))
    }

    pub(super) fn allocations(&self) -> Option<Allocations> {
        self.allocated.complete()
    }

    pub(super) fn longest_poll(&self) -> Duration {
        clock::duration(self.longest_poll)
    }

    pub(super) fn max(&self) -> Duration {
        clock::duration(self.longest)
    }

    pub(super) fn time_in(&self, kind: OutcomeKind) -> Duration {
        clock::duration(self.ticks.get(kind as usize).copied().unwrap_or(0))
    }

    pub(super) fn mean(&self) -> Duration {
        clock::duration(self.ticks[0].checked_div(self.outcomes.success()).unwrap_or(0))
    }

    /// Never more than the longest call, which is known exactly, and never less than the shortest.
    pub(super) fn quantile(&self, share: f64) -> Duration {
        clock::duration(quantile(&self.latency, share).min(self.longest))
    }
}

/// On the heap from the start: a thread's stack may be small.
fn no_counts() -> Box<[u64; BUCKETS]> {
    vec![0; BUCKETS].into_boxed_slice().try_into().expect("there are as many")
}

/// An estimate for all calls from the measured ones. Exact if all were measured.
fn scaled(sum: u64, all: u64, measured: u64) -> u64 {
    let scaled = u128::from(sum) * u128::from(all) / u128::from(measured.max(1));
    u64::try_from(scaled).unwrap_or(u64::MAX)
}
