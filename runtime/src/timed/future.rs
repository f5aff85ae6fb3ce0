//! An async call: wall time from the first poll to the end, busy time inside of polls.

use std::pin::Pin;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{self, Context};

use super::poll::{AsyncCall, Poll};
use super::shard::Shard;
use super::site::TimedSite;
use super::slow::{Arguments, NoArguments};
use crate::outcome::OutcomeKind;

/// Measures one call of an async function. Created at the first poll of that function.
#[inline]
pub fn poll<F, K>(site: &'static TimedSite, inside: &'static str, future: F, kind: K) -> Timed<F, K, NoArguments>
where
    F: Future,
    K: Fn(&F::Output) -> OutcomeKind,
{
    poll_with(site, inside, NoArguments, future, kind)
}

/// Like [`poll`], for a site that is sampled or shows its arguments.
#[inline]
pub fn poll_with<F, K, A>(
    site: &'static TimedSite,
    inside: &'static str,
    arguments: A,
    future: F,
    kind: K,
) -> Timed<F, K, A>
where
    F: Future,
    K: Fn(&F::Output) -> OutcomeKind,
    A: Arguments,
{
    Timed { future, kind, call: site.is_on(inside).then(|| Call::new(site, arguments)) }
}

struct Call<A: Arguments> {
    head: AsyncCall,
    outcome: OutcomeKind,
    /// It is not this call's turn to be sampled.
    passed_over: bool,
    is_over: bool,
    arguments: A,
}

impl<A: Arguments> Call<A> {
    #[inline]
    fn new(site: &'static TimedSite, arguments: A) -> Self {
        // Checked first: a store would take the cache line from the other threads.
        if !site.is_async.load(Relaxed) {
            site.is_async.store(true, Relaxed);
        }
        let outcome = OutcomeKind::Cancelled;
        let shard = (site.settings.sample > 1).then(|| site.passes_over()).flatten();
        if let Some(shard) = shard {
            shard.under_way.add(1);
        }
        let passed_over = shard.is_some();
        Call { head: AsyncCall::new(site), outcome, passed_over, is_over: false, arguments }
    }

    #[inline]
    fn start_poll(&mut self) -> Option<Poll<'_>> {
        if self.passed_over { None } else { Some(Poll::start(&mut self.head)) }
    }

    /// The end of the last poll, unless the call is not measured.
    #[inline]
    fn end(&mut self, ended: Option<(u64, &'static Shard)>) {
        self.is_over = true;
        match ended {
            Some(poll) => self.head.end(poll, self.outcome, &self.arguments),
            None => self.head.site.shard().ends_passed_over(self.outcome),
        }
    }

    /// The future was dropped, or its poll panicked.
    #[cold]
    fn end_early(&mut self) {
        if self.passed_over {
            return self.end(None);
        }
        self.head.end_early(self.outcome, &self.arguments);
    }
}

impl<A: Arguments> Drop for Call<A> {
    #[inline]
    fn drop(&mut self) {
        if !self.is_over {
            self.end_early();
        }
    }
}

pin_project_lite::pin_project! {
    /// A measured future.
    #[must_use = "futures do nothing unless polled"]
    pub struct Timed<F, K, A: Arguments> {
        #[pin]
        future: F,
        kind: K,
        // After the future, whose drop belongs to the call.
        call: Option<Call<A>>,
    }
}

impl<F, K, A> Future for Timed<F, K, A>
where
    F: Future,
    K: Fn(&F::Output) -> OutcomeKind,
    A: Arguments,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> task::Poll<F::Output> {
        let this = self.project();
        let Some(call) = this.call else { return this.future.poll(context) };
        // Remains set if the poll below panics, so that the drop during that panic reports it.
        let before = std::mem::replace(&mut call.outcome, OutcomeKind::Panic);
        let poll = call.start_poll();
        let result = this.future.poll(context);
        let ended = poll.map(Poll::end);
        match &result {
            task::Poll::Pending => call.outcome = before,
            task::Poll::Ready(value) => {
                call.outcome = (this.kind)(value);
                call.end(ended);
            }
        }
        result
    }
}
