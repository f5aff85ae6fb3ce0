//! The book of a call that has failed once: which attempt it is at, what it waits for, when it gives up.

use std::time::Duration;

use super::attempt::{Entered, Frame};
use super::limits::Limits;
use super::site::Site;
use super::verdict::{Text, Verdict};
use super::wait::Steps;
use crate::clock;

/// One call whose first attempt has failed.
pub struct Failed {
    /// The attempt that is running, or has just failed.
    pub(super) number: u32,
    maximum: u32,
    /// When the call started, in ticks, and how long it may take.
    within: Option<(u64, Duration)>,
    steps: Steps,
    pub(super) wait: Duration,
    slept: Duration,
    pub(super) is_done: bool,
    pub(super) gave_up: bool,
    /// For a plain function, whose attempts run on one thread. The polls of a future set theirs themselves.
    entered: Option<Entered>,
}

/// The user's own waits.
pub(super) type Waits<'w> = &'w mut dyn Iterator<Item = Duration>;

impl Failed {
    pub(super) fn new(site: &'static Site, limits: impl Limits) -> Self {
        Failed {
            number: 1,
            maximum: limits.attempts(site),
            within: limits.within(),
            steps: Steps::default(),
            wait: Duration::ZERO,
            slept: Duration::ZERO,
            is_done: false,
            gave_up: false,
            entered: None,
        }
    }

    /// What `festoon::attempt()` tells.
    pub(super) fn frame(&self) -> Frame {
        Frame {
            number: self.number,
            maximum: self.maximum,
            slept: nanos(self.slept),
            started: self.within.map_or(0, |(start, _)| start),
        }
    }

    /// Tells this thread, until the call ends.
    pub(super) fn tell_thread(&mut self) {
        let frame = self.frame();
        if self.entered.is_some() {
            frame.follow();
        } else {
            self.entered = Some(frame.enter());
        }
    }

    /// Runs a hook of the user's.
    pub(super) fn during<R>(&self, hook: impl FnOnce() -> R) -> R {
        let _entered = self.entered.is_none().then(|| self.frame().enter());
        hook()
    }

    /// An attempt has failed: does the call go on, and after which wait?
    pub(super) fn decide(&mut self, site: &'static Site, verdict: Verdict, text: Text<'_>, waits: Option<Waits<'_>>) {
        self.is_done = true;
        if verdict == Verdict::Final {
            return site.shard().refused.add(1);
        }
        if self.number >= self.maximum {
            return self.give_up(site, text, "no attempt is left");
        }
        let Some(wait) = self.next_wait(site, waits) else { return self.give_up(site, text, "no wait is left") };
        if self.would_be_late(wait) {
            return self.give_up(site, text, "no time is left");
        }
        self.is_done = false;
        self.wait = wait;
        let (function, attempt) = (site.name(), self.number);
        tracing::debug!(target: "festoon", function, attempt, ?wait, error = %text, "retrying");
    }

    fn next_wait(&mut self, site: &'static Site, waits: Option<Waits<'_>>) -> Option<Duration> {
        match waits {
            Some(waits) => waits.next(),
            None => Some(site.policy.wait.next(&mut self.steps)),
        }
    }

    fn would_be_late(&self, wait: Duration) -> bool {
        let late = |(start, limit)| {
            let elapsed = clock::duration(clock::ticks().saturating_sub(start));
            elapsed.saturating_add(wait) > limit
        };
        self.within.is_some_and(late)
    }

    fn give_up(&mut self, site: &'static Site, text: Text<'_>, why: &'static str) {
        self.gave_up = true;
        site.shard().gave_up.add(1);
        let (function, attempts, slept) = (site.name(), self.number, self.slept);
        tracing::warn!(target: "festoon", function, attempts, ?slept, error = %text, why, "gave up");
    }

    /// An attempt has succeeded.
    pub(super) fn recovered(&self, site: &'static Site) {
        if self.number > 1 {
            site.shard().recovered.add(1);
            let (function, attempt, slept) = (site.name(), self.number, self.slept);
            tracing::debug!(target: "festoon", function, attempt, ?slept, "recovered");
        }
    }

    /// From here on the next attempt counts. *Output:* the wait that is to be slept before it.
    pub(super) fn begin_next(&mut self, site: &'static Site) -> Duration {
        self.number += 1;
        self.slept = self.slept.saturating_add(self.wait);
        site.shard().retried.add(1);
        self.wait
    }
}

/// Waits, and counts what was slept: all of it, or what there was before it was cancelled.
pub(super) async fn sleep_counted(site: &'static Site, wait: Duration) {
    let mut slept = Slept { site, wait, started: clock::ticks(), is_over: false };
    clock::sleep_async(wait).await;
    slept.is_over = true;
}

struct Slept {
    site: &'static Site,
    wait: Duration,
    started: u64,
    is_over: bool,
}

impl Drop for Slept {
    fn drop(&mut self) {
        let elapsed = || clock::duration(clock::ticks().saturating_sub(self.started)).min(self.wait);
        count_slept(self.site, if self.is_over { self.wait } else { elapsed() });
    }
}

pub(super) fn count_slept(site: &'static Site, slept: Duration) {
    site.shard().slept.add(nanos(slept));
}

fn nanos(length: Duration) -> u64 {
    u64::try_from(length.as_nanos()).unwrap_or(u64::MAX)
}
