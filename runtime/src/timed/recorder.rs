//! The hot path: one site per function, one shard per thread and site, no lock and no allocation after a thread's first
//! call.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use super::histogram::Histogram;
use crate::clock;
use crate::outcome::OutcomeKind;
use crate::shards::{Count, Shards, per_thread};
use crate::site::{Registry, function_name, without_generics};

/// Everything that is measured about one function; the expansion's own `static`.
pub struct Site {
    gate: AtomicU8,
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

/// The gate's states. A site that is not registered takes the slow path once.
const NEW: u8 = 0;
const ON: u8 = 1;
const OFF: u8 = 2;

/// One thread's counts at one site. Times are in ticks.
#[derive(Debug, Default)]
pub(super) struct Shard {
    /// How deep this thread is in calls of this function.
    depth: Count,
    /// By outcome: success, error, panic, cancelled.
    pub(super) calls: [Count; 4],
    pub(super) ticks: [Count; 4],
    /// Outermost calls only, so that recursion counts once.
    pub(super) total: Count,
    /// Without the time in other timed functions.
    pub(super) own: Count,
    pub(super) longest: Count,
    pub(super) polls: Count,
    pub(super) busy: Count,
    pub(super) longest_poll: Count,
    /// Successful calls.
    pub(super) latency: Histogram,
}

per_thread!(Shard);

pub(super) static SITES: Registry<Site> = Registry::new("timed", || SITES.names());

thread_local! {
    /// Ticks that the current timed call on this thread has spent in timed calls of its own.
    static INNER: Cell<u64> = const { Cell::new(0) };
}

impl Site {
    /// The site of one function.
    pub const fn new(settings: Settings) -> Self {
        Site {
            gate: AtomicU8::new(NEW),
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
        self.gate.store(if enabled { ON } else { OFF }, Relaxed);
    }

    #[cold]
    #[inline(never)]
    fn register(&'static self, name: &'static str) {
        clock::set_anchor();
        if let Some(limit) = self.settings.warn_over {
            self.warn_ticks.store(clock::ticks_in(limit), Relaxed);
        }
        SITES.insert(without_generics(name), self);
        self.set_enabled(super::control::is_enabled(&without_generics(name)));
    }

    #[cold]
    #[inline(never)]
    fn warn(&self, ticks: u64, outcome: OutcomeKind) {
        let elapsed = clock::duration(ticks);
        let name = self.settings.name.map_or_else(|| SITES.name_of(self), ToOwned::to_owned);
        tracing::warn!(target: "festoon", function = %name, ?elapsed, outcome = outcome.name(), "slow call");
    }

    /// Is the site switched on? Registers it the first time.
    #[inline]
    pub(super) fn is_on<C>(&'static self, _inside: &C) -> bool {
        match self.gate.load(Relaxed) {
            ON => true,
            NEW => {
                self.register(function_name::<C>());
                self.gate.load(Relaxed) == ON
            }
            _ => false,
        }
    }
}

/// Measures from here to its end.
#[must_use]
pub struct Timer(Option<Running>);

struct Running {
    site: &'static Site,
    shard: &'static Shard,
    /// What the caller's own inner time was.
    outer: u64,
    start: u64,
    outcome: OutcomeKind,
}

/// Starts measuring a call of the function that `inside` was written in.
#[inline]
pub fn start<C>(site: &'static Site, inside: C) -> Timer {
    if !site.is_on(&inside) {
        return Timer(None);
    }
    let shard = site.shards.local();
    shard.depth.add(1);
    let outer = INNER.replace(0);
    // In a `drop` a panic and a normal end look alike, but for this: only a call that began outside of a panic can
    // have ended in one.
    let outcome = if std::thread::panicking() { OutcomeKind::Left } else { OutcomeKind::Success };
    Timer(Some(Running { site, shard, outer, start: clock::ticks(), outcome }))
}

/// Measures one call, and asks its value how it ended.
#[inline]
pub fn call<R, C>(site: &'static Site, inside: C, body: impl FnOnce() -> R, kind: impl FnOnce(&R) -> OutcomeKind) -> R {
    let mut timer = start(site, inside);
    let value = body();
    if let Timer(Some(running)) = &mut timer
        && kind(&value) == OutcomeKind::Error
    {
        running.outcome = OutcomeKind::Error;
    }
    value
}

impl Drop for Timer {
    #[inline]
    fn drop(&mut self) {
        if let Some(running) = self.0.take() {
            finish(&running);
        }
    }
}

#[inline(never)]
fn finish(running: &Running) {
    let Running { site, shard, outer, start, outcome } = running;
    let elapsed = clock::ticks().saturating_sub(*start);
    let outcome = match outcome {
        OutcomeKind::Success if std::thread::panicking() => OutcomeKind::Panic,
        OutcomeKind::Left => OutcomeKind::Success,
        known => *known,
    };
    let inner = INNER.replace(outer.wrapping_add(elapsed));
    let depth = shard.depth.get().wrapping_sub(1);
    shard.depth.set(depth);
    shard.own.add(elapsed.saturating_sub(inner));
    if depth == 0 {
        shard.total.add(elapsed);
    }
    record(site, shard, elapsed, outcome);
}

/// One call that has ended.
#[inline]
pub(super) fn record(site: &'static Site, shard: &Shard, elapsed: u64, outcome: OutcomeKind) {
    let at = (outcome as usize).min(3);
    shard.calls[at].add(1);
    shard.ticks[at].add(elapsed);
    if outcome == OutcomeKind::Success {
        shard.latency.record(elapsed);
        shard.longest.raise(elapsed);
    }
    if elapsed >= site.warn_ticks.load(Relaxed) {
        site.warn(elapsed, outcome);
    }
}

/// One poll: what is timed inside of it is not the caller's own time.
pub(super) struct Poll {
    shard: &'static Shard,
    outer: u64,
    start: u64,
}

impl Poll {
    pub(super) fn start(site: &'static Site) -> Self {
        let shard = site.shards.local();
        shard.depth.add(1);
        Poll { shard, outer: INNER.replace(0), start: clock::ticks() }
    }

    /// Is this poll inside of another one of the same function?
    pub(super) fn is_nested(&self) -> bool {
        self.shard.depth.get() > 1
    }
}

impl Drop for Poll {
    fn drop(&mut self) {
        let elapsed = clock::ticks().saturating_sub(self.start);
        let inner = INNER.replace(self.outer.wrapping_add(elapsed));
        self.shard.depth.set(self.shard.depth.get().wrapping_sub(1));
        self.shard.own.add(elapsed.saturating_sub(inner));
        self.shard.busy.add(elapsed);
        self.shard.polls.add(1);
        self.shard.longest_poll.raise(elapsed);
    }
}
