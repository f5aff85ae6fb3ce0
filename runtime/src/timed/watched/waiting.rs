//! How long somebody waits for a channel.

use std::pin::Pin;
use std::task::{Context, Poll};

use super::channel::{Channel, Side};
use crate::clock;

/// A wait, from the first poll that was pending to the one that is not, or to when the waiting ends without one.
#[derive(Debug)]
pub(super) struct Waiting {
    channel: &'static Channel,
    side: Side,
    /// In ticks.
    since: Option<u64>,
}

impl Waiting {
    pub(super) const fn new(channel: &'static Channel, side: Side) -> Self {
        Waiting { channel, side, since: None }
    }

    /// The result of a poll.
    #[inline]
    pub(super) fn note<T>(&mut self, poll: Poll<T>) -> Poll<T> {
        match (&poll, self.since) {
            (Poll::Pending, None) => self.since = Some(clock::ticks()),
            (Poll::Ready(_), Some(_)) => self.end(),
            _ => {}
        }
        poll
    }

    #[cold]
    fn end(&mut self) {
        if let Some(since) = self.since.take() {
            self.channel.waited(self.side, clock::ticks().saturating_sub(since));
        }
    }
}

impl Drop for Waiting {
    #[inline]
    fn drop(&mut self) {
        if self.since.is_some() {
            self.end();
        }
    }
}

pin_project_lite::pin_project! {
    /// A future whose waiting counts.
    pub(super) struct Awaited<F> {
        #[pin]
        future: F,
        waiting: Waiting,
    }
}

impl<F> Awaited<F> {
    pub(super) fn new(channel: &'static Channel, side: Side, future: F) -> Self {
        Awaited { future, waiting: Waiting::new(channel, side) }
    }
}

impl<F: Future> Future for Awaited<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let poll = this.future.poll(context);
        this.waiting.note(poll)
    }
}
