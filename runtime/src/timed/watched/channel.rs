//! What is counted of a channel, whatever its kind.

use std::mem;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::time::Duration;

use super::names::{named, named_kind};
use crate::clock;
use crate::shards::{Count, Shards, per_thread};

/// Watches a channel: what is sent, received and waits in it, how long messages wait, and how long senders and
/// receivers do.
///
/// ```
/// use std::sync::mpsc;
///
/// use festoon::timing;
///
/// let (tx, rx) = timing::channel("jobs", mpsc::channel());
/// tx.send(7)?;
/// tx.send(8)?;
/// assert_eq!(rx.recv()?, 7);
///
/// let jobs = timing::channels().into_iter().find(|channel| channel.name == "jobs").unwrap();
/// assert_eq!((jobs.sent, jobs.received, jobs.depth, jobs.max_depth), (2, 1, 1, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The two ends have the methods of those that they wrap, with the same meaning, but for tokio's that reserve several
/// places or own the sender; the types are in [`timing::watched`](crate::timing::watched):
///
/// | channel | feature |
/// |---|---|
/// | `std::sync::mpsc::channel()`, `sync_channel(n)` | |
/// | `tokio::sync::mpsc::channel(n)`, `unbounded_channel()` | `tokio` |
/// | `futures::channel::mpsc::channel(n)`, `unbounded()` | `futures` |
///
/// Do not name the type of the messages in `mpsc::channel()`: each message carries the moment when it was sent (16
/// bytes), so the wrapped channel has another type, which the compiler infers.
///
/// Channels with the same name are added up, so a name stands for all channels that a function creates. The figures are in
/// [`channels()`](crate::timing::channels), in every format of [`report()`](crate::timing::report), and in
/// [`metrics::collect()`](crate::metrics::collect). For a oneshot, watch its receiver as a
/// [`future`](crate::timing::future).
///
/// A message costs two reads of the clock, two atomic additions and counting at both ends, 50 to 100 ns in all on one x86
/// machine. There is neither a task nor a thread in between, and a channel that is not watched costs nothing.
pub fn channel<P: ChannelPair<W>, W>(name: &'static str, pair: P) -> W {
    pair.watch(named(name))
}

/// The two ends of a channel that [`channel`] can watch; `W` are the two ends of the watched channel. (As an associated
/// type, it would be a second error where there is none.)
#[diagnostic::on_unimplemented(
    message = "`timing::channel` cannot watch `{Self}`",
    label = "not the two ends of a channel that it knows, or one whose type of messages was written out",
    note = "it knows `std::sync::mpsc::{{channel(), sync_channel(n)}}`, with the feature `tokio` \
            `tokio::sync::mpsc::{{channel(n), unbounded_channel()}}`, and with the feature `futures` \
            `futures::channel::mpsc::{{channel(n), unbounded()}}`",
    note = "write `mpsc::channel(8)`, not `mpsc::channel::<Job>(8)`: the type of the messages is inferred from what you send"
)]
#[allow(private_bounds, reason = "sealed")]
pub trait ChannelPair<W>: Sealed {
    #[doc(hidden)]
    fn watch(self, channel: &'static Channel) -> W;
}

/// Nobody else can implement [`ChannelPair`].
pub(super) trait Sealed {}

/// The figures of a watched channel; see [`channel`](crate::timing::channel).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ChannelFigures {
    /// Its name.
    pub name: &'static str,
    /// Messages that were sent.
    pub sent: u64,
    /// Messages that were received.
    pub received: u64,
    /// Messages in the channel now. Those that were dropped with the channel are not.
    pub depth: u64,
    /// The most messages that were in it at once. One counts until its receiver has it, so that this may be one more than
    /// there is room for.
    pub max_depth: u64,
    /// How long senders have waited for room.
    #[cfg_attr(feature = "serde", serde(rename = "send_wait_ns", serialize_with = "crate::timed::report::nanos"))]
    pub send_wait: Duration,
    /// How long receivers have waited for messages.
    #[cfg_attr(feature = "serde", serde(rename = "receive_wait_ns", serialize_with = "crate::timed::report::nanos"))]
    pub receive_wait: Duration,
    /// How long the received messages were in the channel, in total. A message whose sender had to wait for room in
    /// `std`'s `sync_channel`, or in tokio's `blocking_send`, was in it from the start of that wait; in the others, from
    /// its end.
    #[cfg_attr(feature = "serde", serde(rename = "latency_ns", serialize_with = "crate::timed::report::nanos"))]
    pub latency: Duration,
    /// The longest time of one message.
    #[cfg_attr(feature = "serde", serde(rename = "max_latency_ns", serialize_with = "crate::timed::report::nanos"))]
    pub max_latency: Duration,
}

