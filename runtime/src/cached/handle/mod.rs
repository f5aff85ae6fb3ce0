//! `price.cache()`: operations on a cache from outside of its function.
//!
//! In: calls of a handle's methods. Out: operations on the caches of its function. Open `cache.rs` first; `registry.rs` lists
//! the caches.

pub(in crate::cached) mod cache;
pub(in crate::cached) mod count;
pub(in crate::cached) mod forgets;
pub(in crate::cached) mod overrides;
pub(in crate::cached) mod probe;
pub(in crate::cached) mod registry;
pub(in crate::cached) mod tiers;
