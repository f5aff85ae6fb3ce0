//! The hot path: one site per function, one shard per thread and site, no lock and no allocation after a thread's first
//! call.

use std::any::type_name;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

use super::observe::{self, Key};
use super::scoped;
use super::settings::Settings;
use super::shard::Shard;
use super::slow::{Arguments, NoArguments, SlowCall, Warnings};
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
    warnings: Warnings,
    pub(super) is_async: AtomicBool,
    pub(super) settings: Settings,
    #[cfg(feature = "metrics")]
    pub(super) metrics: super::metrics::Handles,
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
            warnings: Warnings::new(),
            is_async: AtomicBool::new(false),
            settings,
            #[cfg(feature = "metrics")]
            metrics: super::metrics::Handles::new(),
        }
    }

    #[inline]
    pub(super) fn shards(&self) -> &Shards<Shard> {
        &self.shards
    }

    pub(super) fn set_enabled(&self, enabled: bool) {
        self.off.store(!enabled, Relaxed);
    }

    /// A call that is counted without being measured: not the turn of a sampled site.
    pub(super) fn sampled_out(&self) -> Option<&'static Shard> {
        self.passes_over()
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
    fn warn(&self, ticks: u64, outcome: OutcomeKind, arguments: &dyn Arguments) {
        let Some(suppressed) = self.warnings.turn(clock::ticks_in(self.settings.warn_every)) else { return };
        let name = self.name();
        let elapsed = clock::duration(ticks);
        (self.settings.event)(&SlowCall { name: &name, elapsed, outcome, suppressed, arguments });
    }

    /// This thread's shard, if the site is sampled and it is not this call's turn. Whoever watches sees all.
    #[inline]
    fn passes_over(&self) -> Option<&'static Shard> {
        let one_in = self.settings.sample;
        if one_in <= 1 || clock::is_watched() {
            return None;
        }
        self.shards.get().filter(|shard| !shard.is_sampled(one_in))
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

/// A thread's first call at the site, another clock, somebody who watches, or a call from a destructor during a panic.
#[cold]
#[inline(never)]
fn begin_slow(site: &'static Site, inside: &'static str) -> Timer {
    if !site.is_on(inside) {
        return Timer(None);
    }
    let shard = site.shards.local();
    let spent = shard.enter();
    let call = Running { shard, site, spent, in_panic: std::thread::panicking(), start: clock::ticks() };
    call.observed().begins();
    Timer(Some(call))
}

/// Asks the value of a call how it ended.
#[inline]
pub fn ended<R>(timer: Timer, value: &R, kind: impl FnOnce(&R) -> OutcomeKind) {
    if kind(value) == OutcomeKind::Error {
        fail(timer);
    }
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
    if !call.finish_if_common() {
        finish_slow(call, &NoArguments);
    }
}

/// The longest call of this thread so far, or one that takes too long, another clock, somebody who watches, or a panic.
#[cold]
#[inline(never)]
fn finish_slow(call: &Running, arguments: &dyn Arguments) {
    // In a `drop` a panic and a normal end look alike: only a call that began outside of a panic can have ended in one.
    let panicked = std::thread::panicking() && !call.in_panic;
    finish_with(call, if panicked { OutcomeKind::Panic } else { OutcomeKind::Success }, arguments);
}

/// The call gave an `Err`.
#[cold]
#[inline(never)]
fn fail(mut timer: Timer) {
    // Taken out: the drop that follows counts nothing.
    if let Some(call) = timer.0.take() {
        finish_with(&call, OutcomeKind::Error, &NoArguments);
    }
}

fn finish_with(call: &Running, outcome: OutcomeKind, arguments: &dyn Arguments) {
    let (now, observed) = (clock::ticks(), call.observed());
    let elapsed = now.saturating_sub(call.start);
    let scoped = scoped::shard(call.site);
    let counts = scoped.as_deref().unwrap_or(call.shard);
    call.shard.leave_to(counts, call.spent, elapsed);
    record(call.site, counts, elapsed, outcome, arguments);
    observed.ended(now, outcome);
}

impl Running {
    /// The short way out, for a call that is nothing special.
    #[inline]
    fn finish_if_common(&self) -> bool {
        if std::thread::panicking() {
            return false;
        }
        let Some(counter) = clock::counter() else { return false };
        let elapsed = counter.ticks().wrapping_sub(self.start);
        let common = self.shard.count_if_common(elapsed);
        if common {
            self.shard.leave(self.spent, elapsed);
        }
        common
    }

    /// As those who watch know it.
    fn observed(&self) -> observe::Call {
        let key = Key::Sync(std::ptr::from_ref(self.shard).addr(), self.shard.depth());
        observe::Call { site: self.site, key, start: self.start }
    }
}

/// As [`Timer`], for a site that is sampled or shows its arguments.
#[must_use]
pub struct TimerWith<A: Arguments> {
    state: State,
    arguments: A,
}

enum State {
    Off,
    Measured(Running),
    /// Counted, but not measured.
    PassedOver(&'static Shard),
}

/// As [`start`], for a site that is sampled or shows its arguments.
#[inline]
pub fn start_with<C, A: Arguments>(site: &'static Site, _inside: C, arguments: A) -> TimerWith<A> {
    let state = match site.passes_over() {
        _ if site.off.load(Relaxed) => State::Off,
        Some(shard) => State::PassedOver(shard),
        None => begin(site, type_name::<C>()).0.take().map_or(State::Off, State::Measured),
    };
    TimerWith { state, arguments }
}

/// As [`ended`], for a site that is sampled or shows its arguments.
#[inline]
pub fn ended_with<R, A: Arguments>(mut timer: TimerWith<A>, value: &R, kind: impl FnOnce(&R) -> OutcomeKind) {
    if kind(value) == OutcomeKind::Error {
        timer.end(OutcomeKind::Error);
    }
}

impl<A: Arguments> TimerWith<A> {
    #[cold]
    fn end(&mut self, outcome: OutcomeKind) {
        match std::mem::replace(&mut self.state, State::Off) {
            State::Off => {}
            State::PassedOver(shard) => shard.pass_over(outcome),
            State::Measured(call) => finish_with(&call, outcome, &self.arguments),
        }
    }
}

impl<A: Arguments> Drop for TimerWith<A> {
    #[inline]
    fn drop(&mut self) {
        match &self.state {
            State::Off => {}
            State::PassedOver(shard) if std::thread::panicking() => shard.pass_over(OutcomeKind::Panic),
            State::PassedOver(shard) => shard.pass_over(OutcomeKind::Success),
            State::Measured(call) if call.finish_if_common() => {}
            State::Measured(call) => finish_slow(call, &self.arguments),
        }
    }
}

/// One call that has ended.
pub(super) fn record(site: &Site, shard: &Shard, elapsed: u64, outcome: OutcomeKind, arguments: &dyn Arguments) {
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
        site.warn(elapsed, outcome, arguments);
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
