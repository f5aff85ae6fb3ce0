//! `#[bulkhead]`, and `Bulkhead` as a value.

mod adaptive;
mod enter;
mod handle;
mod queue;

use std::fmt::{Debug, Formatter};
use std::mem;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

pub use enter::Entering;

use self::adaptive::Adaptive;
use self::queue::{Joined, Queue};
use crate::clock;
use crate::outcome::OutcomeKind;
use crate::refused::{Reason, Refuse, Refused};
use crate::{AsyncDecorator, Call, Decorator};

/// Lets so many calls run at a time: `#[bulkhead(10)]` as a value, for what is no function of its own, and for several functions
/// that share a limit.
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
/// Calls that find it full are refused, or wait where there is a [`queue`](Bulkhead::queue), and come in the order of their
/// arrival. `#[decorate(layer = &DATABASE)]` puts it around a function.
pub struct Bulkhead {
    queue: Queue,
    limit: u32,
    most_waiting: u32,
    wait: Option<Duration>,
    adaptive: Option<Adaptive>,
    refused: AtomicU64,
}

impl Bulkhead {
    /// So many calls at a time.
    ///
    /// # Panics
    /// When it is zero; in a `static` this is an error at compile time.
    #[must_use]
    pub const fn new(limit: u32) -> Self {
        assert!(limit > 0, "a bulkhead of no calls lets nothing through");
        let refused = AtomicU64::new(0);
        Bulkhead { queue: Queue::new(limit), limit, most_waiting: 0, wait: None, adaptive: None, refused }
    }

    /// So many more may wait; none when not given.
    #[must_use]
    pub const fn queue(mut self, calls: u32) -> Self {
        self.most_waiting = calls;
        self
    }

    /// As many as come may wait, as long as it takes.
    #[must_use]
    pub const fn wait(self) -> Self {
        self.queue(u32::MAX)
    }

    /// Whoever waits does so for at most so long. Without a [`queue`](Bulkhead::queue) as many as come may wait.
    #[must_use]
    pub const fn wait_at_most(mut self, wait: Duration) -> Self {
        self.wait = Some(wait);
        if self.most_waiting == 0 { self.wait() } else { self }
    }

    /// The limit follows what is called: it grows as long as calls are as quick as they are on the average, and shrinks when
    /// they get slower or fail. It stays between 1 and `most`.
    ///
    /// # Panics
    /// When `most` is below the limit to begin with; in a `static` this is an error at compile time.
    #[must_use]
    pub const fn adaptive(mut self, most: u32) -> Self {
        assert!(most >= self.limit, "the largest limit is below the first one");
        self.adaptive = Some(Adaptive::new(self.limit, most));
        self
    }

    /// One call.
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

    /// One call of an async function. Dropped while it waits, it has not been there.
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

    /// Goes in; waits for a place, where it may.
    ///
    /// # Errors
    /// When there is none.
    #[inline]
    pub fn enter(&self) -> Result<Place<'_>, Refused> {
        if self.queue.enter() { Ok(Place::new(self)) } else { self.enter_slowly() }
    }

    /// As [`enter`](Bulkhead::enter), for an async function.
    #[inline]
    pub fn enter_async(&self) -> Entering<'_> {
        Entering::new(self)
    }

    /// Goes in, waits behind the others, or is refused.
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

    /// How many may run at a time; an adaptive one changes it.
    pub fn limit(&self) -> u32 {
        self.queue.limit()
    }

    /// How many calls are running.
    pub fn running(&self) -> u64 {
        self.queue.inside()
    }

    /// How many calls are waiting.
    pub fn waiting(&self) -> u64 {
        self.queue.waiting()
    }

    /// How many calls it has ever refused.
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

/// A call that runs in a [`Bulkhead`]. It ends when this is dropped.
#[derive(Debug)]
#[must_use = "the call is over when its place is dropped"]
pub struct Place<'b> {
    bulkhead: &'b Bulkhead,
    /// In ticks; zero when nobody wants to know.
    started: u64,
}

impl<'b> Place<'b> {
    #[inline]
    fn new(bulkhead: &'b Bulkhead) -> Self {
        let started = if bulkhead.adaptive.is_some() { clock::ticks() } else { 0 };
        Place { bulkhead, started }
    }

    /// The call has ended, well or not: what an adaptive bulkhead learns from.
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
        self.bulkhead.queue.leave();
    }
}

/// How far an adaptive limit goes when nobody says: to ten times the first one.
#[must_use]
pub const fn most(first: u32) -> u32 {
    first.saturating_mul(10)
}

/// The call has ended, with this error if it has failed.
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
