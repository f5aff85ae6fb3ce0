//! Calls of a sync function, on every core.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use super::collect::Collect;
use super::each::Each;
use super::settle::{self, Settled};
use super::threads::on_every_core;
use super::within::Within;
use super::{Panic, resume};
use crate::clock;
use crate::context::Context;

/// Calls of a sync function on every core; see [`Calls::on_cores`](super::Calls::on_cores).
///
/// ```
/// use festoon::Each;
///
/// fn hash(text: &str) -> usize {
///     text.bytes().map(usize::from).sum()
/// }
///
/// let hashes: Vec<usize> = hash.each(["a", "b"]).on_cores().collect();
/// assert_eq!(hashes, [97, 98]);
/// ```
///
/// With the feature `rayon`, calls run on its global pool, or on the one that this thread belongs to, and nested ones
/// do not block each other. Without it, each use starts as many threads as there are cores, which pays off from about a
/// millisecond of work.
///
/// Calls inherit the deadline, the `tracing` span and a test's context. A panic propagates to the caller, with the
/// number of its input.
#[must_use = "no call is made until it is collected"]
pub struct OnCores<F, I, Arguments> {
    function: F,
    inputs: I,
    #[cfg(feature = "indicatif")]
    progress: Option<indicatif::ProgressBar>,
    arguments: std::marker::PhantomData<fn(Arguments)>,
}

impl<F, I, Arguments> OnCores<F, I, Arguments>
where
    F: Each<Arguments>,
    I: Iterator<Item = F::Input>,
{
    pub(super) fn new(function: F, inputs: I) -> Self {
        OnCores {
            function,
            inputs,
            #[cfg(feature = "indicatif")]
            progress: None,
            arguments: std::marker::PhantomData,
        }
    }

    /// Advances the bar by one when a call ends, and sets its length if the number of inputs is known.
    #[cfg(feature = "indicatif")]
    pub fn progress(mut self, bar: &indicatif::ProgressBar) -> Self {
        settle::begin(bar, self.inputs.size_hint());
        self.progress = Some(bar.clone());
        self
    }

    /// No call starts after this time. Calls that are running then are awaited: a thread cannot be stopped. The calls
    /// see the deadline, see [`time_left`](crate::time_left).
    pub fn within(self, limit: Duration) -> Within<Self> {
        Within::new(self, limit)
    }
}

/// Why the remaining calls do not start.
enum End<C> {
    Panicked(Panic),
    Collected(C),
}

impl<F, I, Arguments> OnCores<F, I, Arguments>
where
    F: Each<Arguments, Input: Send, Output: Send> + Sync,
    I: Iterator<Item = F::Input>,
{
    /// Waits for all calls. Collects into a `Vec` or another collection, in the order of the inputs; or into a `Result`
    /// or an `Option` of one, where the first call that returns an `Err` or `None` ends the others: those that have not
    /// started are skipped.
    pub fn collect<C>(self) -> C
    where
        C: Collect<F::Output, Value: Send> + Send,
    {
        // Without a time limit, all have been called, or one has ended the others.
        self.collect_until(u64::MAX).unwrap_or_else(|()| C::from_values(std::iter::empty()))
    }

    /// Waits for all calls, and returns how each one ended, in the order of the inputs.
    pub fn settle(self) -> Vec<Settled<F::Output>> {
        self.settle_until(u64::MAX)
    }

    /// `Err` if the time was over before all were called.
    pub(super) fn collect_until<C>(self, deadline: u64) -> Result<C, ()>
    where
        C: Collect<F::Output, Value: Send> + Send,
    {
        let stopped = AtomicBool::new(false);
        let kept = self.run(deadline, &stopped, |value| {
            let kept = value.map_err(End::Panicked).and_then(|value| C::keep(value).map_err(End::Collected));
            stopped.fetch_or(kept.is_err(), Relaxed);
            kept
        });
        let mut values = Vec::with_capacity(kept.len());
        let mut is_complete = true;
        for (number, kept) in kept.into_iter().enumerate() {
            match kept {
                Some(Ok(value)) => values.push(value),
                Some(Err(End::Collected(ended))) => return Ok(ended),
                Some(Err(End::Panicked(panic))) => resume(number, panic),
                None => is_complete = false,
            }
        }
        if is_complete { Ok(C::from_values(values.into_iter())) } else { Err(()) }
    }

    pub(super) fn settle_until(self, deadline: u64) -> Vec<Settled<F::Output>> {
        let settled = self.run(deadline, &AtomicBool::new(false), Settled::of);
        settle::finish(settled, 0)
    }

    /// The result of each call, in order; `None` for calls that were skipped.
    fn run<R: Send>(
        self,
        deadline: u64,
        stopped: &AtomicBool,
        then: impl Fn(thread::Result<F::Output>) -> R + Sync,
    ) -> Vec<Option<R>> {
        let function = &self.function;
        #[cfg(feature = "indicatif")]
        let progress = &self.progress;
        let context = Context::current();
        on_every_core(self.inputs.collect(), |input| {
            // In the context: a test may have its own time.
            let is_late = || deadline != u64::MAX && clock::ticks() >= deadline;
            let call = || context.clone().run(|| (!is_late()).then(|| function.call_with(input)));
            if stopped.load(Relaxed) {
                return None;
            }
            let value = catch_unwind(AssertUnwindSafe(call)).transpose()?;
            #[cfg(feature = "indicatif")]
            if let Some(bar) = progress {
                bar.inc(1);
            }
            Some(then(value))
        })
    }
}
