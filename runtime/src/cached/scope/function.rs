//! Functions with many caches, one for each thread or for each `self`: their shared part.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, OnceLock, Weak};

use crate::cached::handle::registry::{Erased, Row};
use crate::cached::scope::test::scope_number;
use crate::cached::stats::Stats;
use crate::sync::lock;

/// One function, or one instantiation of it.
pub(in crate::cached) struct Function {
    pub(in crate::cached) stats: &'static Stats,
    /// How often all of its caches have been cleared. Each thread checks this itself.
    clears: AtomicU64,
    /// Its caches that other threads can access.
    caches: Mutex<Vec<Weak<dyn Erased + Send + Sync>>>,
    row: OnceLock<&'static Row>,
}

/// By the test scope and the instantiation.
static FUNCTIONS: Mutex<BTreeMap<(u64, TypeId), &'static Function>> = Mutex::new(BTreeMap::new());

impl Function {
    /// The one for this instantiation.
    pub(in crate::cached) fn of(id: TypeId) -> &'static Self {
        let new = || {
            let (stats, clears, caches) = (Stats::leaked(), AtomicU64::new(0), Mutex::default());
            &*Box::leak(Box::new(Function { stats, clears, caches, row: OnceLock::new() }))
        };
        lock(&FUNCTIONS).entry((scope_number(), id)).or_insert_with(new)
    }

    /// Its row in the registry; its first cache creates it.
    pub(in crate::cached) fn row(&self, list: impl FnOnce() -> &'static Row) -> &'static Row {
        self.row.get_or_init(list)
    }

    #[inline]
    pub(in crate::cached) fn clears(&self) -> u64 {
        self.clears.load(Relaxed)
    }

    pub(in crate::cached) fn clear(&self) {
        self.forget_all();
        self.stats.reset();
    }

    /// Clears every cache of the function: those that belong to threads are cleared by their threads when they are next
    /// used.
    pub(in crate::cached) fn forget_all(&self) {
        self.clears.fetch_add(1, Relaxed);
        self.each(|cache| cache.forget_all());
    }

    pub(in crate::cached) fn add(&self, cache: Weak<dyn Erased + Send + Sync>) {
        let mut caches = lock(&self.caches);
        // From time to time, so that dead ones do not accumulate.
        if caches.len().is_power_of_two() {
            caches.retain(|cache| cache.strong_count() > 0);
        }
        caches.push(cache);
    }

    /// Runs outside of the lock: a value's destructor may create another cache.
    pub(in crate::cached) fn each(&self, mut see: impl FnMut(&dyn Erased)) {
        let caches: Vec<_> = lock(&self.caches).iter().filter_map(Weak::upgrade).collect();
        for cache in caches {
            see(&*cache);
        }
    }
}
