//! An async call: wall time from the first poll to the end, busy time inside of polls.

use std::pin::Pin;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{self, Context};

use super::recorder::{self, Site};
use crate::clock;
use crate::outcome::OutcomeKind;

/// Measures one call of an async function. Made at the first poll of that function.
#[inline]
pub fn poll<F, C, K>(site: &'static Site, inside: C, future: F, kind: K) -> Timed<F, K>
where
    F: Future,
    K: Fn(&F::Output) -> OutcomeKind,
{
    let call = if site.is_on(&inside) { Some(Call::new(site)) } else { None };
    Timed { future, kind, call }
}

struct Call {
    site: &'static Site,
    start: u64,
    /// The first poll fell into a poll of the same function: recursion, whose time counts once.
    nested: Option<bool>,
    outcome: OutcomeKind,
}

impl Call {
    #[inline]
    fn new(site: &'static Site) -> Self {
        site.is_async.store(true, Relaxed);
        Call { site, start: clock::ticks(), nested: None, outcome: OutcomeKind::Cancelled }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let elapsed = clock::ticks().saturating_sub(self.start);
        let shard = self.site.shards().local();
        if self.nested != Some(true) {
            shard.total.add(elapsed);
        }
        recorder::record(self.site, shard, elapsed, self.outcome);
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
        let poll = recorder::Poll::start(call.site);
        call.nested.get_or_insert_with(|| poll.is_nested());
        // Stays if the poll below panics, and is what the drop during that panic reports.
        let before = std::mem::replace(&mut call.outcome, OutcomeKind::Panic);
        let result = this.future.poll(context);
        call.outcome = match &result {
            task::Poll::Ready(value) => (this.kind)(value),
            task::Poll::Pending => before,
        };
        drop(poll);
        if result.is_ready() {
            *this.call = None;
        }
        result
    }
}
