//! All observers, in one place.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::in_flight::RunningCalls;
#[cfg(feature = "metrics")]
use super::metrics::MetricsFeed;
use super::observer::{Call, Observer, Path};
use super::trace::Traces;
#[cfg(feature = "report")]
use super::tree;
use crate::clock::Watch;
use crate::outcome::OutcomeKind;

static OBSERVERS: &[&dyn Observer] = &[
    &RunningCalls,
    &Traces,
    #[cfg(feature = "metrics")]
    &MetricsFeed,
];

/// While it lives, the observers are notified of each call. The tree of calls does without: it is called directly, since
/// it has the least time.
#[derive(Debug)]
pub(super) struct Observing(Watch);

/// The number of these.
static OBSERVING: AtomicU32 = AtomicU32::new(0);

impl Observing {
    pub(super) fn new() -> Self {
        OBSERVING.fetch_add(1, Relaxed);
        Observing(Watch::new())
    }
}

impl Drop for Observing {
    fn drop(&mut self) {
        OBSERVING.fetch_sub(1, Relaxed);
    }
}

fn observers() -> &'static [&'static dyn Observer] {
    if OBSERVING.load(Relaxed) == 0 { &[] } else { OBSERVERS }
}

/// *Output:* the place of an async call in the tree of calls, which its later events contain.
pub(super) fn begins(call: &Call, now: u64) -> Path {
    for observer in observers() {
        observer.begins(call);
    }
    #[cfg(feature = "report")]
    return tree::begins(call, now);
    #[cfg(not(feature = "report"))]
    {
        let _ = now;
        Path::NONE
    }
}

pub(super) fn was_polled(call: &Call, from: u64, to: u64) {
    for observer in observers() {
        observer.was_polled(call, from, to);
    }
    #[cfg(feature = "report")]
    tree::was_polled(call, to);
}

pub(super) fn ended(call: &Call, now: u64, outcome: OutcomeKind) {
    for observer in observers() {
        observer.ended(call, now, outcome);
    }
    #[cfg(feature = "report")]
    tree::ended(call, now);
}
