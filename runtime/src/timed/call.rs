//! A sync call, from its start to its end: the hot path. It takes no lock, and allocates only on a thread's first call.

use std::mem::ManuallyDrop;

use super::allocations::Uncounted;
use super::observer::{self, Key, Path};
use super::observers;
use super::scoped;
use super::shard::Shard;
use super::site::TimedSite;
use super::slow::{Arguments, NoArguments};
use crate::clock;
use crate::outcome::OutcomeKind;

/// A call that may be measured, in a local of its function. (A timer that was returned would be copied into place.) If
/// `RETURNS`, it is notified when its body returns.
pub struct Call<const RETURNS: bool>(pub(super) Option<Running>);

/// Measures from its start to its end. Its inlined code is small: the work is in [`begin`] and [`finish`].
#[must_use]
pub struct Timer<'c, const RETURNS: bool>(&'c mut Option<Running>);

/// One call, from its start to its end.
pub(super) struct Running {
    shard: &'static Shard,
    site: &'static TimedSite,
    /// The time that the thread had spent in timed calls before the start.
    spent: u64,
    start: u64,
    /// It started during a panic, and is not notified of its return: a panic and a normal end will look alike.
    in_panic: bool,
}

impl Call<false> {
    /// A call that is not measured.
    #[inline]
    #[must_use]
    pub const fn unmeasured() -> Self {
        Call(None)
    }
}

impl Call<true> {
    /// The same, for a call that is notified when its body returns.
    #[inline]
    #[must_use]
    pub const fn that_returns() -> Self {
        Call(None)
    }
}

impl<const RETURNS: bool> Call<RETURNS> {
    /// Starts measuring, unless the site is off; `inside` is the type name of a closure in the function. (With a type
    /// parameter instead, this would be compiled again for each function.)
    #[inline]
    pub fn start(&mut self, site: &'static TimedSite, inside: &'static str) -> Timer<'_, RETURNS> {
        if site.may_be_on(inside) {
            self.begin(site);
        }
        Timer(&mut self.0)
    }

    #[inline]
    pub(super) fn begin(&mut self, site: &'static TimedSite) {
        if RETURNS { begin_that_returns(&mut self.0, site) } else { begin(&mut self.0, site) }
    }
}

/// The fast path into a call. Here and in [`finish`], all unusual cases leave through one tail call, so that few
/// registers have to be saved.
#[inline(never)]
pub(super) fn begin(call: &mut Option<Running>, site: &'static TimedSite) {
    let in_panic = std::thread::panicking();
    if in_panic || !begin_if_common(call, site) {
        begin_slow(call, site, in_panic);
    }
}

#[inline(never)]
fn begin_that_returns(call: &mut Option<Running>, site: &'static TimedSite) {
    if !begin_if_common(call, site) {
        begin_slow(call, site, false);
    }
}

#[inline]
fn begin_if_common(call: &mut Option<Running>, site: &'static TimedSite) -> bool {
    let Some(counter) = clock::counter() else { return false };
    let Some(shard) = site.shards().get() else { return false };
    let spent = shard.enter();
    *call = Some(Running { shard, site, spent, in_panic: false, start: counter.ticks() });
    true
}

/// A thread's first call at the site, another clock, an observer, or a call from a destructor during a panic.
#[cold]
#[inline(never)]
fn begin_slow(call: &mut Option<Running>, site: &'static TimedSite, in_panic: bool) {
    if site.is_off() {
        return;
    }
    let own = Uncounted::begin();
    let shard = site.shards().local();
    let spent = shard.enter();
    let call = call.insert(Running { shard, site, spent, in_panic, start: clock::ticks() });
    let observed = call.observed();
    observers::begins(&observed, call.start);
    own.enter(observed.key);
}

impl Timer<'_, true> {
    /// The body has returned. Inspects the value to see how the call ended.
    #[inline]
    pub fn ended<R>(self, value: &R, kind: impl FnOnce(&R) -> OutcomeKind) {
        let timer = ManuallyDrop::new(self);
        if let Some(call) = &*timer.0 {
            if kind(value) == OutcomeKind::Error { fail(call) } else { finish_returned(call) }
        }
    }
}

