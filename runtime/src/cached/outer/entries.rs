//! The part of a function's store that knows no types.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use super::backend::{How, Turn};
use super::envelope;
use super::error::StoreError;
use super::lease::Lease;
use super::namespace::Namespace;
use super::store::Store;
use crate::cached::stats::Stats;
use crate::clock;

/// Where a function's values are, outside of the process.
pub(super) struct Outer {
    pub(super) store: Store,
    pub(super) namespace: Namespace,
    /// For warnings.
    pub(super) function: &'static str,
    stats: &'static Stats,
    warnings: Warnings,
}

/// What a function's store has for a call.
pub(super) enum Asked<V> {
    /// The value.
    Found(V),
    /// Nothing: the body has to run, and may write what it gives under this lease, if there is one.
    Run(Option<Lease>),
}

/// A value to be written.
pub(super) struct Put<'p> {
    pub(super) key: &'p [u8],
    pub(super) value: &'p [u8],
    pub(super) ttl: Option<Duration>,
    pub(super) lease: Option<Lease>,
}

impl Outer {
    pub(super) fn new(store: Store, namespace: Namespace, function: &'static str, stats: &'static Stats) -> Self {
        Outer { store, namespace, function, stats, warnings: Warnings::default() }
    }

    /// The value's bytes, if there are any.
    pub(super) async fn get(&self, how: How, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let entry = self.store.backend()?.get(how, self.namespace.name(key)).await?;
        Ok(entry.as_deref().and_then(|entry| envelope::open(entry, key)).map(<[u8]>::to_vec))
    }

    /// The value, or the right to compute it, or whatever comes first while another process does.
    pub(super) async fn ask<V>(
        &self,
        how: How,
        key: &[u8],
        read: fn(&[u8]) -> Option<V>,
    ) -> Result<Asked<V>, StoreError> {
        let (backend, name) = (self.store.backend()?, self.namespace.name(key));
        let mut entry = backend.get(how, name.clone()).await?;
        let mut wait = Wait::new(backend.patience());
        loop {
            if let Some(entry) = entry.take() {
                if let Some(value) = envelope::open(&entry, key).and_then(read) {
                    return Ok(Asked::Found(value));
                }
                backend.discard(how, name.clone(), entry).await?;
            }
            match backend.lead(how, name.clone()).await? {
                Turn::Entry(there) => entry = Some(there),
                Turn::Lead(lease) => return Ok(Asked::Run(Some(lease))),
                Turn::Wait if wait.is_over() => return Ok(Asked::Run(None)),
                Turn::Wait => wait.some_time(how).await,
            }
        }
    }

    /// Writes a value: that of a run, under its lease, or one that is given by hand. Without the lease there is a newer
    /// one, or somebody is about to write one.
    pub(super) async fn put(&self, how: How, put: Put<'_>) -> Result<(), StoreError> {
        let (name, entry) = (self.namespace.name(put.key), envelope::seal(put.key, put.value));
        let ttl = self.namespace.longest.map_or(put.ttl, |longest| Some(put.ttl.unwrap_or(longest).min(longest)));
        self.store.backend()?.put(how, name, entry, ttl, put.lease).await
    }

    pub(super) async fn remove(&self, key: &[u8]) -> Result<bool, StoreError> {
        self.store.backend()?.remove(How::Blocking, self.namespace.name(key)).await
    }

    pub(super) async fn clear(&self) -> Result<(), StoreError> {
        self.store.backend()?.clear(How::Blocking, self.namespace.prefix.clone()).await
    }

    /// Counts an error, and tells of it now and then.
    pub(super) fn failed(&self, error: &StoreError) {
        self.stats.store_failed();
        if let Some(untold) = self.warnings.due() {
            let function = self.function;
            tracing::warn!(target: "festoon", function, %error, untold, "the store of a cache has failed");
        }
    }
}

/// One warning in a while.
#[derive(Default)]
struct Warnings {
    /// In ticks; zero before the first.
    next: AtomicU64,
    untold: AtomicU64,
}

const WHILE: Duration = Duration::from_secs(10);

impl Warnings {
    /// Is it time to tell of a failure? If so, how many before it were not told.
    fn due(&self) -> Option<u64> {
        let (now, next) = (clock::ticks(), self.next.load(Relaxed));
        let after = now.saturating_add(clock::ticks_in(WHILE)).max(1);
        if now < next || self.next.compare_exchange(next, after, Relaxed, Relaxed).is_err() {
            self.untold.fetch_add(1, Relaxed);
            return None;
        }
        Some(self.untold.swap(0, Relaxed))
    }
}

/// Waiting for another process, which cannot wake this one: `w = min(2^n * 2 ms, 100 ms)`, each between half of it and all.
struct Wait {
    until: u64,
    next: Duration,
}

const FIRST: Duration = Duration::from_millis(2);
const LONGEST: Duration = Duration::from_millis(100);

impl Wait {
    fn new(patience: Duration) -> Self {
        Wait { until: clock::ticks().saturating_add(clock::ticks_in(patience)), next: FIRST }
    }

    fn is_over(&self) -> bool {
        clock::ticks() >= self.until
    }

    async fn some_time(&mut self, how: How) {
        let length = self.next.mul_f64(0.5 + clock::random() / 2.0);
        self.next = (self.next * 2).min(LONGEST);
        match how {
            How::Blocking => clock::sleep(length),
            How::Awaiting => clock::sleep_async(length).await,
        }
    }
}
