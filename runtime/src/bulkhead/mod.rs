//! `#[bulkhead]`, and `Bulkhead` as a value.
//!
//! In: a call. Out: a permit that is given back when it is dropped, or a refusal. Open this file first, then
//! `queue.rs`.

mod adaptive;
mod enter;
mod handle;
mod queue;
#[cfg(feature = "redis")]
mod shared;

use std::fmt::{Debug, Formatter};
use std::mem;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

pub use enter::Entering;

use self::adaptive::Adaptive;
use self::queue::{Joined, Queue};
#[cfg(feature = "redis")]
use crate::cached::policies::{SharedPermit, Sharing};
use crate::clock;
use crate::outcome::OutcomeKind;
use crate::refused::{Reason, Refuse, Refused};
use crate::{AsyncDecorator, Call, Decorator};

/// Limits how many calls run at the same time: `#[bulkhead(10)]` as a value, for code that is not a separate function,
/// or for several functions that share a limit.
///
/// ```
/// use festoon::Bulkhead;
///
/// static DATABASE: Bulkhead = Bulkhead::new(1);
///
/// let inside = || DATABASE.run(|| Some(1));
/// assert_eq!(DATABASE.run(|| Some(inside())), Some(None)); // refused inside of another one
/// ```
///
/// Calls that find it full are refused, or wait if there is a [`queue`](Bulkhead::queue), in order of arrival.
/// `#[decorate(layer = &DATABASE)]` applies it to a function.
pub struct Bulkhead {
    queue: Queue,
    limit: u32,
    most_waiting: u32,
    wait: Option<Duration>,
    adaptive: Option<Adaptive>,
    refused: AtomicU64,
    #[cfg(feature = "redis")]
    sharing: Sharing,
}

impl Bulkhead {
    /// Allows this many calls at the same time.
    ///
    /// # Panics
    /// If it is zero; in a `static` this is a compile-time error.
    #[must_use]
    pub const fn new(limit: u32) -> Self {
        assert!(limit > 0, "a bulkhead with a limit of zero lets no calls through");
        let refused = AtomicU64::new(0);
        Bulkhead {
            queue: Queue::new(limit),
            limit,
            most_waiting: 0,
            wait: None,
            adaptive: None,
            refused,
            #[cfg(feature = "redis")]
            sharing: Sharing::none(),
        }
    }

    /// Allows this many more calls to wait; none by default.
    #[must_use]
    pub const fn queue(mut self, calls: u32) -> Self {
        self.most_waiting = calls;
        self
    }

    /// Allows any number of calls to wait, for as long as it takes.
    #[must_use]
    pub const fn wait(self) -> Self {
        self.queue(u32::MAX)
    }

    /// Limits how long a call may wait. Without a [`queue`](Bulkhead::queue), any number of calls may wait.
    #[must_use]
    pub const fn wait_at_most(mut self, wait: Duration) -> Self {
        self.wait = Some(wait);
        if self.most_waiting == 0 { self.wait() } else { self }
    }

    /// Makes the limit adaptive: it grows while calls are as fast as they are on average, and shrinks when they get
    /// slower or fail. It stays between 1 and `most`.
    ///
    /// # Panics
    /// If `most` is below the initial limit; in a `static` this is a compile-time error.
    #[must_use]
    pub const fn adaptive(mut self, most: u32) -> Self {
        assert!(most >= self.limit, "the upper bound is below the initial limit");
        self.adaptive = Some(Adaptive::new(self.limit, most));
        self
    }

    /// Runs a call.
    pub fn run<R: Refuse>(&self, call: impl FnOnce() -> R) -> R {
        match self.enter() {
            Ok(place) => {
                let value = call();
                place.ended(value.failure().is_some());
                value
            }
            Err(refused) => R::refused(refused),
        }
    }

    /// Runs an async call. If it is dropped while it waits, it leaves the queue.
    pub async fn run_async<R: Refuse>(&self, call: impl Future<Output = R>) -> R {
        match self.enter_async().await {
            Ok(place) => {
                let value = call.await;
                place.ended(value.failure().is_some());
                value
            }
            Err(refused) => R::refused(refused),
        }
    }

