//! Waiting to enter.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use super::queue::{Joined, Waiter};
use super::{Bulkhead, Place};
use crate::clock;
use crate::refused::{Reason, Refused};
use crate::sync::{block_on, unpark_this};
use crate::timeout::Limited;

impl Bulkhead {
    /// Is the limit not shared with other processes?
    #[inline]
    #[cfg_attr(not(feature = "redis"), expect(clippy::unused_self, reason = "it is, without the feature"))]
    fn is_alone(&self) -> bool {
        #[cfg(feature = "redis")]
        return self.sharing.is_none();
        #[cfg(not(feature = "redis"))]
        true
    }

    #[cold]
    #[inline(never)]
    pub(super) fn enter_slowly(&self) -> Result<Place<'_>, Refused> {
        let waiter = match self.join()? {
            Joined::Waits(waiter) => waiter,
            Joined::Inside | Joined::Full => return Ok(Place::new(self)),
        };
        let mut waiting = Waiting { bulkhead: self, waiter: Some(waiter) };
        match self.wait {
            Some(most) if clock::current().is_none() => self.park(waiting, most),
            _ => block_on(self.in_time(poll_fn(move |context| waiting.poll(context.waker())))),
        }
    }

    /// Waits on this thread, since no executor's timer could interrupt it.
    fn park(&self, mut waiting: Waiting<'_>, most: Duration) -> Result<Place<'_>, Refused> {
        let (started, waker) = (Instant::now(), unpark_this());
        loop {
            if let Poll::Ready(()) = waiting.poll(&waker) {
                return Ok(Place::new(self));
            }
            match most.checked_sub(started.elapsed()) {
                Some(left) if !left.is_zero() => std::thread::park_timeout(left),
                _ => return Err(self.refuse(Reason::WaitedTooLong)),
            }
        }
    }

    /// The same for a future.
    #[cfg(feature = "redis")]
    pub(super) async fn enter_slowly_async(&self) -> Result<Place<'_>, Refused> {
        let waiter = match self.join()? {
            Joined::Waits(waiter) => waiter,
            Joined::Inside | Joined::Full => return Ok(Place::new(self)),
        };
        let mut waiting = Waiting { bulkhead: self, waiter: Some(waiter) };
        self.in_time(poll_fn(move |context: &mut Context<'_>| waiting.poll(context.waker()))).await
    }

    async fn in_time(&self, waiting: impl Future<Output = ()>) -> Result<Place<'_>, Refused> {
        let is_inside = match self.wait {
            None => {
                waiting.await;
                true
            }
            Some(most) => {
                let waiting = async {
                    waiting.await;
                    true
                };
                Limited::new(waiting, most, |_| false).await
            }
        };
        if is_inside { Ok(Place::new(self)) } else { Err(self.refuse(Reason::WaitedTooLong)) }
    }
}

/// A waiting call. If it is dropped before it has entered, it leaves the queue.
struct Waiting<'b> {
    bulkhead: &'b Bulkhead,
    waiter: Option<Arc<Waiter>>,
}

impl Waiting<'_> {
    fn poll(&mut self, waker: &Waker) -> Poll<()> {
        match &self.waiter {
            Some(waiter) if !waiter.is_inside(waker) => Poll::Pending,
            _ => {
                self.waiter = None;
                Poll::Ready(())
            }
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if let Some(waiter) = &self.waiter {
            self.bulkhead.queue.give_up(waiter);
        }
    }
}

type Entered<'b> = Result<Place<'b>, Refused>;

/// Waits to enter: [`Bulkhead::enter_async`].
#[must_use = "futures do nothing unless polled"]
pub struct Entering<'b> {
    bulkhead: &'b Bulkhead,
    // Created only if the bulkhead is full.
    waiting: Option<Pin<Box<dyn Future<Output = Entered<'b>> + Send + 'b>>>,
}

impl<'b> Entering<'b> {
    #[inline]
    pub(super) fn new(bulkhead: &'b Bulkhead) -> Self {
        Entering { bulkhead, waiting: None }
    }

    #[cold]
    #[inline(never)]
    fn poll_slowly(&mut self, context: &mut Context<'_>) -> Poll<Entered<'b>> {
        #[cfg(feature = "redis")]
        if self.waiting.is_none() && !self.bulkhead.sharing.is_none() {
            self.waiting = Some(Box::pin(self.bulkhead.enter_shared_async()));
        }
        if self.waiting.is_none() {
            let waiter = match self.bulkhead.join()? {
                Joined::Waits(waiter) => waiter,
                Joined::Inside | Joined::Full => return Poll::Ready(Ok(Place::new(self.bulkhead))),
            };
            let mut waiting = Waiting { bulkhead: self.bulkhead, waiter: Some(waiter) };
            let waiting = poll_fn(move |context: &mut Context<'_>| waiting.poll(context.waker()));
            self.waiting = Some(Box::pin(self.bulkhead.in_time(waiting)));
        }
        self.waiting.as_mut().map_or(Poll::Pending, |waiting| waiting.as_mut().poll(context))
    }
}

impl<'b> Future for Entering<'b> {
    type Output = Entered<'b>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.waiting.is_none() && self.bulkhead.is_alone() && self.bulkhead.queue.enter() {
            return Poll::Ready(Ok(Place::new(self.bulkhead)));
        }
        self.poll_slowly(context)
    }
}

/// A waiting call holds nothing that a panic could leave in an inconsistent state.
impl std::panic::UnwindSafe for Entering<'_> {}
