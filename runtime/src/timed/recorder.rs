//! The hot path: one site per function, one shard per thread and site, no lock and no allocation after a thread's first
//! call.

use std::any::type_name;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use super::shard::Shard;
use crate::clock;
use crate::outcome::OutcomeKind;
use crate::shards::Shards;
use crate::site::{Registry, function_of, without_generics};

/// Everything that is measured about one function; the expansion's own `static`.
pub struct Site {
    off: AtomicBool,
    is_registered: AtomicBool,
    shards: Shards<Shard>,
    /// Calls of at least this many ticks are told about; `u64::MAX` for none.
    warn_ticks: AtomicU64,
    pub(super) is_async: AtomicBool,
    pub(super) settings: Settings,
}

/// What the options of `#[timed]` say.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settings {
    pub(super) name: Option<&'static str>,
    warn_over: Option<Duration>,
}

impl Settings {
    /// Without options.
    pub const NONE: Settings = Settings { name: None, warn_over: None };

    /// A name for the report instead of the path.
    #[must_use]
    pub const fn name(self, name: &'static str) -> Self {
        Settings { name: Some(name), ..self }
    }

    /// Tells about calls that take at least this long.
    #[must_use]
    pub const fn warn_over(self, limit: Duration) -> Self {
        Settings { warn_over: Some(limit), ..self }
    }
}

pub(super) static SITES: Registry<Site> = Registry::new("timed", || SITES.names());

impl Site {
    /// The site of one function.
    pub const fn new(settings: Settings) -> Self {
        Site {
            off: AtomicBool::new(false),
            is_registered: AtomicBool::new(false),
            shards: Shards::new(),
            warn_ticks: AtomicU64::new(u64::MAX),
            is_async: AtomicBool::new(false),
            settings,
        }
    }

    pub(super) fn shards(&self) -> &Shards<Shard> {
        &self.shards
    }

    pub(super) fn set_enabled(&self, enabled: bool) {
        self.off.store(!enabled, Relaxed);
    }

    /// Is the site switched on? Registers it the first time.
    pub(super) fn is_on(&'static self, name: &'static str) -> bool {
        if !self.is_registered.load(Relaxed) {
            self.register(name);
        }
        !self.off.load(Relaxed)
    }

    #[cold]
    #[inline(never)]
    fn register(&'static self, inside: &'static str) {
        clock::set_anchor();
        if let Some(limit) = self.settings.warn_over {
            self.warn_ticks.store(clock::ticks_in(limit), Relaxed);
        }
        let name = without_generics(function_of(inside));
        SITES.insert(name.clone(), self);
        self.set_enabled(super::control::is_enabled(&name));
        self.is_registered.store(true, Relaxed);
    }

    #[cold]
    #[inline(never)]
    fn warn(&self, ticks: u64, outcome: OutcomeKind) {
        let elapsed = clock::duration(ticks);
        let name = self.settings.name.map_or_else(|| SITES.name_of(self), ToOwned::to_owned);
        tracing::warn!(target: "festoon", function = %name, ?elapsed, outcome = outcome.name(), "slow call");
    }
}

/// Measures from here to its end. Small where it is used: what it does is in [`begin`] and [`finish`].
#[must_use]
pub struct Timer(Option<Running>);

/// One call, from its start to its end.
struct Running {
    shard: &'static Shard,
    site: &'static Site,
    /// `SPENT` at the start.
    spent: u64,
    start: u64,
    /// It began during a panic, so that a panic is not how it ended.
    in_panic: bool,
}

/// Starts measuring a call of the function that the closure `inside` was written in.
#[inline]
pub fn start<C>(site: &'static Site, _inside: C) -> Timer {
    if site.off.load(Relaxed) { Timer(None) } else { begin(site, type_name::<C>()) }
}

/// All that is unusual goes one way and does not come back, here and in [`finish`], so that no register is saved for it.
#[inline(never)]
fn begin(site: &'static Site, inside: &'static str) -> Timer {
    if !std::thread::panicking()
        && let Some(counter) = clock::counter()
        && let Some(shard) = site.shards.get()
    {
        let spent = shard.enter();
        return Timer(Some(Running { shard, site, spent, in_panic: false, start: counter.ticks() }));
    }
    begin_slow(site, inside)
}

