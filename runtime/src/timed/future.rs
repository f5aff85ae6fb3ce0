//! An async call: wall time from the first poll to the end, busy time inside of polls.

use std::any::type_name;
use std::pin::Pin;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{self, Context};

use super::recorder::{self, Poll, Site};
use super::shard::Shard;
use crate::clock;
use crate::outcome::OutcomeKind;

/// Measures one call of an async function. Made at the first poll of that function.
#[inline]
pub fn poll<F, C, K>(site: &'static Site, _inside: C, future: F, kind: K) -> Timed<F, K>
where
    F: Future,
    K: Fn(&F::Output) -> OutcomeKind,
{
    Timed { future, kind, call: Call::new(site, type_name::<C>()) }
}

struct Call {
    site: &'static Site,
    /// The start of the first poll; zero before it.
    start: u64,
    /// The first poll fell into a poll of the same function: recursion, whose time counts once.
    nested: bool,
    outcome: OutcomeKind,
}

impl Call {
    /// `None`: switched off.
    #[inline]
    fn new(site: &'static Site, inside: &'static str) -> Option<Self> {
        if !site.is_on(inside) {
            return None;
        }
        // Looked at first: a store would take the line from the other threads.
        if !site.is_async.load(Relaxed) {
            site.is_async.store(true, Relaxed);
        }
        Some(Call { site, start: 0, nested: false, outcome: OutcomeKind::Cancelled })
    }

    #[inline]
    fn start_poll(&mut self) -> Poll {
        let poll = Poll::start(self.site);
        if self.start == 0 {
            (self.start, self.nested) = (poll.start, poll.is_nested());
        }
        poll
    }

    #[inline]
    fn end(&self, now: u64, shard: &Shard) {
        let elapsed = now.saturating_sub(self.start);
        if self.nested {
            shard.nested.add(elapsed);
        }
        if self.outcome != OutcomeKind::Success || !shard.count_if_common(elapsed) {
            recorder::record(self.site, shard, elapsed, self.outcome);
        }
    }
}

/// The future was dropped, or its poll panicked.
impl Drop for Call {
    #[cold]
    fn drop(&mut self) {
        let now = clock::ticks();
        // Dropped between being made and its first poll: no time at all.
        self.start = if self.start == 0 { now } else { self.start };
        self.end(now, self.site.shards().local());
    }
}

pin_project_lite::pin_project! {
    /// A measured future.
    #[must_use = "futures do nothing unless polled"]
    pub struct Timed<F, K> {
        #[pin]
        future: F,
        kind: K,
        // Behind the future: its own drop belongs to the call.
        call: Option<Call>,
    }
}

impl<F, K> Future for Timed<F, K>
where
    F: Future,
    K: Fn(&F::Output) -> OutcomeKind,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> task::Poll<F::Output> {
        let this = self.project();
        let Some(call) = this.call else { return this.future.poll(context) };
        let poll = call.start_poll();
        // Stays if the poll below panics, and is what the drop during that panic reports.
        let before = std::mem::replace(&mut call.outcome, OutcomeKind::Panic);
        let result = this.future.poll(context);
        let (now, shard) = poll.end();
        match &result {
            task::Poll::Pending => call.outcome = before,
            task::Poll::Ready(value) => {
                call.outcome = (this.kind)(value);
                call.end(now, shard);
                std::mem::forget(this.call.take());
            }
        }
        result
    }
}
