//! `f.bulkhead()`.

use super::Bulkhead;
use super::adaptive::Adaptive;
use crate::policies::{OfFunction, Policies, PolicySite};
use crate::site::Registry;

pub(super) static SITES: Registry<PolicySite<Bulkhead>> = Registry::new("bulkhead", || SITES.names());

impl OfFunction for Bulkhead {
    fn fresh(&self) -> Self {
        let fresh = Bulkhead::new(self.limit);
        let adaptive = self.adaptive.as_ref().map(Adaptive::fresh);
        Bulkhead { most_waiting: self.most_waiting, wait: self.wait, adaptive, ..fresh }
    }

    #[cfg(feature = "redis")]
    fn fresh_for(&self, key: &[u8]) -> Self {
        Bulkhead { sharing: self.sharing.with_key(key), ..self.fresh() }
    }

    /// An adaptive bulkhead has learned something, so it is never idle.
    fn is_idle(&self) -> bool {
        self.running() + self.waiting() == 0 && self.limit() == self.limit
    }

    #[cfg_attr(not(feature = "redis"), allow(unused_variables, reason = "only what is shared needs a name"))]
    fn set_name(&self, name: &str) {
        #[cfg(feature = "redis")]
        self.sharing.set_name(name);
    }

    fn sites() -> &'static Registry<PolicySite<Self>> {
        &SITES
    }
}

/// The bulkhead of a `#[bulkhead]` function without a key; with a key, see [`key`](Policies::key).
impl Policies<Bulkhead> {
    /// Returns the maximum number of calls that run at the same time.
    pub fn limit(&self) -> u32 {
        self.most(Bulkhead::limit)
    }

    /// Returns the number of running calls, over all known keys.
    pub fn running(&self) -> u64 {
        self.sum(Bulkhead::running)
    }

    /// Returns the number of waiting calls, over all known keys.
    pub fn waiting(&self) -> u64 {
        self.sum(Bulkhead::waiting)
    }

    /// Returns the number of refused calls, over all known keys.
    pub fn refused(&self) -> u64 {
        self.sum(Bulkhead::refused)
    }
}