    /// Enters, waiting for a place if that is allowed.
    ///
    /// # Errors
    /// If the bulkhead is full and the call may not wait, or has waited too long.
    #[inline]
    pub fn enter(&self) -> Result<Place<'_>, Refused> {
        #[cfg(feature = "redis")]
        if !self.sharing.is_none() {
            return self.enter_shared();
        }
        if self.queue.enter() { Ok(Place::new(self)) } else { self.enter_slowly() }
    }

    /// Like [`enter`](Bulkhead::enter), for an async function.
    #[inline]
    pub fn enter_async(&self) -> Entering<'_> {
        Entering::new(self)
    }

    /// Enters, joins the queue, or is refused.
    fn join(&self) -> Result<Joined, Refused> {
        match self.queue.join(self.most_waiting) {
            Joined::Full => Err(self.refuse(Reason::Full)),
            joined => Ok(joined),
        }
    }

    #[cold]
    fn refuse(&self, reason: Reason) -> Refused {
        self.refused.fetch_add(1, Relaxed);
        Refused::new("bulkhead", reason, None)
    }

    /// Returns the number of calls that may run at the same time; an adaptive bulkhead changes it.
    pub fn limit(&self) -> u32 {
        self.queue.limit()
    }

    /// Returns the number of running calls of this process.
    pub fn running(&self) -> u64 {
        self.queue.inside()
    }

    /// Returns the number of waiting calls of this process.
    pub fn waiting(&self) -> u64 {
        self.queue.waiting()
    }

    /// Returns the total number of refused calls.
    pub fn refused(&self) -> u64 {
        self.refused.load(Relaxed)
    }
}

impl Debug for Bulkhead {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let mut it = f.debug_struct("Bulkhead");
        it.field("limit", &self.limit()).field("running", &self.running()).field("waiting", &self.waiting());
        it.finish_non_exhaustive()
    }
}

/// A call that is running in a [`Bulkhead`]. Dropping it ends the call.
#[derive(Debug)]
#[must_use = "the call ends when its place is dropped"]
pub struct Place<'b> {
    bulkhead: &'b Bulkhead,
    /// In ticks; zero if the duration is not needed.
    started: u64,
    #[cfg(feature = "redis")]
    // Boxed, so that the function's future does not grow.
    permit: Option<Box<SharedPermit>>,
}

impl<'b> Place<'b> {
    #[inline]
    fn new(bulkhead: &'b Bulkhead) -> Self {
        let started = if bulkhead.adaptive.is_some() { clock::ticks() } else { 0 };
        Place {
            bulkhead,
            started,
            #[cfg(feature = "redis")]
            permit: None,
        }
    }

    /// Ends the call, successfully or not, which is what an adaptive bulkhead learns from.
    #[inline]
    pub fn ended(self, failed: bool) {
        if self.started != 0 {
            self.learn(failed);
        }
    }

    #[cold]
    fn learn(&self, failed: bool) {
        let Bulkhead { adaptive: Some(adaptive), queue, .. } = self.bulkhead else { return };
        let took = clock::duration(clock::ticks().saturating_sub(self.started));
        if let Some(limit) = adaptive.after(took, failed, queue.inside()) {
            queue.set_limit(limit);
        }
    }
}

impl Drop for Place<'_> {
    #[inline]
    fn drop(&mut self) {
        if mem::take(&mut self.started) != 0 && OutcomeKind::in_drop() == OutcomeKind::Panic {
            self.learn(true);
        }
        #[cfg(feature = "redis")]
        drop(self.permit.take());
        self.bulkhead.queue.leave();
    }
}

/// The default upper bound of an adaptive limit: ten times the initial one.
#[must_use]
pub const fn most(first: u32) -> u32 {
    first.saturating_mul(10)
}

/// Ends the call, with this error if it failed.
#[inline]
pub fn ended<E>(place: Place<'_>, failure: Option<&E>) {
    place.ended(failure.is_some());
}

#[diagnostic::do_not_recommend]
impl<R: Refuse> Decorator<R> for Bulkhead {
    fn call(&self, _: Call<R>, next: impl FnOnce() -> R) -> R {
        self.run(next)
    }
}

#[diagnostic::do_not_recommend]
impl<F: Future<Output: Refuse>> AsyncDecorator<F> for Bulkhead {
    async fn call(&self, _: Call<F::Output>, next: F) -> F::Output {
        self.run_async(next).await
    }
}
