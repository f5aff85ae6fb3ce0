//! Replaces `remote` when its features are off: it does nothing and costs nothing.

use std::convert::Infallible;
use std::marker::PhantomData;
use std::time::Duration;

use crate::cached::handle::tiers::AnyLink;

/// There is no store.
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
