//! Values outside of the process: in Redis, where other machines find them, or in a file, which outlives the process.
//!
//! One more lookup comes between a miss in memory and the body. `call` performs it, once for all calls of a process
//! that wait for the same key; `tier` encodes keys and values; `entries` handles names, entries and errors; a `backend`
//! moves bytes.
#![cfg_attr(
    not(feature = "redis"),
    allow(dead_code, reason = "a file belongs to one process: there is no other leader, and none to notify")
)]

mod application;
mod backend;
mod call;
mod codec;
#[cfg(feature = "disk")]
mod disk;
mod entries;
mod envelope;
mod error;
mod follow;
mod lease;
mod limits;
mod namespace;
mod pause;
#[cfg(feature = "redis")]
mod redis;
mod storable;
mod store;
mod tier;
mod twins;

pub use application::set_prefix;
pub use call::{FoundRemote, look_up_remote};
#[cfg(feature = "disk")]
pub use disk::Disk;
pub use error::{FromStoreError, StoreError, StoreErrorKind, fail, open};
#[cfg(feature = "queue")]
pub(crate) use pause::pause;
#[cfg(feature = "redis")]
pub use redis::Redis;
#[cfg(feature = "queue")]
pub(crate) use redis::jobs;
#[cfg(feature = "redis")]
pub(crate) use redis::policies;
pub use storable::{NotStorable, NotStorableValues, Storable, StorableValues};
pub use store::{Shared, Store};
pub(super) use tier::Link;