impl<const RETURNS: bool> Drop for Timer<'_, RETURNS> {
    #[inline]
    fn drop(&mut self) {
        if let Some(call) = self.0 {
            finish(call);
        }
    }
}

#[inline(never)]
pub(super) fn finish(call: &Running) {
    let ended = if std::thread::panicking() { Err(UNREAD) } else { call.finish_if_common() };
    if let Err(now) = ended {
        finish_slow(call, now, &NoArguments);
    }
}

#[inline(never)]
fn finish_returned(call: &Running) {
    if let Err(now) = call.finish_if_common() {
        succeed(call, now, &NoArguments);
    }
}

/// Not read yet.
pub(super) const UNREAD: u64 = 0;

/// The longest call of this thread so far, or one that takes too long, another clock, an observer, or a panic.
#[cold]
#[inline(never)]
pub(super) fn finish_slow(call: &Running, now: u64, arguments: &dyn Arguments) {
    // In a `drop` a panic and a normal end look alike: only a call that started outside of a panic can have ended in
    // one.
    let panicked = std::thread::panicking() && !call.in_panic;
    let outcome = if panicked { OutcomeKind::Panic } else { OutcomeKind::Success };
    finish_with(call, now, outcome, arguments);
}

#[cold]
#[inline(never)]
pub(super) fn succeed(call: &Running, now: u64, arguments: &dyn Arguments) {
    finish_with(call, now, OutcomeKind::Success, arguments);
}

/// The call returned an `Err`.
#[cold]
#[inline(never)]
fn fail(call: &Running) {
    finish_with(call, UNREAD, OutcomeKind::Error, &NoArguments);
}

pub(super) fn finish_with(call: &Running, now: u64, outcome: OutcomeKind, arguments: &dyn Arguments) {
    let now = if now == UNREAD { clock::ticks() } else { now };
    let (own, observed) = (Uncounted::begin(), call.observed());
    let allocated = own.leave(observed.key);
    let elapsed = now.saturating_sub(call.start);
    let scoped = scoped::shard(call.site);
    let counts = scoped.as_deref().unwrap_or(call.shard);
    call.shard.leave_to(counts, call.spent, elapsed);
    counts.count_allocated(allocated, call.shard.depth());
    record(call.site, counts, elapsed, outcome);
    observers::ended(&observed, now, outcome);
    drop(own);
    call.site.tell_if_slow(elapsed, outcome, arguments);
}

impl Running {
    /// The fast path out of an ordinary call. Otherwise returns the time now, if it has been read, so that the call's
    /// own slow end is not counted.
    #[inline]
    pub(super) fn finish_if_common(&self) -> Result<(), u64> {
        let Some(counter) = clock::counter() else { return Err(UNREAD) };
        let now = counter.ticks();
        let elapsed = now.wrapping_sub(self.start);
        if !self.shard.count_if_common(elapsed) {
            return Err(now);
        }
        self.shard.leave(self.spent, elapsed);
        Ok(())
    }

    /// As observers see it.
    fn observed(&self) -> observer::Call {
        let key = Key::Sync(std::ptr::from_ref(self.shard).addr(), self.shard.depth());
        observer::Call { site: self.site, key, start: self.start, path: Path::NONE }
    }
}

/// A call that has ended.
pub(super) fn record(site: &TimedSite, shard: &Shard, elapsed: u64, outcome: OutcomeKind) {
    if outcome == OutcomeKind::Success {
        shard.count(elapsed);
        shard.longest.raise(elapsed);
        shard.slow_path_from.set(site.warn_ticks().min(shard.longest.get().saturating_add(1)));
    } else {
        let at = (outcome as usize).min(3);
        shard.calls[at].add(1);
        shard.ticks[at].add(elapsed);
    }
}

#[cfg(test)]
mod tests {
    use crate::{Decorated, timed};

    #[timed]
    fn work() {
        std::hint::black_box(());
    }

    /// On the real clock most calls take the fast path; under a virtual one all take the slow path.
    #[test]
    fn every_call_is_counted_and_the_longest_known() {
        for _ in 0..1000 {
            work();
        }
        let timing = work.timing();
        assert_eq!(timing.calls(), 1000);
        assert!(timing.p50() <= timing.max() && timing.max() <= timing.total(), "{timing:?}");
    }
}
