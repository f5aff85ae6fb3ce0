//! Calls of an async function.

use std::iter::Fuse;
use std::num::NonZeroUsize;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::thread;
use std::time::Duration;

use futures_core::Stream;
use futures_util::stream::{FuturesOrdered, FuturesUnordered};

use super::collect::{Collect, Collected};
use super::each::Each;
use super::resume;
use super::running::Running;
use super::settle::{self, Settled};
use super::within::Within;

/// Calls of an async function, several at a time; see [`Each::each`].
///
/// It is a [`Stream`](futures_core::Stream) of the results, in the order of the inputs or, after
/// [`as_they_come`](FanOut::as_they_come), in the order in which calls end. A slow consumer delays the calls: no input
/// is taken before there is room. [`collect`](FanOut::collect) and [`settle`](FanOut::settle) wait for all calls.
///
/// The task that polls the stream runs the calls, on any executor, so they may borrow; [`spawn`](FanOut::spawn) runs
/// them as tokio tasks, on every core. Dropping the stream drops its calls.
///
/// # Panics
///
/// A call that panics ends the others; the panic propagates to the task that polls, with the input's number, counted
/// from zero: `input 3: index out of bounds`. `settle` returns it as a value.
#[must_use = "streams do nothing unless polled"]
pub struct FanOut<F: Each<Arguments, Output: Future>, I, Arguments> {
    function: F,
    inputs: Fuse<I>,
    /// How many calls have started.
    begun: usize,
    limit: NonZeroUsize,
    start: Start<F::Output>,
    calls: Queue<F::Output>,
    #[cfg(feature = "indicatif")]
    progress: Option<indicatif::ProgressBar>,
    arguments: std::marker::PhantomData<fn(Arguments)>,
}

/// How a call is started.
type Start<C> = fn(usize, C) -> Running<C>;

/// The result of one call, and the number of its input.
type Ended<C> = (usize, thread::Result<<C as Future>::Output>);

/// The calls that are running.
enum Queue<C: Future> {
    Ordered(FuturesOrdered<Running<C>>),
    AsTheyCome(FuturesUnordered<Running<C>>),
}

impl<F: Each<Arguments, Output: Future>, I, Arguments> Unpin for FanOut<F, I, Arguments> {}

