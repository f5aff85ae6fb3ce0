//! `f.bulkhead()`.

use super::Bulkhead;
use super::adaptive::Adaptive;
use crate::policies::{OfFunction, Policies, Site};
use crate::site::Registry;

static SITES: Registry<Site<Bulkhead>> = Registry::new("bulkhead", || SITES.names());

impl OfFunction for Bulkhead {
    fn fresh(&self) -> Self {
        let fresh = Bulkhead::new(self.limit);
        let adaptive = self.adaptive.as_ref().map(Adaptive::fresh);
        Bulkhead { most_waiting: self.most_waiting, wait: self.wait, adaptive, ..fresh }
    }

    /// An adaptive one has learnt something.
    fn is_idle(&self) -> bool {
        self.running() + self.waiting() == 0 && self.limit() == self.limit
    }

    fn set_name(&self, _: &str) {}

    fn sites() -> &'static Registry<Site<Self>> {
        &SITES
    }
}

/// The bulkhead of a `#[bulkhead]` function; without a key, or see [`key`](Policies::key).
impl Policies<Bulkhead> {
    /// How many calls may run at a time.
    pub fn limit(&self) -> u32 {
        self.most(Bulkhead::limit)
    }

    /// How many calls are running, of all keys that are known.
    pub fn running(&self) -> u64 {
        self.sum(Bulkhead::running)
    }

    /// How many calls are waiting, of all keys that are known.
    pub fn waiting(&self) -> u64 {
        self.sum(Bulkhead::waiting)
    }

    /// How many calls were refused, of all keys that are known.
    pub fn refused(&self) -> u64 {
        self.sum(Bulkhead::refused)
    }
}
