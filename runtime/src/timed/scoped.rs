//! Counts for a single test.

use std::collections::BTreeMap;
#[cfg(feature = "report")]
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

use super::shard::Shard;
use super::site::TimedSite;
use super::thread::thread;
#[cfg(feature = "report")]
use super::tree::ScopeRoot;
use crate::clock::{self, Watch};
use crate::local::{self, Entered, Slot};
#[cfg(feature = "retry")]
use crate::retrying::recorded::Recorded;
use crate::sync::lock;

thread_local! {
    static CURRENT: Slot<Scope> = const { Slot::new(None) };
}

/// The scope of this thread.
pub(crate) fn current() -> Option<Arc<Scope>> {
    local::current(&CURRENT)
}

/// Makes it the scope of the thread that runs some work.
pub(crate) fn carry(scope: Option<Arc<Scope>>) -> Option<Entered<Scope>> {
    clock::is_watched().then(|| set(scope))
}

/// From now on calls look for their scope.
fn set(scope: Option<Arc<Scope>>) -> Entered<Scope> {
    #[cfg(feature = "retry")]
    crate::retrying::empty_fast();
    local::enter(&CURRENT, scope)
}

/// Does this thread have a scope?
#[cfg(feature = "retry")]
#[inline]
pub(crate) fn is_set() -> bool {
    CURRENT.try_with(|scope| scope.borrow().is_some()).unwrap_or(false)
}

/// This thread's counters for a site, if it has its own rather than the shared ones.
pub(super) fn shard(site: &TimedSite) -> Option<Arc<Shard>> {
    current().and_then(|scope| scope.shard(site))
}

/// Separate counts for every site.
#[derive(Debug)]
pub(crate) struct Scope {
    /// By site and thread: a shard has one writer.
    shards: Mutex<BTreeMap<(usize, u64), Arc<Shard>>>,
    /// Distinguishes it from every other scope, past and present; never zero.
    #[cfg(feature = "report")]
    id: u64,
    #[cfg(feature = "report")]
    pub(super) tree: ScopeRoot,
    #[cfg(feature = "retry")]
    pub(crate) retries: Recorded,
    _watch: Watch,
}

impl Scope {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Scope {
            shards: Mutex::default(),
            #[cfg(feature = "report")]
            id: next_id(),
            #[cfg(feature = "report")]
            tree: ScopeRoot::default(),
            #[cfg(feature = "retry")]
            retries: Recorded::default(),
            _watch: Watch::new(),
        })
    }

    fn shard(&self, site: &TimedSite) -> Option<Arc<Shard>> {
        let key = (site.address(), thread()?.number);
        Some(Arc::clone(lock(&self.shards).entry(key).or_default()))
    }

    /// The counts of a site, one shard per thread.
    pub(super) fn shards(&self, site: &TimedSite) -> Vec<Arc<Shard>> {
        let range = (site.address(), 0)..=(site.address(), u64::MAX);
        lock(&self.shards).range(range).map(|(_, shard)| Arc::clone(shard)).collect()
    }

    /// Makes it this thread's scope until the guard is dropped.
    pub(crate) fn enter(self: &Arc<Self>) -> Entered<Self> {
        set(Some(Arc::clone(self)))
    }
}

#[cfg(feature = "report")]
fn next_id() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Relaxed) + 1
}

/// The number of this thread's scope; zero without one.
#[cfg(feature = "report")]
#[inline]
pub(super) fn id() -> u64 {
    CURRENT.try_with(|scope| scope.borrow().as_ref().map_or(0, |scope| scope.id)).unwrap_or(0)
}

/// A scope is only equal to itself.
impl PartialEq for Scope {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Scope {}
