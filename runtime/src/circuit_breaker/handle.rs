//! `f.breaker()`.

use super::breaker::{Breaker, BreakerState, BreakerStats, state_of};
use crate::policies::{OfFunction, Policies, PolicySite};
use crate::site::Registry;
use crate::sync::lock;
use std::sync::atomic::Ordering::{Acquire, Relaxed};

static SITES: Registry<PolicySite<Breaker>> = Registry::new("circuit_breaker", || SITES.names());

impl OfFunction for Breaker {
    /// A breaker that was forced open or closed also applies to keys that are yet to come.
    fn fresh(&self) -> Self {
        let fresh = Breaker { settings: self.settings, ..Breaker::new() };
        let state = self.state();
        if matches!(state, BreakerState::ForcedOpen | BreakerState::ForcedClosed) {
            fresh.word.store(state as u64, Relaxed);
        }
        self.name.get().map(|name| fresh.name.set(name.clone()));
        fresh
    }

    fn is_idle(&self) -> bool {
        let is_closed = state_of(self.word.load(Acquire)) == BreakerState::Closed;
        is_closed && {
            let counts = lock(&self.state).recent.counts(&self.good, self.settings.window);
            counts.failed + counts.slow == 0
        }
    }

    fn set_name(&self, name: &str) {
        let _known = self.name.set(name.to_owned());
    }

    fn sites() -> &'static Registry<PolicySite<Self>> {
        &SITES
    }
}

/// The breaker of a `#[circuit_breaker]` function.
impl Policies<Breaker> {
    /// Returns whether it lets calls through. If there is a breaker for each key, ask one of them:
    /// [`key`](Policies::key)`(&host)`.
    pub fn state(&self) -> BreakerState {
        self.most(Breaker::state)
    }

    /// Returns its statistics.
    pub fn stats(&self) -> BreakerStats {
        self.most(Breaker::stats)
    }

    /// [`Breaker::force_open`], for every key.
    pub fn force_open(&self) {
        self.each(Breaker::force_open);
    }

    /// [`Breaker::force_close`], for every key.
    pub fn force_close(&self) {
        self.each(Breaker::force_close);
    }

    /// [`Breaker::reset`], for every key.
    pub fn reset(&self) {
        self.each(Breaker::reset);
    }
}
