//! Observers of individual calls, and the events that they receive.
//!
//! Each of them holds an [`Observing`](super::observers::Observing) while it is active. Every call then takes its slow path,
//! which notifies them ([`observers`](super::observers)); while there is none, calls take the fast path and pay
//! nothing.

use super::site::TimedSite;
use crate::outcome::OutcomeKind;

/// Observes each call from its start to its end.
pub(super) trait Observer: Sync {
    /// A call starts, or one of its polls does.
    fn begins(&self, _call: &Call) {}

    /// A poll of a call has ended.
    fn was_polled(&self, _call: &Call, _from: u64, _to: u64) {}

    fn ended(&self, call: &Call, now: u64, outcome: OutcomeKind);
}

/// A running call.
#[derive(Clone, Copy)]
pub(super) struct Call {
    pub(super) site: &'static TimedSite,
    pub(super) key: Key,
    /// When it started, in ticks.
    pub(super) start: u64,
    /// Where an async call stands in the tree of calls.
    pub(super) path: Path,
}

/// A place in the tree of calls; zero for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Path(pub(super) u32);

impl Path {
    pub(super) const NONE: Path = Path(0);
}

/// Distinguishes running calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// The address of its thread's counters for its site, and how many calls of the same function it is nested in.
    Sync(usize, u64),
    /// Its address, which is fixed until it is dropped, since it has been polled.
    Async(usize),
}

impl Call {
    pub(super) fn is_async(&self) -> bool {
        matches!(self.key, Key::Async(_))
    }
}
