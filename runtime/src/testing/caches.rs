//! Caches that belong to one test.

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use super::scope::{Carry, Scope};
use crate::cached::FreshScope;
use crate::local::Entered;

/// Gives this thread its own, empty caches until the returned guard is dropped.
///
/// Tests run in parallel in one process, and would see each other's cached values. While this guard is alive, every
/// `#[cached]` function starts with an empty cache; its handle and [`cache::all`](crate::cache::all) see only these
/// caches, which other threads do not see:
///
/// ```
/// use festoon::{Decorated, cached, testing};
///
/// #[cached]
/// fn price(sku: &str) -> usize { sku.len() }
///
/// price("tea");
/// let caches = testing::fresh_caches();
/// assert!(!price.cache().contains(("tea",)));
/// price("mug");
///
/// // Other threads and tasks use them through a handle.
/// let handle = caches.handle();
/// std::thread::spawn(move || handle.run(|| assert!(price.cache().contains(("mug",))))).join().unwrap();
///
/// drop(caches);
/// assert!(price.cache().contains(("tea",)) && !price.cache().contains(("mug",)));
/// ```
///
/// Guards nest: the innermost one applies. `#[offload]` and background refreshes carry them along. While such a guard
/// is alive, every hit in the process takes a few nanoseconds longer. The memory of the caches themselves is kept until
/// the process ends, like that of a function's own cache.
#[must_use = "caches are fresh only as long as this guard lives"]
pub fn fresh_caches() -> FreshCaches {
    let scope = FreshScope::new();
    let entered = scope.enter();
    FreshCaches { handle: FreshCachesHandle { scope }, _entered: entered, _this_thread: PhantomData }
}

/// This thread's own caches; see [`fresh_caches`].
#[derive(Debug)]
pub struct FreshCaches {
    handle: FreshCachesHandle,
    _entered: Entered<FreshScope>,
    /// It belongs to the thread that created it.
    _this_thread: PhantomData<*const ()>,
}

impl Deref for FreshCaches {
    type Target = FreshCachesHandle;

    fn deref(&self) -> &FreshCachesHandle {
        &self.handle
    }
}

/// Caches that you can move to other threads and tasks.
#[derive(Debug, Clone)]
pub struct FreshCachesHandle {
    scope: Arc<FreshScope>,
}

impl FreshCachesHandle {
    /// Returns another handle to the same caches.
    #[must_use]
    pub fn handle(&self) -> FreshCachesHandle {
        self.clone()
    }

    /// Runs a closure on the current thread with these caches.
    pub fn run<R>(&self, body: impl FnOnce() -> R) -> R {
        let _entered = self.scope.enter();
        body()
    }

    /// Returns a future that sees these caches wherever it is polled or dropped: `tokio::spawn(caches.scope(task))`.
    pub fn scope<F: Future>(&self, future: F) -> Scope<F, FreshCachesHandle> {
        Scope::new(future, self.clone())
    }
}

impl Carry for FreshCachesHandle {
    fn carry<R>(&self, body: impl FnOnce() -> R) -> R {
        self.run(body)
    }
}
