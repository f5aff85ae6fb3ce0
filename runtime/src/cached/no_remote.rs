//! What stands for `remote` without the features that need it: nothing, so that nobody pays for it.

use std::convert::Infallible;
use std::marker::PhantomData;
use std::time::Duration;

use crate::cached::handle::tiers::AnyLink;

/// There is none.
pub(super) struct Link<K, V> {
    none: Infallible,
    types: PhantomData<fn(K, V)>,
}

impl<K, V> Link<K, V> {
    pub(super) fn erased(&self) -> &dyn AnyLink {
        match self.none {}
    }

    pub(super) fn insert(&self, _: &K, _: &V, _: Option<Duration>) -> bool {
        match self.none {}
    }
}