impl ChannelFigures {
    /// Returns how long a received message was in the channel on average.
    #[must_use]
    pub fn mean_latency(&self) -> Duration {
        self.latency.checked_div(u32::try_from(self.received).unwrap_or(u32::MAX)).unwrap_or_default()
    }
}

/// One thread's counts. Times are in ticks.
#[derive(Default)]
pub struct ChannelShard {
    sent: Count,
    received: Count,
    /// By [`Side`].
    waited: [Count; 2],
    latency: Count,
    longest: Count,
}

per_thread!(ChannelShard);

/// Who waits for a channel.
#[derive(Debug, Clone, Copy)]
pub(super) enum Side {
    Sender,
    Receiver,
}

/// The channels of one name.
pub struct Channel {
    name: &'static str,
    shards: Shards<ChannelShard>,
    depth: Depth,
}

/// On cache lines of its own, since all senders and receivers write to it.
#[repr(align(128))]
struct Depth {
    now: AtomicI64,
    most: AtomicI64,
}

named_kind!(Channel);

impl std::fmt::Debug for Channel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Channel").field(&self.name).finish()
    }
}

impl Channel {
    const fn new(name: &'static str) -> Self {
        Channel { name, shards: Shards::new(), depth: Depth { now: AtomicI64::new(0), most: AtomicI64::new(0) } }
    }

    /// A message enters, for which there is room.
    #[cfg(feature = "tokio")]
    #[inline]
    pub(super) fn enter<T>(&'static self, value: T) -> Stamped<T> {
        self.count_sent();
        self.stamp(value)
    }

    /// A message that may be refused; [`count_sent`](Channel::count_sent) counts it if it is not.
    #[inline]
    pub(super) fn stamp<T>(&'static self, value: T) -> Stamped<T> {
        Stamped { value, stamp: Stamp { at: clock::ticks(), channel: self } }
    }

    /// A receiver may have been faster, so that the depth is below zero for a moment.
    #[inline]
    pub(super) fn count_sent(&'static self) {
        self.shards.local().sent.add(1);
        let depth = self.depth.now.fetch_add(1, Relaxed) + 1;
        if depth > self.depth.most.load(Relaxed) {
            self.depth.most.fetch_max(depth, Relaxed);
        }
    }

    pub(super) fn waited(&'static self, side: Side, ticks: u64) {
        self.shards.local().waited[side as usize].add(ticks);
    }

    /// Runs work that may block.
    pub(super) fn blocking<R>(&'static self, side: Side, work: impl FnOnce() -> R) -> R {
        let start = clock::ticks();
        let result = work();
        self.waited(side, clock::ticks().saturating_sub(start));
        result
    }

    pub(super) fn figures(&self) -> ChannelFigures {
        let sum = |of: fn(&ChannelShard) -> &Count| self.shards.sum(of);
        let (received, longest) =
            (sum(|shard| &shard.received), |longest: u64, shard: &ChannelShard| longest.max(shard.longest.get()));
        let natural = |number: &AtomicI64| u64::try_from(number.load(Relaxed)).unwrap_or(0);
        ChannelFigures {
            name: self.name,
            sent: sum(|shard| &shard.sent).max(received),
            received,
            depth: natural(&self.depth.now),
            max_depth: natural(&self.depth.most),
            send_wait: clock::duration(sum(|shard| &shard.waited[0])),
            receive_wait: clock::duration(sum(|shard| &shard.waited[1])),
            latency: clock::duration(sum(|shard| &shard.latency)),
            max_latency: clock::duration(self.shards.fold(0, longest)),
        }
    }
}

/// A message in a watched channel; see [`channel`](crate::timing::channel). It cannot be made by hand.
#[derive(Debug)]
pub struct Stamped<T> {
    value: T,
    stamp: Stamp,
}

/// When a message was sent; dropped when it leaves the channel, whichever way.
#[derive(Debug)]
struct Stamp {
    /// In ticks.
    at: u64,
    channel: &'static Channel,
}

impl<T> Stamped<T> {
    /// It has been received.
    #[inline]
    pub(super) fn received(self) -> T {
        let shard = self.stamp.channel.shards.local();
        let latency = clock::ticks().saturating_sub(self.stamp.at);
        shard.received.add(1);
        shard.latency.add(latency);
        shard.longest.raise(latency);
        self.value
    }

    /// It has not been sent, nor counted.
    pub(super) fn refused(self) -> T {
        mem::forget(self.stamp);
        self.value
    }
}

impl Drop for Stamp {
    #[inline]
    fn drop(&mut self) {
        self.channel.depth.now.fetch_sub(1, Relaxed);
    }
}
