//! Those who want to see each call: the trace, the list of running calls, the metrics and the scoped recorders.
//!
//! Each of them holds a [`clock::Watch`](crate::clock::Watch) while it is there. Every call then takes its slow path,
//! which tells them here; while there is none, calls take the short path and pay nothing.

use std::cell::OnceCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

#[cfg(feature = "metrics")]
use super::metrics;
use super::recorder::{SITES, Site};
use super::{in_flight, trace};
use crate::outcome::OutcomeKind;
use crate::site::is_shared;
#[cfg(feature = "metrics")]
use crate::unwinding;

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

    /// It begins, or a poll of it does.
    pub(super) fn begins(&self) {
        in_flight::runs(self);
    }

    /// One poll of it is over.
    pub(super) fn was_polled(&self, from: u64, to: u64) {
        in_flight::waits(self);
        trace::polled(self, from, to);
    }

    pub(super) fn ended(&self, now: u64, outcome: OutcomeKind) {
        in_flight::ended(self);
        trace::ended(self, now, outcome);
        #[cfg(feature = "metrics")]
        unwinding::shield(|| metrics::ended(self, now, outcome), |_| {});
    }
}

impl Site {
    /// The `name` that `#[timed]` was given, else the function's path.
    pub(super) fn name(&self) -> String {
        self.settings.name.map_or_else(|| SITES.name_of(self), ToOwned::to_owned)
    }

    /// The name for people: with its place, where other functions share the path.
    pub(super) fn title(&self) -> String {
        let name = self.name();
        if self.shares_path() { format!("{name} ({})", self.place) } else { name }
    }

    /// Have other measured functions its path?
    pub(super) fn shares_path(&self) -> bool {
        let name = SITES.name_of(self);
        is_shared(&name, "timed") || SITES.get_all(&name).len() > 1
    }

    pub(super) fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }
}

/// A thread, as people know it.
#[derive(Debug)]
pub(super) struct Thread {
    /// From one, in the order in which they were first seen.
    pub(super) number: u64,
    pub(super) name: String,
}

/// This thread; `None` when its thread-locals are already gone.
pub(super) fn thread() -> Option<Arc<Thread>> {
    thread_local! {
        static THIS: OnceCell<Arc<Thread>> = const { OnceCell::new() };
    }
    THIS.try_with(|this| Arc::clone(this.get_or_init(Thread::next))).ok()
}

impl Thread {
    fn next() -> Arc<Self> {
        static LAST: AtomicU64 = AtomicU64::new(0);
        let number = LAST.fetch_add(1, Relaxed) + 1;
        let name = std::thread::current().name().map_or_else(|| format!("thread {number}"), ToOwned::to_owned);
        Arc::new(Thread { number, name })
    }
}