/// A thread's first call at the site, another clock, or a call from a destructor during a panic.
#[cold]
#[inline(never)]
fn begin_slow(site: &'static Site, inside: &'static str) -> Timer {
    if !site.is_on(inside) {
        return Timer(None);
    }
    let shard = site.shards.local();
    let spent = shard.enter();
    Timer(Some(Running { shard, site, spent, in_panic: std::thread::panicking(), start: clock::ticks() }))
}

/// Measures one call, and asks its value how it ended.
#[inline]
pub fn call<R, C>(site: &'static Site, inside: C, body: impl FnOnce() -> R, kind: impl FnOnce(&R) -> OutcomeKind) -> R {
    let timer = start(site, inside);
    let value = body();
    if kind(&value) == OutcomeKind::Error {
        fail(timer);
    }
    value
}

impl Drop for Timer {
    #[inline]
    fn drop(&mut self) {
        if let Some(call) = &self.0 {
            finish(call);
        }
    }
}

#[inline(never)]
fn finish(call: &Running) {
    if !std::thread::panicking()
        && let Some(counter) = clock::counter()
    {
        let elapsed = counter.ticks().wrapping_sub(call.start);
        if call.shard.count_if_common(elapsed) {
            return call.shard.leave(call.spent, elapsed);
        }
    }
    finish_slow(call);
}

/// The longest call of this thread so far, or one that takes too long, another clock, or a panic.
#[cold]
#[inline(never)]
fn finish_slow(call: &Running) {
    // In a `drop` a panic and a normal end look alike: only a call that began outside of a panic can have ended in one.
    let panicked = std::thread::panicking() && !call.in_panic;
    finish_with(call, if panicked { OutcomeKind::Panic } else { OutcomeKind::Success });
}

/// The call gave an `Err`.
#[cold]
#[inline(never)]
fn fail(mut timer: Timer) {
    // Taken out: the drop that follows counts nothing.
    if let Some(call) = timer.0.take() {
        finish_with(&call, OutcomeKind::Error);
    }
}

fn finish_with(call: &Running, outcome: OutcomeKind) {
    let elapsed = clock::ticks().saturating_sub(call.start);
    call.shard.leave(call.spent, elapsed);
    record(call.site, call.shard, elapsed, outcome);
}

/// One call that has ended.
pub(super) fn record(site: &'static Site, shard: &Shard, elapsed: u64, outcome: OutcomeKind) {
    let slow = site.warn_ticks.load(Relaxed);
    if outcome == OutcomeKind::Success {
        shard.count(elapsed);
        shard.longest.raise(elapsed);
        shard.notable.set(slow.min(shard.longest.get().saturating_add(1)));
    } else {
        let at = (outcome as usize).min(3);
        shard.calls[at].add(1);
        shard.ticks[at].add(elapsed);
    }
    if elapsed >= slow {
        site.warn(elapsed, outcome);
    }
}

/// One poll: what is timed inside of it is not the caller's own time.
pub(super) struct Poll {
    shard: &'static Shard,
    spent: u64,
    pub(super) start: u64,
}

impl Poll {
    #[inline]
    pub(super) fn start(site: &'static Site) -> Self {
        let shard = site.shards.local();
        Poll { shard, spent: shard.enter(), start: clock::ticks() }
    }

    /// Is this poll inside of another one of the same function?
    #[inline]
    pub(super) fn is_nested(&self) -> bool {
        self.shard.is_nested()
    }

    /// Ends the poll; the time now, and the shard.
    #[inline]
    pub(super) fn end(self) -> (u64, &'static Shard) {
        let (now, shard) = (self.count(), self.shard);
        std::mem::forget(self);
        (now, shard)
    }

    #[inline]
    fn count(&self) -> u64 {
        let (now, shard) = (clock::ticks(), self.shard);
        let elapsed = now.saturating_sub(self.start);
        shard.leave_poll(self.spent, elapsed);
        shard.busy.add(elapsed);
        shard.polls.add(1);
        shard.longest_poll.raise(elapsed);
        now
    }
}

/// The poll panicked.
impl Drop for Poll {
    #[cold]
    fn drop(&mut self) {
        self.count();
    }
}

#[cfg(test)]
mod tests {
    use crate::{Decorated, timed};

    #[timed]
    fn work() {
        std::hint::black_box(());
    }

    /// On the real clock, where most calls take the short way; under a virtual one all take the slow way.
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
