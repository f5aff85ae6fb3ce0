//! Tools for tests: a virtual clock, so that no test sleeps; separate counts and caches, so that tests do not see each
//! other.
//!
//! In: a test's thread or future. Out: a clock, caches, counts and faults that no other test sees. Open `isolated.rs` first.

#[cfg(feature = "cached")]
mod caches;
mod isolated;
#[cfg(feature = "timed")]
mod recorder;
mod scope;
#[cfg(feature = "retry")]
mod stage;
pub(crate) mod test;

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

pub use crate::clock::GoneOn;
use crate::clock::VirtualClock;
use crate::local::Entered;

#[cfg(feature = "timed")]
#[doc(inline)]
pub use crate::__assert_under as assert_under;
#[cfg(feature = "retry")]
pub use crate::retrying::InjectedFault;
#[cfg(feature = "retry")]
pub use crate::retrying::stage::{Began, Staged};
#[cfg(feature = "cached")]
pub use caches::{FreshCaches, FreshCachesHandle, fresh_caches};
pub use isolated::{Isolated, IsolatedHandle, isolated};
#[cfg(feature = "timed")]
pub use recorder::{Recorder, RecorderHandle, recorder};
pub(crate) use scope::Carry;
pub use scope::Scope;
#[cfg(feature = "retry")]
pub use stage::{Timeline, delay, fail_next, fail_rate, no_retries, timeline};

/// Gives this thread a virtual clock until the returned guard is dropped.
///
/// Everything in festoon that reads the time or sleeps uses it: sleeps, sync and async, return at once and advance it;
/// [`advance`](Handle::advance) makes cached values expire; jitter is seeded. Threads and tasks that run elsewhere use
/// the real clock unless you pass them this one with [`Handle::handle`].
///
/// If it is made while tokio's time is paused, as by `#[tokio::test(start_paused = true)]`, it follows that time (feature
/// `tokio`): see the guide, [Test all of it](crate::guide::test).
///
/// # Panics
/// When it is used inside of a runtime of tokio whose time is paused, but was made before that or outside of it.
///
/// ```
/// use std::time::Duration;
/// let clock = festoon::testing::clock();
/// clock.advance(Duration::from_secs(9));
/// assert_eq!(clock.elapsed(), Duration::from_secs(9));
/// ```
#[must_use = "the clock is virtual only as long as this guard lives"]
pub fn clock() -> Clock {
    let clock = VirtualClock::new(0);
    let entered = clock.enter();
    Clock { handle: Handle { clock }, _entered: entered, _this_thread: PhantomData }
}

/// This thread's virtual clock; see [`clock`].
#[derive(Debug)]
pub struct Clock {
    handle: Handle,
    _entered: Entered<VirtualClock>,
    /// It belongs to the thread that created it.
    _this_thread: PhantomData<*const ()>,
}

impl std::ops::Deref for Clock {
    type Target = Handle;

    fn deref(&self) -> &Handle {
        &self.handle
    }
}

/// A virtual clock that you can move to other threads and tasks.
#[derive(Debug, Clone)]
pub struct Handle {
    clock: Arc<VirtualClock>,
}

impl Handle {
    /// Returns another handle to the same clock.
    #[must_use]
    pub fn handle(&self) -> Handle {
        self.clone()
    }

    /// Advances the clock, and tokio's paused time if it follows that.
    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// Returns how far it has advanced, sleeps included.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.clock.elapsed()
    }

    /// Returns all sleeps so far, in order.
    #[must_use]
    pub fn sleeps(&self) -> Vec<Duration> {
        self.clock.sleeps()
    }

    /// Restarts the random numbers for jitter from this seed.
    pub fn seed(&self, seed: u64) {
        self.clock.seed(seed);
    }

    /// A future that completes when the clock has been advanced by that duration. It does not advance the clock itself,
    /// as festoon's own sleeps do.
    pub fn wait(&self, length: Duration) -> GoneOn {
        self.clock.gone_on(length)
    }

    /// Runs a future whose calls overlap in virtual time: sleeps, waits and timeouts take as long as they say, and whenever
    /// everything in the future waits, the clock advances to the next moment that something waits for.
    ///
    /// Outside of a simulation each of festoon's sleeps advances the clock at once, which is enough for calls made one after
    /// the other.
    ///
    /// ```
    /// use festoon::{retry, testing};
    /// use std::time::Duration;
    ///
    /// #[retry(attempts = 3, wait = fixed(1s))]
    /// async fn fetch() -> Option<u32> {
    ///     None
    /// }
    ///
    /// let clock = testing::clock();
    /// clock.simulate(async { tokio::join!(fetch(), fetch()) });
    /// assert_eq!(clock.elapsed(), Duration::from_secs(2)); // not four
    /// ```
    ///
    /// Only this future is polled: spawned tasks run wherever they do, and a blocking sleep advances the clock at once.
    ///
    /// # Panics
    /// When nothing in the future waits for the clock, and nothing wakes it for a minute of real time; also when the clock
    /// follows tokio's paused time, which only tokio's runtime advances from moment to moment.
    pub fn simulate<F: Future>(&self, future: F) -> F::Output {
        self.clock.simulate(future)
    }

    /// Runs a closure on the current thread with this clock.
    pub fn run<R>(&self, body: impl FnOnce() -> R) -> R {
        let _entered = self.clock.enter();
        body()
    }

    /// Returns a future that sees this clock wherever it is polled: `tokio::spawn(clock.scope(task))`.
    pub fn scope<F: Future>(&self, future: F) -> Scope<F> {
        Scope::new(future, self.clone())
    }
}

impl Carry for Handle {
    fn carry<R>(&self, body: impl FnOnce() -> R) -> R {
        self.run(body)
    }
}
