//! The statistics of a measured function's other decorators.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::site::Place;
use crate::timed::scoped::Scope;

/// The statistics of `#[cached]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CacheUse {
    /// Calls that returned a cached value.
    pub hits: u64,
    /// Calls that ran what is below `#[cached]`.
    pub misses: u64,
}

/// The statistics of `#[retry]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct RetryUse {
    /// Runs of what is below `#[retry]`, first ones included.
    pub attempts: u64,
    /// The time between them.
    #[cfg_attr(feature = "serde", serde(rename = "waited_ns", serialize_with = "super::json::nanos"))]
    pub waited: Duration,
}

/// All caches by their function's path without generics, and its place. Retries are looked up one by one.
pub(super) struct Neighbours<'s> {
    caches: BTreeMap<(String, Place), CacheUse>,
    #[cfg_attr(not(feature = "retry"), expect(dead_code, reason = "only retries are counted in a scope"))]
    scope: Option<&'s Scope>,
}

impl<'s> Neighbours<'s> {
    /// Those in a scope: caches only if this thread has its own, since others count there too.
    pub(super) fn within(scope: &'s Scope) -> Self {
        #[cfg(feature = "cached")]
        let has_caches = crate::cached::fresh_scope().is_some();
        #[cfg(not(feature = "cached"))]
        let has_caches = false;
        let caches = if has_caches { Neighbours::collect().caches } else { BTreeMap::new() };
        Neighbours { caches, scope: Some(scope) }
    }

    pub(super) fn collect() -> Self {
        #[cfg_attr(not(feature = "cached"), expect(unused_mut, reason = "there are none"))]
        let mut caches: BTreeMap<(String, Place), CacheUse> = BTreeMap::new();
        #[cfg(feature = "cached")]
        for cache in crate::cached::all() {
            let Some(place) = cache.place() else { continue };
            let name = crate::site::without_generics(cache.name());
            let (sum, info) = (caches.entry((name, place)).or_default(), cache.info());
            sum.hits += info.hits;
            sum.misses += info.misses;
        }
        Neighbours { caches, scope: None }
    }

    pub(super) fn cache(&self, name: &str, place: Place) -> Option<CacheUse> {
        self.caches.get(&(name.to_owned(), place)).copied()
    }

    #[cfg(feature = "retry")]
    pub(super) fn retry(&self, name: &str, place: Place) -> Option<RetryUse> {
        let retries = match self.scope {
            Some(scope) => crate::retrying::Retries::of_one_in(&scope.retries, name, place),
            None => crate::retrying::Retries::of_one(name, place),
        };
        let attempts = retries.calls + retries.retried;
        (attempts > 0).then_some(RetryUse { attempts, waited: retries.slept })
    }

    #[cfg(not(feature = "retry"))]
    #[expect(clippy::unused_self, reason = "as above")]
    pub(super) fn retry(&self, _: &str, _: Place) -> Option<RetryUse> {
        None
    }
}

impl CacheUse {
    /// The share of calls that were hits, in percent.
    pub(super) fn percent(&self) -> u64 {
        (self.hits * 100).checked_div(self.hits + self.misses).unwrap_or(0)
    }
}
