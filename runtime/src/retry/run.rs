//! The loop that `#[retry]` writes into a function calls these. A success at the first attempt passes through a few
//! instructions; everything else is cold. The state goes through the cold functions by value, so that the loop can keep
//! it in a register.

use std::time::Duration;

use super::attempt::Frame;
use super::failed::{Failed, Waits, count_slept, sleep_counted};
use super::future::{Attempted, Sleep};
use super::limits::Limits;
use super::site::{Place, count, count_slowly};
use super::verdict::{Fallible, Text, Verdict};
use crate::clock;
use crate::timeout::{Limited, TimedOut};

/// One call.
pub struct Retry<C, L> {
    place: C,
    limits: L,
    book: Book,
}

/// Nothing as long as the first attempt runs. Closed out of line, which keeps the end of a good call short.
pub(super) struct Book(pub(super) Option<Box<Failed>>);

impl Drop for Book {
    #[inline]
    fn drop(&mut self) {
        if let Some(failed) = self.0.take() {
            close(failed);
        }
    }
}

#[cold]
#[inline(never)]
fn close(failed: Box<Failed>) {
    drop(failed);
}

/// A call of a plain function begins.
#[inline]
pub fn start<C: Place, L: Limits>(place: C, limits: L) -> Retry<C, L> {
    let failed = if count(place().1) { None } else { start_slowly(place, limits) };
    Retry { place, limits, book: Book(failed) }
}

/// A call of an async function begins: its first poll.
#[inline]
pub fn start_async<C: Place, L: Limits>(place: C, limits: L) -> Retry<C, L> {
    let failed = if count(place().1) { None } else { hidden(place, limits) };
    Retry { place, limits, book: Book(failed) }
}

#[cold]
#[inline(never)]
fn start_slowly<C: Place, L: Limits>(place: C, limits: L) -> Option<Box<Failed>> {
    let mut call = hidden(place, limits)?;
    call.tell_thread();
    Some(call)
}

/// The thread's first call, or a call inside of somebody else's attempt, whose number has to be hidden: it keeps its book
/// from the start.
#[cold]
#[inline(never)]
fn hidden<C: Place, L: Limits>(place: C, limits: L) -> Option<Box<Failed>> {
    count_slowly(place);
    Frame::is_inside().then(|| Box::new(Failed::new(place().0, limits)))
}

/// A whole call of a plain function whose attempts need nothing but what they borrow. The first attempt stands apart from
/// the loop: it costs half the instructions of one inside.
#[inline]
pub fn run<C: Place, L: Limits, R>(
    place: C,
    limits: L,
    mut attempt: impl FnMut() -> R,
    mut judge: impl FnMut(&R) -> Verdict,
    text: impl Fn(&R) -> Text<'_>,
) -> R {
    if !count(place().1) {
        return run_slowly(place, limits, None, attempt, judge, text);
    }
    let result = attempt();
    match judge(&result) {
        Verdict::Good => result,
        verdict => run_slowly(place, limits, Some((result, verdict)), attempt, judge, text),
    }
}

/// The rest of a call, or all of it when nothing has been done yet.
#[cold]
#[inline(never)]
fn run_slowly<C: Place, L: Limits, R>(
    place: C,
    limits: L,
    first: Option<(R, Verdict)>,
    mut attempt: impl FnMut() -> R,
    mut judge: impl FnMut(&R) -> Verdict,
    text: impl Fn(&R) -> Text<'_>,
) -> R {
    let failed = if first.is_none() { start_slowly(place, limits) } else { None };
    let mut retry = Retry { place, limits, book: Book(failed) };
    let mut next = first;
    loop {
        let (result, verdict) = next.take().unwrap_or_else(|| {
            let result = attempt();
            let verdict = judge(&result);
            (result, verdict)
        });
        if retry.is_good(verdict) || retry.is_over(&result, verdict, &text) {
            return result;
        }
        drop(result);
        retry.sleep();
    }
}

/// One attempt. As the closure is only called once, it may move out of what it borrows.
#[inline]
pub fn call<R>(attempt: impl FnOnce() -> R) -> R {
    attempt()
}

#[cold]
#[inline(never)]
fn cold<R>(work: impl FnOnce() -> R) -> R {
    work()
}

impl<C: Place, L: Limits> Retry<C, L> {
    /// Is no other attempt left after the one that is to come?
    #[inline]
    pub fn is_last(&self) -> bool {
        self.book.0.as_ref().map_or(1, |failed| failed.number) >= self.limits.attempts((self.place)().0)
    }

    /// Is it what was wanted? Then the call is at its end.
    #[inline]
    pub fn is_good(&self, verdict: Verdict) -> bool {
        match &self.book.0 {
            None => verdict == Verdict::Good,
            Some(failed) => is_good_now(self.place, failed, verdict),
        }
    }

    /// After a failure: is the call at its end nevertheless? If not, it knows its wait.
    #[inline]
    pub fn is_over<R>(&mut self, failure: &R, verdict: Verdict, text: impl FnOnce(&R) -> Text<'_>) -> bool {
        self.failed(failure, verdict, text, None)
    }

