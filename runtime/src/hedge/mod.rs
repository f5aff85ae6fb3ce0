//! `#[hedge]`, and `Hedge` as a value.
//!
//! In: a call that may be made twice. Out: the value of whichever attempt is first. Open this file first; `latency.rs` and
//! `budget.rs` decide when and whether there is a second attempt.

mod budget;
mod latency;

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::Duration;

use self::budget::Budget;
use self::latency::Latencies;
use crate::clock;
use crate::outcome::OutcomeKind;
use crate::policies::{OfFunction, Policies, PolicySite};
use crate::site::Registry;

/// Calls an async function a second time when the first call is slow, and takes whichever result comes first:
/// `#[hedge]` as a value.
///
/// ```
/// use festoon::Hedge;
/// use std::time::Duration;
///
/// async fn read(replica: &str) -> Result<usize, String> {
///     Ok(replica.len())
/// }
///
/// # futures_executor::block_on(async {
/// let hedge = Hedge::after(Duration::from_millis(100));
/// assert_eq!(hedge.run_async(|| read("a")).await, Ok(1));
/// # });
/// ```
#[derive(Debug)]
pub struct Hedge {
    after: After,
    share: f64,
    budget: Budget,
    latencies: Latencies,
    hedged: AtomicU64,
    won: AtomicU64,
}

/// When the second call starts.
#[derive(Debug, Clone, Copy, PartialEq)]
enum After {
    Length(Duration),
    /// When this share of the calls would be done.
    Share(f64),
}

impl Hedge {
    const fn new(after: After) -> Self {
        let (hedged, won) = (AtomicU64::new(0), AtomicU64::new(0));
        Hedge { after, share: 0.1, budget: Budget::new(), latencies: Latencies::new(), hedged, won }
    }

    /// Starts the second call when the first one has taken this long.
    #[must_use]
    pub const fn after(length: Duration) -> Self {
        Hedge::new(After::Length(length))
    }

    /// Starts the second call when the first one takes longer than this share of recent calls: 0.95 for the slowest
    /// twentieth. Until there have been enough calls, there are no second ones.
    ///
    /// # Panics
    /// If it is not between 0 and 1; in a `static` this is a compile-time error.
    #[must_use]
    pub const fn after_share(share: f64) -> Self {
        assert!(share > 0.0 && share < 1.0, "the share of the calls has to be between 0 and 1");
        Hedge::new(After::Share(share))
    }

    /// Allows at most this many second calls per call in the long run, with a burst of ten; 0.1 by default.
    ///
    /// # Panics
    /// If it is not above 0 and at most 1; in a `static` this is a compile-time error.
    #[must_use]
    pub const fn budget(mut self, share: f64) -> Self {
        assert!(share > 0.0 && share <= 1.0, "the budget has to be above 0 and at most 1");
        self.share = share;
        self
    }

    /// Makes a call, and a second one when it is slow. Takes the first one to succeed, and drops the other.
    ///
    /// # Errors
    /// If the call fails; if both fail, the later error.
    pub async fn run_async<F: Future<Output = Result<T, E>>, T, E>(&self, call: impl Fn() -> F) -> Result<T, E> {
        race(self, call, |value| if value.is_ok() { OutcomeKind::Success } else { OutcomeKind::Error }).await
    }

    /// Returns the number of second calls.
    pub fn hedged(&self) -> u64 {
        self.hedged.load(Relaxed)
    }

    /// Returns how many of them finished first.
    pub fn won(&self) -> u64 {
        self.won.load(Relaxed)
    }

    fn delay(&self) -> Option<Duration> {
        match self.after {
            After::Length(length) => Some(length),
            After::Share(share) => self.latencies.of(share),
        }
    }

    fn learn(&self, started: u64) {
        if matches!(self.after, After::Share(_)) {
            self.latencies.add(clock::duration(clock::ticks().saturating_sub(started)));
        }
    }

