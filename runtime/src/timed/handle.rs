//! `price.timing()`.

use std::sync::Arc;
use std::time::Duration;

use super::outcomes::Outcomes;
use super::scoped::{self, Scope};
use super::site::SITES;
use super::stats::Stats;
use crate::outcome::OutcomeKind;

/// What has been measured about one function. All zero before its first call.
///
/// Functions that share a path (in blocks of one function, made by a macro, in two versions of one crate) are taken
/// together; [`report`](crate::timing::report) has a row for each.
///
/// Latencies (`mean`, `p50`, .. `max`) are those of the successful calls; [`total`](Timing::total) is the time in all.
///
/// One that was made in the scope of a [`testing::recorder`](crate::testing::recorder) shows what was counted there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timing {
    name: String,
    scope: Option<Arc<Scope>>,
}

impl Timing {
    pub(crate) fn of(name: String) -> Self {
        Timing { name, scope: scoped::current() }
    }

    /// The same function's counts in a scope.
    pub(crate) fn within(self, scope: &Arc<Scope>) -> Self {
        Timing { scope: Some(Arc::clone(scope)), ..self }
    }

    fn stats(&self) -> Stats {
        Stats::all(SITES.get_all(&self.name).into_iter().map(|site| match &self.scope {
            None => Stats::of(site),
            Some(scope) => Stats::within(scope, site),
        }))
    }

    /// The function's path, generics left out.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many calls have ended.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.outcomes().total()
    }

    /// How they ended.
    #[must_use]
    pub fn outcomes(&self) -> Outcomes {
        self.stats().outcomes
    }

    /// The time in all calls; recursion counts once.
    #[must_use]
    pub fn total(&self) -> Duration {
        self.stats().total()
    }

    /// The same without the time in other timed functions; for async functions, the busy time.
    #[must_use]
    pub fn self_time(&self) -> Duration {
        self.stats().own()
    }

    /// The time in the calls that ended so.
    #[must_use]
    pub fn time_in(&self, kind: OutcomeKind) -> Duration {
        self.stats().time_in(kind)
    }

    /// The mean latency.
    #[must_use]
    pub fn mean(&self) -> Duration {
        self.stats().mean()
    }

    /// The median latency, known to 1.6 %.
    #[must_use]
    pub fn p50(&self) -> Duration {
        self.quantile(0.5)
    }

    /// The latency that 90 % of the calls stay below, known to 1.6 %.
    #[must_use]
    pub fn p90(&self) -> Duration {
        self.quantile(0.9)
    }

    /// The latency that 95 % of the calls stay below, known to 1.6 %.
    #[must_use]
    pub fn p95(&self) -> Duration {
        self.quantile(0.95)
    }

    /// The latency that 99 % of the calls stay below, known to 1.6 %.
    #[must_use]
    pub fn p99(&self) -> Duration {
        self.quantile(0.99)
    }

    /// The latency that this share (`0.0..=1.0`) of the calls stays below, known to 1.6 %.
    #[must_use]
    pub fn quantile(&self, share: f64) -> Duration {
        self.stats().quantile(share)
    }

    /// The longest call, exactly.
    #[must_use]
    pub fn max(&self) -> Duration {
        self.stats().max()
    }

    /// Async: how often it was polled.
    #[must_use]
    pub fn polls(&self) -> u64 {
        self.stats().polls
    }

    /// Async: the time inside polls.
    #[must_use]
    pub fn busy(&self) -> Duration {
        self.stats().busy()
    }

    /// Async: the longest single poll, which is how long it kept its thread from other tasks.
    #[must_use]
    pub fn longest_poll(&self) -> Duration {
        self.stats().longest_poll()
    }

    /// Switches the measuring of this function on or off, also before its first call.
    pub fn set_enabled(&self, enabled: bool) {
        super::site::set_enabled(&self.name, enabled);
    }
}
