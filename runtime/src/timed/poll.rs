//! The polls of an async call.

use super::allocations::Uncounted;
use super::call::record;
use super::observer::{self, Key, Path};
use super::observers;
use super::scoped;
use super::shard::Shard;
use super::site::TimedSite;
use super::slow::Arguments;
use crate::clock;
use crate::outcome::OutcomeKind;

/// The state that the polls of one async call share.
pub(super) struct AsyncCall {
    pub(super) site: &'static TimedSite,
    /// The start of the first poll; zero before it.
    start: u64,
    /// Conditions that the fast path to the end does not handle.
    marks: u8,
    path: Path,
}

/// The first poll was inside a poll of the same function: recursion, whose time counts once.
const NESTED: u8 = 1;
/// There may be an observer.
const WATCHED: u8 = 2;

impl AsyncCall {
    pub(super) fn new(site: &'static TimedSite) -> Self {
        AsyncCall { site, start: 0, marks: 0, path: Path::NONE }
    }

    /// Another clock, or an observer. *Output:* the time.
    #[cold]
    #[inline(never)]
    fn start_poll_slow(&mut self) -> u64 {
        self.marks |= WATCHED;
        let own = Uncounted::begin();
        let now = clock::ticks();
        let start = if self.start == 0 { now } else { self.start };
        self.path = observers::begins(&observer::Call { start, ..self.observed() }, now);
        own.enter(self.observed().key);
        now
    }

    /// As observers see it.
    fn observed(&self) -> observer::Call {
        let key = Key::Async(std::ptr::from_ref(self).addr());
        observer::Call { site: self.site, key, start: self.start, path: self.path }
    }

    /// The call started inside a call of the same function, and is now polled outside of it: the time so far was also
    /// that call's, and the time from now on is not.
    #[cold]
    #[inline(never)]
    fn outlives_caller(&mut self, now: u64) {
        self.marks &= !NESTED;
        let scoped = scoped::shard(self.site);
        let counts = scoped.as_deref().unwrap_or_else(|| self.site.shard());
        counts.nested.add(now.saturating_sub(self.start));
    }

    /// The call has ended, with its last poll.
    #[inline]
    pub(super) fn end(&self, (now, shard): (u64, &Shard), outcome: OutcomeKind, arguments: &dyn Arguments) {
        let elapsed = now.saturating_sub(self.start);
        let common = self.marks == 0 && outcome == OutcomeKind::Success && shard.count_if_common(elapsed);
        if !common {
            self.end_slow(now, outcome, arguments);
        }
    }

    /// The future was dropped, or its poll panicked.
    #[cold]
    pub(super) fn end_early(&mut self, outcome: OutcomeKind, arguments: &dyn Arguments) {
        let now = clock::ticks();
        // Dropped between its creation and its first poll: no time at all.
        self.start = if self.start == 0 { now } else { self.start };
        self.end_slow(now, outcome, arguments);
    }

    #[cold]
    #[inline(never)]
    fn end_slow(&self, now: u64, outcome: OutcomeKind, arguments: &dyn Arguments) {
        let elapsed = now.saturating_sub(self.start);
        let own = Uncounted::begin();
        let scoped = scoped::shard(self.site);
        let counts = scoped.as_deref().unwrap_or_else(|| self.site.shard());
        if self.marks & NESTED != 0 {
            counts.nested.add(elapsed);
        }
        record(self.site, counts, elapsed, outcome);
        observers::ended(&self.observed(), now, outcome);
        drop(own);
        self.site.tell_if_slow(elapsed, outcome, arguments);
    }
}

/// One poll: time measured inside it does not count as the caller's own.
pub(super) struct Poll<'a> {
    shard: &'static Shard,
    spent: u64,
    start: u64,
    call: &'a AsyncCall,
}

impl<'a> Poll<'a> {
    #[inline]
    pub(super) fn start(call: &'a mut AsyncCall) -> Self {
        let shard = call.site.shard();
        let spent = shard.enter();
        let start = match clock::counter() {
            Some(counter) => counter.ticks(),
            None => call.start_poll_slow(),
        };
        if call.start == 0 {
            call.start = start;
            call.marks |= u8::from(shard.is_nested()) * NESTED;
        } else if call.marks & NESTED != 0 && !shard.is_nested() {
            call.outlives_caller(start);
        }
        Poll { shard, spent, start, call }
    }

    /// Ends the poll; returns the time now, and the shard.
    #[inline]
    pub(super) fn end(self) -> (u64, &'static Shard) {
        let (now, shard) = (self.count(), self.shard);
        std::mem::forget(self);
        (now, shard)
    }

    #[inline]
    fn count(&self) -> u64 {
        let Some(counter) = clock::counter() else { return self.count_slow() };
        let now = counter.ticks();
        self.count_to(self.shard, now);
        now
    }

    #[cold]
    #[inline(never)]
    fn count_slow(&self) -> u64 {
        let (own, now, observed) = (Uncounted::begin(), clock::ticks(), self.call.observed());
        let allocated = own.leave(observed.key);
        let scoped = scoped::shard(self.call.site);
        let counts = scoped.as_deref().unwrap_or(self.shard);
        self.count_to(counts, now);
        counts.count_allocated(allocated, self.shard.depth());
        observers::was_polled(&observed, self.start, now);
        now
    }

    #[inline]
    fn count_to(&self, counts: &Shard, now: u64) {
        let elapsed = now.saturating_sub(self.start);
        if self.shard.leave_poll(counts, self.spent, elapsed) != 0 {
            counts.nested_busy.add(elapsed);
        }
        counts.busy.add(elapsed);
        counts.polls.add(1);
        counts.longest_poll.raise(elapsed);
    }
}

/// The poll panicked.
impl Drop for Poll<'_> {
    #[cold]
    fn drop(&mut self) {
        self.count();
    }
}