    fn may_hedge(&self) -> bool {
        let may = self.budget.take();
        if may {
            self.hedged.fetch_add(1, Relaxed);
        }
        may
    }
}

/// Makes a call, and a second one when it is slow. `outcome` tells how a call has ended.
pub async fn race<F: Future>(
    hedge: &Hedge,
    call: impl Fn() -> F,
    outcome: impl Fn(&F::Output) -> OutcomeKind,
) -> F::Output {
    hedge.budget.earn(hedge.share);
    let started = clock::ticks();
    let mut first = pin!(call());
    let mut alone = Alone { hedge, timer: None };
    if let Some(value) = poll_fn(|context| alone.poll(first.as_mut(), context)).await {
        hedge.learn(started);
        return value;
    }
    drop(alone);
    // Boxed, so that the function's future does not grow for a call that is seldom made.
    let mut second = Some(Box::pin(call()));
    let (value, has_won) = both(first, &mut second, outcome).await;
    hedge.won.fetch_add(u64::from(has_won), Relaxed);
    hedge.learn(started);
    value
}

/// The first call, until it is time for the second one.
struct Alone<'h> {
    hedge: &'h Hedge,
    // Created when the call first has to wait.
    timer: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Alone<'_> {
    /// `None` when it is time for the second call.
    fn poll<F: Future>(&mut self, first: Pin<&mut F>, context: &mut Context<'_>) -> Poll<Option<F::Output>> {
        if let Poll::Ready(value) = first.poll(context) {
            return Poll::Ready(Some(value));
        }
        if self.timer.is_none() {
            let Some(delay) = self.hedge.delay() else { return Poll::Pending };
            self.timer = Some(Box::pin(clock::gone_on(delay)));
        }
        match self.timer.as_mut().map(|timer| timer.as_mut().poll(context)) {
            Some(Poll::Ready(())) if self.hedge.may_hedge() => Poll::Ready(None),
            Some(Poll::Ready(())) => {
                // The budget is exhausted: the first call continues alone.
                self.timer = Some(Box::pin(std::future::pending()));
                Poll::Pending
            }
            _ => Poll::Pending,
        }
    }
}

/// The first to succeed, or else the last; and whether it is the second call.
async fn both<F: Future>(
    mut first: Pin<&mut F>,
    second: &mut Option<Pin<Box<F>>>,
    outcome: impl Fn(&F::Output) -> OutcomeKind,
) -> (F::Output, bool) {
    let mut first_runs = true;
    poll_fn(|context| {
        if first_runs && let Poll::Ready(value) = first.as_mut().poll(context) {
            if second.is_none() || outcome(&value) == OutcomeKind::Success {
                return Poll::Ready((value, false));
            }
            first_runs = false;
        }
        let Some(Poll::Ready(value)) = second.as_mut().map(|call| call.as_mut().poll(context)) else {
            return Poll::Pending;
        };
        if !first_runs || outcome(&value) == OutcomeKind::Success {
            return Poll::Ready((value, true));
        }
        *second = None;
        Poll::Pending
    })
    .await
}

static SITES: Registry<PolicySite<Hedge>> = Registry::new("hedge", || SITES.names());

impl OfFunction for Hedge {
    fn fresh(&self) -> Self {
        Hedge { share: self.share, ..Hedge::new(self.after) }
    }

    fn is_idle(&self) -> bool {
        self.hedged() == 0
    }

    fn set_name(&self, _: &str) {}

    fn sites() -> &'static Registry<PolicySite<Self>> {
        &SITES
    }
}

/// The second calls of a `#[hedge]` function.
impl Policies<Hedge> {
    /// Returns the number of second calls.
    pub fn hedged(&self) -> u64 {
        self.sum(Hedge::hedged)
    }

    /// Returns how many of them finished first.
    pub fn won(&self) -> u64 {
        self.sum(Hedge::won)
    }
}
