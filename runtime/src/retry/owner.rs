//! The owner of a call.

use std::time::Duration;

use super::site::{Policy, RetrySite, Shard};
use crate::clock;
use crate::shards::Count;

/// A decorated function, whose calls are counted, or a value of type [`Retry`](super::Retry).
#[derive(Clone, Copy)]
pub(super) enum Owner<'o> {
    Function(&'static RetrySite),
    Value { name: &'o str, policy: &'o Policy },
}

impl<'o> Owner<'o> {
    #[inline]
    pub(super) fn policy(self) -> &'o Policy {
        match self {
            Owner::Function(site) => &site.policy,
            Owner::Value { policy, .. } => policy,
        }
    }

    pub(super) fn name(self) -> &'o str {
        match self {
            Owner::Function(site) => site.name(),
            Owner::Value { name, .. } => name,
        }
    }

    pub(super) fn site(self) -> Option<&'static RetrySite> {
        if let Owner::Function(site) = self { Some(site) } else { None }
    }

    /// Counts one.
    #[inline]
    pub(super) fn count(self, which: impl FnOnce(&'static Shard) -> &'static Count) {
        if let Owner::Function(site) = self {
            which(site.shard()).add(1);
        }
    }

    pub(super) fn count_slept(self, slept: Duration) {
        if let Owner::Function(site) = self {
            site.shard().slept.add(clock::nanos(slept));
        }
    }
}
