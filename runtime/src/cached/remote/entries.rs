//! The untyped part of a function's store.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use super::application::Application;
use super::backend::{Backend, Caller, Found, How, News, Put, Turn};
use super::envelope;
use super::error::{StoreError, StoreErrorKind};
use super::follow::{self, Follower};
use super::lease::Lease;
use super::namespace::Namespace;
use super::store::{Shared, Store};
use super::twins::{self, Twins};
use crate::cached::scope::test::fresh_scope;
use crate::cached::stats::Stats;
use crate::clock;
use crate::site::Place;

/// A function's values outside of the process.
pub(super) struct Remote {
    pub(super) store: Store,
    application: Application,
    pub(super) namespace: Namespace,
    /// For warnings.
    pub(super) function: &'static str,
    stats: &'static Stats,
    /// Copies are kept in memory, in this process and in others.
    behind_memory: bool,
    warnings: Warnings,
}

/// The store's reply to a call.
pub(super) enum Asked<V> {
    /// The value, and how many ticks it lives from now on.
    Found(V, u64),
    /// Nothing: the body has to run, and may write its value under this lease, if there is one.
    Run(Option<Lease>),
}

/// A value to be written.
pub(super) struct Written<'p> {
    pub(super) key: &'p [u8],
    pub(super) value: &'p [u8],
    pub(super) ttl: Option<Duration>,
    pub(super) lease: Lease,
    /// Whether other processes may hold copies of an older value. If there was none before the run, there are no
    /// copies: processes that had one were notified when the entry was removed.
    pub(super) replaces: bool,
}

impl Remote {
    pub(super) fn new(
        shared: Shared,
        place: Place,
        function: &'static str,
        types: &str,
        stats: &'static Stats,
    ) -> Self {
        let application = Application::new(shared.prefix.as_deref(), shared.package);
        let namespace = Namespace::new(&application.prefix, function, types, shared.version);
        let twins = twins::of(function, place);
        let namespace = if let Twins::Apart(mark) = twins { namespace.of_one_at(mark) } else { namespace };
        let namespace = if fresh_scope().is_some() { namespace.of_a_test() } else { namespace };
        let is_own = twins != Twins::Same && twins::is_first(&namespace.prefix, place);
        let Shared { store, behind_memory, .. } = shared;
        let store = if is_own { store } else { Store::new(Err(not_its_own(function))) };
        Remote { store, application, namespace, function, stats, behind_memory, warnings: Warnings::default() }
    }

    /// A caller whose time starts now.
    pub(super) fn caller(&self, how: How) -> Caller {
        Caller { how, left: self.store.backend().map_or(Duration::ZERO, Backend::budget) }
    }