    /// As [`is_over`](Self::is_over), with waits of the user's own, which are made after the first failure.
    #[inline]
    pub fn is_over_with<R, I: IntoIterator<Item = Duration>>(
        &mut self,
        failure: &R,
        verdict: Verdict,
        text: impl FnOnce(&R) -> Text<'_>,
        waits: &mut Option<Box<I::IntoIter>>,
        make: impl FnOnce() -> I,
    ) -> bool {
        let waits = waits.get_or_insert_with(|| Box::new(make().into_iter()));
        self.failed(failure, verdict, text, Some(&mut **waits))
    }

    #[inline]
    fn failed<R>(
        &mut self,
        failure: &R,
        verdict: Verdict,
        text: impl FnOnce(&R) -> Text<'_>,
        waits: Option<Waits<'_>>,
    ) -> bool {
        let failed = failed(self.place, self.limits, self.book.0.take(), failure, verdict, text, waits);
        self.book.0.insert(failed).is_done
    }

    /// Calls a hook before the sleep.
    pub fn before_sleep<R: Fallible>(&self, result: &R, hook: impl FnOnce(&R::Failure, Duration)) {
        if let (Some(failed), Some(failure)) = (&self.book.0, result.failure()) {
            failed.during(|| hook(failure, failed.wait));
        }
    }

    /// As [`before_sleep`](Self::before_sleep), for a failure that may look like a success.
    pub fn before_sleep_value<R>(&self, result: &R, hook: impl FnOnce(&R, Duration)) {
        if let Some(failed) = &self.book.0 {
            failed.during(|| hook(result, failed.wait));
        }
    }

    /// Calls a hook if the call has given up.
    #[inline]
    pub fn on_give_up<R: Fallible>(&self, result: &R, hook: impl FnOnce(&R::Failure)) {
        if let (Some(failed), Some(failure)) = (&self.book.0, result.failure())
            && failed.gave_up
        {
            cold(|| failed.during(|| hook(failure)));
        }
    }

    /// As [`on_give_up`](Self::on_give_up), for a failure that may look like a success.
    #[inline]
    pub fn on_give_up_value<R>(&self, result: &R, hook: impl FnOnce(&R)) {
        if let Some(failed) = &self.book.0
            && failed.gave_up
        {
            cold(|| failed.during(|| hook(result)));
        }
    }

    /// Waits for the next attempt of a plain function.
    #[inline]
    pub fn sleep(&mut self) {
        if let Some(failed) = &mut self.book.0 {
            sleep(self.place, failed);
        }
    }
}

#[cold]
#[inline(never)]
#[allow(clippy::unnecessary_box_returns, reason = "the caller keeps the box")]
fn failed<C: Place, L: Limits, R>(
    place: C,
    limits: L,
    failed: Option<Box<Failed>>,
    failure: &R,
    verdict: Verdict,
    text: impl FnOnce(&R) -> Text<'_>,
    waits: Option<Waits<'_>>,
) -> Box<Failed> {
    let (site, _) = place();
    let mut failed = failed.unwrap_or_else(|| Box::new(Failed::new(site, limits)));
    failed.decide(site, verdict, text(failure), waits);
    failed
}

#[cold]
#[inline(never)]
fn is_good_now<C: Place>(place: C, failed: &Failed, verdict: Verdict) -> bool {
    if verdict == Verdict::Good {
        failed.recovered(place().0);
    }
    verdict == Verdict::Good
}

#[cold]
#[inline(never)]
fn sleep<C: Place>(place: C, failed: &mut Failed) {
    let (site, _) = place();
    let wait = failed.begin_next(site);
    clock::sleep(wait);
    count_slept(site, wait);
    failed.tell_thread();
}

impl<C: Place, L: Limits> Retry<C, L> {
    /// One attempt.
    #[inline]
    pub fn attempt<F: Future>(&self, future: F) -> Attempted<'_, F> {
        Attempted { book: &self.book, future }
    }

    /// One attempt that is cut off after that time.
    #[inline]
    pub fn attempt_within<F, Cut>(&self, limit: Duration, future: F, cut_off: Cut) -> Limited<Attempted<'_, F>, Cut>
    where
        F: Future,
        Cut: Fn(TimedOut) -> F::Output,
    {
        Limited::new(self.attempt(future), limit, cut_off)
    }

    /// Waits for the next attempt of an async function.
    #[inline]
    pub fn sleep_async(&mut self) -> Sleep {
        sleep_async(self.place, self.book.0.as_deref_mut())
    }
}

#[cold]
#[inline(never)]
fn sleep_async<C: Place>(place: C, failed: Option<&mut Failed>) -> Sleep {
    let (site, _) = place();
    let wait = failed.map_or(Duration::ZERO, |failed| failed.begin_next(site));
    Sleep::new(sleep_counted(site, wait))
}
