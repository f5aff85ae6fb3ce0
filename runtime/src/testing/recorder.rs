//! Counts that belong to one test.

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use super::scope::{Carry, Scope};
use crate::decorated::Decorated;
use crate::local::Entered;
use crate::timed::Timing;
use crate::timed::scoped;
#[cfg(feature = "report")]
use crate::timed::{Report, collect_within};

/// Gives this thread its own counts, starting at zero, until the returned guard is dropped.
///
/// Tests run in parallel in one process, and would count each other's calls. In the scope of a recorder `f.timing()`,
/// [`timing::report`](crate::timing::report) and [`assert_under!`](crate::testing::assert_under) see only the calls
/// that ended in it, and those are not seen anywhere else:
///
/// ```
/// use festoon::{Decorated, testing, timed};
///
/// #[timed]
/// fn price(sku: &str) -> usize { sku.len() }
///
/// price("before");
/// let recorder = testing::recorder();
/// price("tea");
/// assert_eq!(price.timing().calls(), 1);
///
/// // Other threads and tasks count here through a handle.
/// let handle = recorder.handle();
/// std::thread::spawn(move || handle.run(|| price("mug"))).join().unwrap();
/// assert_eq!(recorder.timing(&price).calls(), 2);
///
/// drop(recorder);
/// assert_eq!(price.timing().calls(), 1);
/// ```
///
/// `f.retries()`, [`retry::all`](crate::retry::all) and the report's columns of `#[retry]` show the calls of the scope too.
/// A cache is shared with other tests, so the report shows those of the scope only if the test has its own
/// [`fresh_caches`](crate::testing::fresh_caches), as under [`isolated`](crate::testing::isolated).
///
/// Recorders nest: the innermost one counts. An async call is counted where it ends, and each of its polls where it
/// ran. `#[offload]` carries the recorder along. Traces, metrics and the list of running calls see the calls of all
/// scopes. Every call is measured, whatever `sample` says, except for those of a disabled function.
#[must_use = "calls are counted here only as long as this guard lives"]
pub fn recorder() -> Recorder {
    let scope = scoped::Scope::new();
    let entered = scope.enter();
    Recorder { handle: RecorderHandle { scope }, _entered: entered, _this_thread: PhantomData }
}

/// This thread's own counts; see [`recorder`].
#[derive(Debug)]
pub struct Recorder {
    handle: RecorderHandle,
    _entered: Entered<scoped::Scope>,
    /// It belongs to the thread that created it.
    _this_thread: PhantomData<*const ()>,
}

impl Deref for Recorder {
    type Target = RecorderHandle;

    fn deref(&self) -> &RecorderHandle {
        &self.handle
    }
}

/// A recorder that you can move to other threads and tasks.
#[derive(Debug, Clone)]
pub struct RecorderHandle {
    scope: Arc<scoped::Scope>,
}

impl RecorderHandle {
    /// Returns another handle to the same recorder.
    #[must_use]
    pub fn handle(&self) -> RecorderHandle {
        self.clone()
    }

    /// Returns its counts for a function, from any thread: `recorder.timing(&price)`.
    pub fn timing<Signature>(&self, function: &impl Decorated<Signature>) -> Timing {
        function.timing().within(&self.scope)
    }

    /// Returns a report of the functions whose calls it has counted.
    #[cfg(feature = "report")]
    #[must_use]
    pub fn report(&self) -> Report {
        collect_within(&self.scope)
    }

    /// Runs a closure on the current thread with this recorder.
    pub fn run<R>(&self, body: impl FnOnce() -> R) -> R {
        let _entered = self.scope.enter();
        body()
    }

    /// Returns a future that counts here wherever it is polled or dropped: `tokio::spawn(recorder.scope(task))`.
    pub fn scope<F: Future>(&self, future: F) -> Scope<F, RecorderHandle> {
        Scope::new(future, self.clone())
    }
}

impl Carry for RecorderHandle {
    fn carry<R>(&self, body: impl FnOnce() -> R) -> R {
        self.run(body)
    }
}