    /// The value's bytes, if there are any.
    pub(super) async fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let found = self.store.backend()?.get(self.caller(How::Blocking), self.namespace.name(key), false).await?;
        Ok(found.as_ref().and_then(|found| self.open(&found.entry, key)).map(<[u8]>::to_vec))
    }

    /// The value's bytes, if the entry is intact and belongs to this key.
    fn open<'e>(&self, entry: &'e [u8], key: &[u8]) -> Option<&'e [u8]> {
        let opened = envelope::open(entry, key)?;
        self.application.see(opened.mark, self.function);
        Some(opened.value)
    }

    /// The value, or the right to compute it; if another process is computing it, whichever comes first.
    pub(super) async fn ask<V>(
        &self,
        caller: &mut Caller,
        key: &[u8],
        read: fn(&[u8]) -> Option<V>,
    ) -> Result<Asked<V>, StoreError> {
        let (backend, name) = (self.store.backend()?, self.namespace.name(key));
        let mut found = caller.spend(|caller| backend.get(caller, name.clone(), self.behind_memory)).await?;
        let mut wait = Wait::new(backend.patience());
        loop {
            if let Some(Found { entry, left }) = found.take() {
                if let Some(value) = self.open(&entry, key).and_then(read) {
                    return Ok(Asked::Found(value, left.map_or(u64::MAX, clock::ticks_in)));
                }
                caller.spend(|caller| backend.discard(caller, name.clone(), entry)).await?;
            }
            let left = caller.left;
            match caller.spend(|caller| backend.lead(caller, name.clone())).await? {
                Turn::Entry(there) => found = Some(there),
                Turn::Lead(lease) => return Ok(Asked::Run(Some(lease))),
                Turn::Wait if wait.is_over() => return Ok(Asked::Run(None)),
                Turn::Wait => {
                    // Polling is part of waiting for other processes, which has a limit of its own.
                    caller.left = left;
                    wait.some_time(caller.how).await;
                }
            }
        }
    }

    /// The right to write a value that is newer than any that is stored or being computed.
    pub(super) async fn seize(&self, caller: &mut Caller, key: &[u8]) -> Result<Lease, StoreError> {
        let backend = self.store.backend()?;
        caller.spend(|caller| backend.seize(caller, self.namespace.name(key))).await
    }

    /// Writes a value, if its lease is still valid; otherwise there is a newer value, or another process is about to
    /// write one. Was it written?
    pub(super) async fn put(&self, caller: &mut Caller, put: Written<'_>) -> Result<bool, StoreError> {
        let Written { key, value, ttl, lease, replaces } = put;
        let ttl = self.namespace.longest.map_or(ttl, |longest| Some(ttl.unwrap_or(longest).min(longest)));
        let news = if replaces { self.news(Some(key)) } else { None };
        let put = Put {
            name: self.namespace.name(key),
            entry: envelope::seal(self.application.mark, key, value),
            ttl,
            lease,
            news,
        };
        let backend = self.store.backend()?;
        caller.spend(|caller| backend.put(caller, put)).await
    }

    pub(super) async fn remove(&self, key: &[u8]) -> Result<bool, StoreError> {
        self.store.backend()?.remove(self.caller(How::Blocking), self.namespace.name(key), self.news(Some(key))).await
    }

    /// The same, for a call that has queried the store before.
    pub(super) async fn discard(&self, caller: &mut Caller, key: &[u8]) -> Result<(), StoreError> {
        let backend = self.store.backend()?;
        let remove = |caller| backend.remove(caller, self.namespace.name(key), self.news(Some(key)));
        caller.spend(remove).await.map(drop)
    }

    pub(super) async fn clear(&self) -> Result<(), StoreError> {
        self.store.backend()?.clear(self.caller(How::Blocking), self.namespace.prefix.clone(), self.news(None)).await
    }

    fn news(&self, key: Option<&[u8]>) -> News {
        self.behind_memory.then(|| follow::news(&self.namespace.prefix, key))
    }

    /// Lets this process's copies follow changes by other processes.
    pub(super) fn follow(&self, follower: &'static dyn Follower) {
        if let Ok(backend) = self.store.backend()
            && self.behind_memory
        {
            backend.follow(&self.namespace.prefix, follower);
        }
    }

    /// Counts an error, and logs it from time to time.
    pub(super) fn failed(&self, error: &StoreError) {
        self.stats.store_failed();
        if let Some(untold) = self.warnings.due() {
            let function = self.function;
            tracing::warn!(target: "festoon", function, %error, untold, "the store of a cache has failed");
        }
    }
}

fn not_its_own(function: &str) -> StoreError {
    let detail = format!("there is another function called `{function}`: give one of them another name");
    StoreError::new(StoreErrorKind::Configuration, detail)
}

/// Limits warnings to one per interval.
#[derive(Default)]
pub(super) struct Warnings {
    /// In ticks; zero before the first.
    next: AtomicU64,
    untold: AtomicU64,
}

const WHILE: Duration = Duration::from_secs(10);

impl Warnings {
    /// Should this failure be logged? If so, returns how many before it were not.
    pub(super) fn due(&self) -> Option<u64> {
        let (now, next) = (clock::ticks(), self.next.load(Relaxed));
        let after = now.saturating_add(clock::ticks_in(WHILE)).max(1);
        if now < next || self.next.compare_exchange(next, after, Relaxed, Relaxed).is_err() {
            self.untold.fetch_add(1, Relaxed);
            return None;
        }
        Some(self.untold.swap(0, Relaxed))
    }
}

/// Polls while another process computes, since that cannot wake this one: `w = min(2^n * 2 ms, 100 ms)`, each wait
/// random between half of it and all.
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
