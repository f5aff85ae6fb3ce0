//! What is counted for one test alone.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::shard::Shard;
use super::site::Site;
use super::thread::thread;
use crate::clock::{self, Watch};
use crate::local::{self, Entered, Slot};
use crate::sync::lock;

thread_local! {
    static CURRENT: Slot<Scope> = const { Slot::new(None) };
}

/// The scope of this thread.
pub(crate) fn current() -> Option<Arc<Scope>> {
    local::current(&CURRENT)
}

/// Makes it the scope of the thread that some work has come to.
pub(crate) fn carry(scope: Option<Arc<Scope>>) -> Option<Entered<Scope>> {
    clock::is_watched().then(|| local::enter(&CURRENT, scope))
}

/// Where this thread counts the calls at a site, when not with everybody else's.
pub(super) fn shard(site: &Site) -> Option<Arc<Shard>> {
    current().and_then(|scope| scope.shard(site))
}

/// Counts of its own for every site.
#[derive(Debug)]
pub(crate) struct Scope {
    /// By site and thread: a shard has one writer.
    shards: Mutex<BTreeMap<(usize, u64), Arc<Shard>>>,
    _watch: Watch,
}

impl Scope {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Scope { shards: Mutex::default(), _watch: Watch::new() })
    }

    fn shard(&self, site: &Site) -> Option<Arc<Shard>> {
        let key = (site.address(), thread()?.number);
        Some(Arc::clone(lock(&self.shards).entry(key).or_default()))
    }

    /// What has been counted at a site, one for each thread.
    pub(super) fn shards(&self, site: &Site) -> Vec<Arc<Shard>> {
        let range = (site.address(), 0)..=(site.address(), u64::MAX);
        lock(&self.shards).range(range).map(|(_, shard)| Arc::clone(shard)).collect()
    }

    /// Makes it this thread's scope until the guard is dropped.
    pub(crate) fn enter(self: &Arc<Self>) -> Entered<Self> {
        local::enter(&CURRENT, Some(Arc::clone(self)))
    }
}

/// A scope is equal to itself alone.
impl PartialEq for Scope {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Scope {}
