//! `timing::future`.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use super::names::{named, named_kind};
use crate::clock;
use crate::shards::{Count, Shards, per_thread};

/// Watches a future: how long it takes, how often it is polled, and how long its polls take.
///
/// ```
/// use festoon::timing;
///
/// # futures_executor::block_on(async {
/// assert_eq!(timing::future("answer", async { 42 }).await, 42);
/// # });
/// let answer = timing::futures().into_iter().find(|future| future.name == "answer").unwrap();
/// assert_eq!((answer.completed, answer.polls), (1, 1));
/// ```
///
/// It is for futures that are not calls of your functions: a join of others, the receiver of a oneshot, a future of a
/// library. An `async fn` has more with `#[timed]`: outcomes, percentiles, self time.
///
/// Futures with the same name are added up. The figures are in [`futures()`](crate::timing::futures), in every format of
/// [`report()`](crate::timing::report), and in [`metrics::collect()`](crate::metrics::collect). A poll costs two reads of
/// the clock and counting, 30 to 50 ns on one x86 machine.
pub fn future<F: IntoFuture>(name: &'static str, future: F) -> WatchedFuture<F::IntoFuture> {
    WatchedFuture { future: future.into_future(), run: Run { site: named(name), start: 0, is_over: false } }
}

/// The figures of a watched future; see [`future`](crate::timing::future).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct FutureFigures {
    /// Its name.
    pub name: &'static str,
    /// Futures that have been polled.
    pub started: u64,
    /// Futures that are ready.
    pub completed: u64,
    /// Futures that were dropped, or whose poll panicked, after they had been polled and before they were ready.
    pub cancelled: u64,
    /// Polls.
    pub polls: u64,
    /// The time in polls.
    #[cfg_attr(feature = "serde", serde(rename = "busy_ns", serialize_with = "crate::timed::report::nanos"))]
    pub busy: Duration,
    /// The longest poll.
    #[cfg_attr(feature = "serde", serde(rename = "longest_poll_ns", serialize_with = "crate::timed::report::nanos"))]
    pub longest_poll: Duration,
    /// The time from the first poll to the end, of those that have ended either way.
    #[cfg_attr(feature = "serde", serde(rename = "total_ns", serialize_with = "crate::timed::report::nanos"))]
    pub total: Duration,
}

impl FutureFigures {
    /// Returns the time from the first poll to the end on average.
    #[must_use]
    pub fn mean(&self) -> Duration {
        let ended = u32::try_from(self.completed + self.cancelled).unwrap_or(u32::MAX);
        self.total.checked_div(ended).unwrap_or_default()
    }
}

/// One thread's counts. Times are in ticks.
#[derive(Default)]
struct FutureShard {
    started: Count,
    completed: Count,
    cancelled: Count,
    polls: Count,
    busy: Count,
    longest_poll: Count,
    total: Count,
}

per_thread!(FutureShard);

/// The futures of one name.
pub(super) struct FutureSite {
    name: &'static str,
    shards: Shards<FutureShard>,
}

named_kind!(FutureSite);

impl FutureSite {
    const fn new(name: &'static str) -> Self {
        FutureSite { name, shards: Shards::new() }
    }

    pub(super) fn figures(&self) -> FutureFigures {
        let sum = |of: fn(&FutureShard) -> &Count| self.shards.sum(of);
        let longest = |longest: u64, shard: &FutureShard| longest.max(shard.longest_poll.get());
        FutureFigures {
            name: self.name,
            started: sum(|shard| &shard.started),
            completed: sum(|shard| &shard.completed),
            cancelled: sum(|shard| &shard.cancelled),
            polls: sum(|shard| &shard.polls),
            busy: clock::duration(sum(|shard| &shard.busy)),
            longest_poll: clock::duration(self.shards.fold(0, longest)),
            total: clock::duration(sum(|shard| &shard.total)),
        }
    }
}

/// One future, from its first poll to its end.
struct Run {
    site: &'static FutureSite,
    /// In ticks; zero before the first poll.
    start: u64,
    is_over: bool,
}

impl Run {
    /// *Input:* when the poll started.
    fn polled(&mut self, from: u64, is_ready: bool) {
        let (shard, now) = (self.site.shards.local(), clock::ticks());
        if self.start == 0 {
            self.start = from.max(1);
            shard.started.add(1);
        }
        let busy = now.saturating_sub(from);
        shard.polls.add(1);
        shard.busy.add(busy);
        shard.longest_poll.raise(busy);
        if is_ready {
            self.is_over = true;
            shard.completed.add(1);
            shard.total.add(now.saturating_sub(self.start));
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        if self.start != 0 && !self.is_over {
            let shard = self.site.shards.local();
            shard.cancelled.add(1);
            shard.total.add(clock::ticks().saturating_sub(self.start));
        }
    }
}

/// Counts a poll, also one that panics.
struct PollGuard<'r> {
    run: &'r mut Run,
    from: u64,
    is_ready: bool,
}

impl Drop for PollGuard<'_> {
    fn drop(&mut self) {
        self.run.polled(self.from, self.is_ready);
    }
}

pin_project_lite::pin_project! {
    /// A watched future; see [`future`](crate::timing::future).
    #[must_use = "futures do nothing unless polled"]
    pub struct WatchedFuture<F> {
        #[pin]
        future: F,
        // After the future, whose drop belongs to it.
        run: Run,
    }
}

impl<F> std::fmt::Debug for WatchedFuture<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WatchedFuture").field("name", &self.run.site.name).finish_non_exhaustive()
    }
}

impl<F: Future> Future for WatchedFuture<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let mut guard = PollGuard { run: this.run, from: clock::ticks(), is_ready: false };
        let poll = this.future.poll(context);
        guard.is_ready = poll.is_ready();
        poll
    }
}
