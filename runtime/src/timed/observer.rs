//! Whoever wants to see each call: what they are told, and of what.
//!
//! Each of them holds a [`clock::Watch`](crate::clock::Watch) while it is there. Every call then takes its slow path,
//! which tells them ([`observers`](super::observers)); while there is none, calls take the short path and pay nothing.

use super::site::Site;
use crate::outcome::OutcomeKind;

/// Sees each call from its start to its end.
pub(super) trait Observer: Sync {
    /// A call begins, or a poll of it does.
    fn begins(&self, _call: &Call) {}

    /// One poll of a call is over.
    fn was_polled(&self, _call: &Call, _from: u64, _to: u64) {}

    fn ended(&self, call: &Call, now: u64, outcome: OutcomeKind);
}

/// A running call.
#[derive(Clone, Copy)]
pub(super) struct Call {
    pub(super) site: &'static Site,
    pub(super) key: Key,
    /// When it began, in ticks.
    pub(super) start: u64,
}

/// Tells running calls apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// Where its thread counts the calls at its site, and how deep in calls of the same function it is.
    Sync(usize, u64),
    /// Where it lies, and will lie until it is dropped: it has been polled.
    Async(usize),
}

impl Call {
    pub(super) fn is_async(&self) -> bool {
        matches!(self.key, Key::Async(_))
    }
}
