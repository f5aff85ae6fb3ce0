//! What the pools are doing.

use std::sync::atomic::Ordering;

use super::pool::{self, Shared};

/// The figures of a pool of worker processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolStats {
    /// The most workers that it may have.
    pub workers: usize,
    /// The limit of a worker's memory, in bytes.
    pub memory: Option<u64>,
    /// Workers that are running or being started.
    pub alive: usize,
    /// Those without a call.
    pub idle: usize,
    /// Calls that wait for a worker.
    pub waiting: usize,
    /// Calls so far.
    pub calls: u64,
    /// Workers that were started so far.
    pub started: u64,
    /// Calls whose worker ended by itself.
    pub crashed: u64,
    /// Calls that were cancelled or timed out, and whose workers were killed.
    pub killed: u64,
}

/// Returns the figures of every pool that has been used. Functions with equal `workers`, `memory`, `max_calls` and
/// `nice` share a pool.
#[must_use]
pub fn pools() -> Vec<PoolStats> {
    pool::all().into_iter().map(stats).collect()
}

fn stats(pool: &Shared) -> PoolStats {
    let (alive, idle, waiting) = pool.sizes();
    let counts = &pool.counts;
    PoolStats {
        workers: pool.most,
        memory: (pool.settings.memory > 0).then_some(pool.settings.memory),
        alive,
        idle,
        waiting,
        calls: counts.calls.load(Ordering::Relaxed),
        started: counts.started.load(Ordering::Relaxed),
        crashed: counts.crashed.load(Ordering::Relaxed),
        killed: counts.killed.load(Ordering::Relaxed),
    }
}
