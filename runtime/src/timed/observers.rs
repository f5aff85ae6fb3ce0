//! All observers, in one place.

use super::in_flight::RunningCalls;
#[cfg(feature = "metrics")]
use super::metrics::MetricsFeed;
use super::observer::{Call, Observer};
use super::trace::Traces;
use crate::outcome::OutcomeKind;

static OBSERVERS: &[&dyn Observer] = &[
    &RunningCalls,
    &Traces,
    #[cfg(feature = "metrics")]
    &MetricsFeed,
];

pub(super) fn begins(call: &Call) {
    for observer in OBSERVERS {
        observer.begins(call);
    }
}

pub(super) fn was_polled(call: &Call, from: u64, to: u64) {
    for observer in OBSERVERS {
        observer.was_polled(call, from, to);
    }
}

pub(super) fn ended(call: &Call, now: u64, outcome: OutcomeKind) {
    for observer in OBSERVERS {
        observer.ended(call, now, outcome);
    }
}
