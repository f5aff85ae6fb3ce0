//! All of a test's own state at once.

use super::scope::{Carry, Scope};
use super::{Clock, Handle, clock};
#[cfg(feature = "cached")]
use super::{FreshCaches, FreshCachesHandle, fresh_caches};
#[cfg(feature = "timed")]
use super::{Recorder, RecorderHandle, recorder};

/// Gives this thread its own virtual [`clock`], caches and counts until the returned guard is dropped. It combines
/// [`clock`], [`fresh_caches`](super::fresh_caches) and [`recorder`](super::recorder).
///
/// ```
/// use festoon::{Decorated, cached, testing, timed};
/// use std::time::Duration;
///
/// #[timed]
/// #[cached(ttl = 5m)]
/// fn price(sku: &str) -> usize { sku.len() }
///
/// price("tea");
/// let test = testing::isolated();
/// price("tea");
/// test.clock().advance(Duration::from_secs(301));
/// price("tea");
/// assert_eq!(price.cache().info().misses, 2);
/// assert_eq!(price.timing().calls(), 2);
///
/// // For threads and tasks that the test starts:
/// let handle = test.handle();
/// std::thread::spawn(move || handle.run(|| price("mug"))).join().unwrap();
/// assert_eq!(price.timing().calls(), 3);
/// ```
#[must_use = "the test is isolated only as long as this guard lives"]
pub fn isolated() -> Isolated {
    Isolated {
        clock: clock(),
        #[cfg(feature = "cached")]
        caches: fresh_caches(),
        #[cfg(feature = "timed")]
        recorder: recorder(),
    }
}

/// This thread's own clock, caches and counts; see [`isolated`].
#[derive(Debug)]
pub struct Isolated {
    clock: Clock,
    #[cfg(feature = "cached")]
    caches: FreshCaches,
    #[cfg(feature = "timed")]
    recorder: Recorder,
}

impl Isolated {
    /// Returns its virtual clock.
    #[must_use]
    pub fn clock(&self) -> &Handle {
        &self.clock
    }

    /// Returns a handle to the same clock, caches and counts, for other threads and tasks.
    #[must_use]
    pub fn handle(&self) -> IsolatedHandle {
        IsolatedHandle {
            clock: self.clock.handle(),
            #[cfg(feature = "cached")]
            caches: self.caches.handle(),
            #[cfg(feature = "timed")]
            recorder: self.recorder.handle(),
        }
    }
}

/// A clock, caches and counts that you can move to other threads and tasks.
#[derive(Debug, Clone)]
pub struct IsolatedHandle {
    clock: Handle,
    #[cfg(feature = "cached")]
    caches: FreshCachesHandle,
    #[cfg(feature = "timed")]
    recorder: RecorderHandle,
}

impl IsolatedHandle {
    /// Runs a closure on the current thread with all three.
    pub fn run<R>(&self, body: impl FnOnce() -> R) -> R {
        #[cfg(feature = "cached")]
        let body = || self.caches.run(body);
        #[cfg(feature = "timed")]
        let body = || self.recorder.run(body);
        self.clock.run(body)
    }

    /// Returns a future that sees all three wherever it is polled: `tokio::spawn(handle.scope(task))`.
    pub fn scope<F: Future>(&self, future: F) -> Scope<F, IsolatedHandle> {
        Scope::new(future, self.clone())
    }
}

impl Carry for IsolatedHandle {
    fn carry<R>(&self, body: impl FnOnce() -> R) -> R {
        self.run(body)
    }
}