impl<F, I, Arguments> FanOut<F, I, Arguments>
where
    F: Each<Arguments, Output: Future>,
    I: Iterator<Item = F::Input>,
{
    pub(super) fn new(function: F, inputs: I, limit: NonZeroUsize) -> Self {
        FanOut {
            function,
            inputs: inputs.fuse(),
            begun: 0,
            limit,
            start: Running::here,
            calls: Queue::Ordered(FuturesOrdered::new()),
            #[cfg(feature = "indicatif")]
            progress: None,
            arguments: std::marker::PhantomData,
        }
    }

    /// Returns results in the order in which the calls end, instead of that of the inputs.
    pub fn as_they_come(mut self) -> Self {
        self.calls = Queue::AsTheyCome(FuturesUnordered::new());
        self
    }

    /// Runs each call as a tokio task, so that they use every core. They inherit the deadline, the `tracing` span and a
    /// test's context.
    ///
    /// Tasks are aborted when the stream is dropped; one that is being polled ends after that poll.
    ///
    /// # Panics
    /// If the stream is polled outside of a tokio runtime.
    #[cfg(feature = "tokio")]
    pub fn spawn(mut self) -> Self
    where
        F::Output: Future<Output: Send + 'static> + Send + 'static,
    {
        self.start = Running::spawned;
        self
    }

    /// Advances the bar by one when a call ends, and sets its length if the number of inputs is known.
    #[cfg(feature = "indicatif")]
    pub fn progress(mut self, bar: &indicatif::ProgressBar) -> Self {
        settle::begin(bar, self.inputs.size_hint());
        self.progress = Some(bar.clone());
        self
    }

    /// Limits the time of all calls together: calls that are still running then are dropped. The calls see the
    /// deadline, see [`time_left`](crate::time_left).
    pub fn within(self, limit: Duration) -> Within<Self> {
        Within::new(self, limit)
    }

    /// Waits for all calls. Collects into a `Vec` or another collection; or into a `Result` or an `Option` of one,
    /// where the first call that returns an `Err` or `None` ends the others at once.
    pub async fn collect<C: Collect<<F::Output as Future>::Output>>(mut self) -> C {
        let mut collected = Collected::new();
        let in_order = self.forget_order();
        while let Some((number, value)) = self.next().await {
            let value = value.unwrap_or_else(|panic| self.give_up(number, panic));
            if let Err(ended) = collected.add(number, value) {
                return ended;
            }
        }
        collected.finish(in_order)
    }

    /// Waits for all calls, and returns how each one ended, in the order of the inputs.
    pub async fn settle(mut self) -> Vec<Settled<<F::Output as Future>::Output>> {
        let mut settled = Vec::new();
        self.settle_into(&mut settled).await;
        settle::finish(settled, 0)
    }

    pub(super) async fn settle_into(&mut self, settled: &mut settle::Slots<<F::Output as Future>::Output>) {
        self.forget_order();
        while let Some((number, value)) = self.next().await {
            settle::set(settled, number, value);
        }
    }

    /// The total number of inputs; takes the remaining ones.
    pub(super) fn count_inputs(&mut self) -> usize {
        self.begun + self.inputs.by_ref().count()
    }

    /// A caller that waits for all results can take them as the calls end. Returns whether it wants them in order.
    fn forget_order(&mut self) -> bool {
        let in_order = matches!(self.calls, Queue::Ordered(_));
        if matches!(&self.calls, Queue::Ordered(calls) if calls.is_empty()) {
            self.calls = Queue::AsTheyCome(FuturesUnordered::new());
        }
        in_order
    }

    fn next(&mut self) -> impl Future<Output = Option<Ended<F::Output>>> {
        std::future::poll_fn(|context| self.poll_ended(context))
    }

    fn poll_ended(&mut self, context: &mut Context<'_>) -> Poll<Option<Ended<F::Output>>> {
        while self.calls.len() < self.limit.get()
            && let Some(input) = self.inputs.next()
        {
            let call = self.function.call_with(input);
            self.calls.push((self.start)(self.begun, call));
            self.begun += 1;
        }
        let ended = ready!(self.calls.poll_next(context));
        #[cfg(feature = "indicatif")]
        if let (Some(bar), Some(_)) = (&self.progress, &ended) {
            bar.inc(1);
        }
        Poll::Ready(ended)
    }

    /// Ends the other calls.
    fn give_up(&mut self, number: usize, panic: super::Panic) -> ! {
        self.calls = Queue::AsTheyCome(FuturesUnordered::new());
        resume(number, panic)
    }
}

impl<F, I, Arguments> Stream for FanOut<F, I, Arguments>
where
    F: Each<Arguments, Output: Future>,
    I: Iterator<Item = F::Input>,
{
    type Item = <F::Output as Future>::Output;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some((number, value)) = ready!(self.poll_ended(context)) else { return Poll::Ready(None) };
        Poll::Ready(Some(value.unwrap_or_else(|panic| self.give_up(number, panic))))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let (least, most) = self.inputs.size_hint();
        let running = self.calls.len();
        (least.saturating_add(running), most.and_then(|most| most.checked_add(running)))
    }
}

impl<C: Future> Queue<C> {
    fn len(&self) -> usize {
        match self {
            Queue::Ordered(calls) => calls.len(),
            Queue::AsTheyCome(calls) => calls.len(),
        }
    }

    fn push(&mut self, call: Running<C>) {
        match self {
            Queue::Ordered(calls) => calls.push_back(call),
            Queue::AsTheyCome(calls) => calls.push(call),
        }
    }

    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Ended<C>>> {
        match self {
            Queue::Ordered(calls) => Pin::new(calls).poll_next(context),
            Queue::AsTheyCome(calls) => Pin::new(calls).poll_next(context),
        }
    }
}
