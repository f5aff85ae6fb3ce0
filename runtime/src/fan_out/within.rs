//! Many calls with a common time limit.

use std::time::Duration;

use super::collect::Collect;
use super::cores::OnCores;
use super::each::Each;
use super::settle::{self, Settled};
use super::stream::FanOut;
use crate::deadline;
use crate::timeout::{Limited, TimeOut, TimedOut, cut_off};

/// Calls that together take no longer than a limit; see [`FanOut::within`].
#[must_use = "no call is made until it is collected"]
pub struct Within<C> {
    calls: C,
    limit: Duration,
}

impl<C> Within<C> {
    pub(super) fn new(calls: C, limit: Duration) -> Self {
        Within { calls, limit }
    }
}

impl<F, I, Arguments> Within<FanOut<F, I, Arguments>>
where
    F: Each<Arguments, Output: Future>,
    I: Iterator<Item = F::Input>,
{
    /// Like [`FanOut::collect`]; when the time is over, a `Result` is the `Err` that [`TimedOut`](crate::TimedOut)
    /// converts into, and an `Option` is `None`.
    pub async fn collect<C: Collect<<F::Output as Future>::Output> + TimeOut>(self) -> C {
        Limited::new(self.calls.collect::<C>(), self.limit, cut_off()).await
    }

    /// Like [`FanOut::settle`]; calls that have not ended when the time is over are [`Settled::TimedOut`].
    pub async fn settle(mut self) -> Vec<Settled<<F::Output as Future>::Output>> {
        let mut settled = Vec::new();
        Limited::new(self.calls.settle_into(&mut settled), self.limit, |_| ()).await;
        let inputs = self.calls.count_inputs();
        settle::finish(settled, inputs)
    }
}

impl<F, I, Arguments> Within<OnCores<F, I, Arguments>>
where
    F: Each<Arguments, Input: Send, Output: Send> + Sync,
    I: Iterator<Item = F::Input>,
{
    /// Like [`OnCores::collect`]; if the time was over before all were called, a `Result` is the `Err` that
    /// [`TimedOut`] converts into, and an `Option` is `None`.
    pub fn collect<C>(self) -> C
    where
        C: Collect<F::Output, Value: Send> + TimeOut + Send,
    {
        let deadline = deadline::after(self.limit);
        let _below = deadline::enter(deadline);
        let collected = self.calls.collect_until(deadline);
        collected.unwrap_or_else(|()| C::timed_out(TimedOut { after: self.limit }))
    }

    /// Like [`OnCores::settle`]; calls that had not started when the time was over are [`Settled::TimedOut`].
    pub fn settle(self) -> Vec<Settled<F::Output>> {
        let deadline = deadline::after(self.limit);
        let _below = deadline::enter(deadline);
        self.calls.settle_until(deadline)
    }
}
