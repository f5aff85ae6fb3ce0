//! A test's own caches, initially empty: those of the process, of its threads and of instances.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

use crate::cached::handle::overrides::{OverrideGuard, is_open};
use crate::cached::handle::registry::Rows;
use crate::cached::scope::process::CacheSite;
use crate::local::{self, Entered, Slot};
use crate::sync::lock;

thread_local! {
    static FRESH: Slot<FreshScope> = const { Slot::new(None) };
}

/// A test's own caches, initially empty.
pub(crate) struct FreshScope {
    /// Starts at one.
    number: u64,
    /// By the function's own site. They are never freed, as the function's own are not.
    sites: Mutex<HashMap<usize, &'static CacheSite>>,
    pub(in crate::cached) listed: Mutex<Rows>,
    _guard: OverrideGuard,
}

impl FreshScope {
    pub(crate) fn new() -> Arc<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Arc::new(FreshScope {
            number: NEXT.fetch_add(1, Relaxed),
            sites: Mutex::default(),
            listed: Mutex::default(),
            _guard: OverrideGuard::new(),
        })
    }

    /// Makes it this thread's scope until the guard is dropped.
    pub(crate) fn enter(self: &Arc<Self>) -> Entered<Self> {
        local::enter(&FRESH, Some(Arc::clone(self)))
    }
}

impl std::fmt::Debug for FreshScope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FreshScope").finish_non_exhaustive()
    }
}

/// The scope of this thread.
pub(crate) fn fresh_scope() -> Option<Arc<FreshScope>> {
    if is_open() { local::current(&FRESH) } else { None }
}

/// The number of this thread's scope; zero without one.
pub(in crate::cached) fn scope_number() -> u64 {
    fresh_scope().map_or(0, |scope| scope.number)
}

/// Makes it the scope of the thread that runs some work.
pub(crate) fn carry_fresh(scope: Option<Arc<FreshScope>>) -> Option<Entered<FreshScope>> {
    is_open().then(|| local::enter(&FRESH, scope))
}

/// The function's own site, or its site in this thread's scope.
pub(in crate::cached) fn site(own: &'static CacheSite) -> &'static CacheSite {
    let Some(scope) = fresh_scope() else { return own };
    let mut sites = lock(&scope.sites);
    sites
        .entry(std::ptr::from_ref(own).addr())
        .or_insert_with(|| Box::leak(Box::new(CacheSite::new(own.settings, own.place))))
}
