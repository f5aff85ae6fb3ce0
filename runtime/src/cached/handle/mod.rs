//! `price.cache()`: operations on a cache from outside of its function.

pub(in crate::cached) mod cache;
pub(in crate::cached) mod overrides;
pub(in crate::cached) mod probe;
pub(in crate::cached) mod registry;
pub(in crate::cached) mod tiers;
