//! `timing::stream`.

use std::time::Duration;
#[cfg(feature = "futures")]
use std::{
    pin::Pin,
    task::{Context, Poll},
};

#[cfg(feature = "futures")]
use futures_core::stream::{FusedStream, Stream};

#[cfg(feature = "futures")]
use super::names::named;
use super::names::named_kind;
use crate::clock;
use crate::shards::{Count, Shards, per_thread};

/// Watches a stream: how many items it yields, how much time is between them, how often it is polled, and how long its
/// polls take. Needs the feature `futures`.
///
/// ```
/// use festoon::timing;
/// use futures_util::{StreamExt, stream};
///
/// # futures_executor::block_on(async {
/// let numbers = timing::stream("numbers", stream::iter([1, 2, 3]));
/// assert_eq!(numbers.collect::<Vec<_>>().await, [1, 2, 3]);
/// # });
/// let numbers = timing::streams().into_iter().find(|stream| stream.name == "numbers").unwrap();
/// assert_eq!((numbers.items, numbers.ended), (3, 1));
/// ```
///
/// Streams with the same name are added up. The figures are in [`streams()`](crate::timing::streams), in every format of
/// [`report()`](crate::timing::report), and in [`metrics::collect()`](crate::metrics::collect). A poll costs two reads of
/// the clock and counting, 30 to 50 ns on one x86 machine.
#[cfg(feature = "futures")]
#[cfg_attr(docsrs, doc(cfg(feature = "futures")))]
pub fn stream<S: Stream>(name: &'static str, stream: S) -> WatchedStream<S> {
    WatchedStream { stream, run: Run { site: named(name), last: 0, is_started: false, is_over: false } }
}

/// The figures of a watched stream; see `timing::stream`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct StreamFigures {
    /// Its name.
    pub name: &'static str,
    /// Streams that have been polled.
    pub started: u64,
    /// Streams that have come to their end.
    pub ended: u64,
    /// Items that were yielded.
    pub items: u64,
    /// The time from the first poll to the first item, and from each item to the next one, whoever spent it: the stream or who reads it.
    #[cfg_attr(feature = "serde", serde(rename = "between_ns", serialize_with = "crate::timed::report::nanos"))]
    pub between: Duration,
    /// The longest of these.
    #[cfg_attr(feature = "serde", serde(rename = "max_between_ns", serialize_with = "crate::timed::report::nanos"))]
    pub max_between: Duration,
    /// Polls.
    pub polls: u64,
    /// The time in polls.
    #[cfg_attr(feature = "serde", serde(rename = "busy_ns", serialize_with = "crate::timed::report::nanos"))]
    pub busy: Duration,
}

impl StreamFigures {
    /// Returns the time between two items on average.
    #[must_use]
    pub fn mean_between(&self) -> Duration {
        self.between.checked_div(u32::try_from(self.items).unwrap_or(u32::MAX)).unwrap_or_default()
    }
}

/// One thread's counts. Times are in ticks.
#[derive(Default)]
struct StreamShard {
    started: Count,
    ended: Count,
    items: Count,
    between: Count,
    longest: Count,
    polls: Count,
    busy: Count,
}

per_thread!(StreamShard);

/// The streams of one name.
pub(super) struct StreamSite {
    name: &'static str,
    shards: Shards<StreamShard>,
}

named_kind!(StreamSite);

impl StreamSite {
    const fn new(name: &'static str) -> Self {
        StreamSite { name, shards: Shards::new() }
    }

    pub(super) fn figures(&self) -> StreamFigures {
        let sum = |of: fn(&StreamShard) -> &Count| self.shards.sum(of);
        let longest = |longest: u64, shard: &StreamShard| longest.max(shard.longest.get());
        StreamFigures {
            name: self.name,
            started: sum(|shard| &shard.started),
            ended: sum(|shard| &shard.ended),
            items: sum(|shard| &shard.items),
            between: clock::duration(sum(|shard| &shard.between)),
            max_between: clock::duration(self.shards.fold(0, longest)),
            polls: sum(|shard| &shard.polls),
            busy: clock::duration(sum(|shard| &shard.busy)),
        }
    }
}

/// What a poll has returned.
#[cfg(feature = "futures")]
#[derive(Clone, Copy)]
enum Polled {
    Nothing,
    Item,
    End,
}

/// One stream.
#[cfg(feature = "futures")]
struct Run {
    site: &'static StreamSite,
    /// The start of the first poll, or the last item; in ticks.
    last: u64,
    is_started: bool,
    /// Some streams may be polled after their end, and end again.
    is_over: bool,
}

#[cfg(feature = "futures")]
impl Run {
    fn polled(&mut self, from: u64, polled: Polled) {
        let (shard, now) = (self.site.shards.local(), clock::ticks());
        if !self.is_started {
            self.is_started = true;
            self.last = from;
            shard.started.add(1);
        }
        shard.polls.add(1);
        shard.busy.add(now.saturating_sub(from));
        match polled {
            Polled::Nothing => {}
            Polled::Item => {
                let between = now.saturating_sub(self.last);
                self.last = now;
                shard.items.add(1);
                shard.between.add(between);
                shard.longest.raise(between);
            }
            Polled::End => {
                shard.ended.add(u64::from(!self.is_over));
                self.is_over = true;
            }
        }
    }
}

/// Counts a poll, also one that panics.
#[cfg(feature = "futures")]
struct PollGuard<'r> {
    run: &'r mut Run,
    from: u64,
    polled: Polled,
}

#[cfg(feature = "futures")]
impl Drop for PollGuard<'_> {
    fn drop(&mut self) {
        self.run.polled(self.from, self.polled);
    }
}

#[cfg(feature = "futures")]
pin_project_lite::pin_project! {
    /// A watched stream; see [`stream`](crate::timing::stream).
    #[must_use = "streams do nothing unless polled"]
    pub struct WatchedStream<S> {
        #[pin]
        stream: S,
        run: Run,
    }
}

#[cfg(feature = "futures")]
impl<S> std::fmt::Debug for WatchedStream<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WatchedStream").field("name", &self.run.site.name).finish_non_exhaustive()
    }
}

#[cfg(feature = "futures")]
impl<S: Stream> Stream for WatchedStream<S> {
    type Item = S::Item;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let this = self.project();
        let mut guard = PollGuard { run: this.run, from: clock::ticks(), polled: Polled::Nothing };
        let poll = this.stream.poll_next(context);
        guard.polled = match &poll {
            Poll::Pending => Polled::Nothing,
            Poll::Ready(Some(_)) => Polled::Item,
            Poll::Ready(None) => Polled::End,
        };
        poll
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.stream.size_hint()
    }
}

#[cfg(feature = "futures")]
impl<S: FusedStream> FusedStream for WatchedStream<S> {
    fn is_terminated(&self) -> bool {
        self.stream.is_terminated()
    }
}
