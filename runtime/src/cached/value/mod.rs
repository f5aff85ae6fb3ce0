//! Which part of a call's value is cached, and for how long.
//!
//! In: what the body returned, and the options. Out: the part that is stored, with its times. Open `policy.rs` first;
//! `entry.rs` is what a store holds.

pub(in crate::cached) mod entry;
pub(in crate::cached) mod expiry;
pub(in crate::cached) mod policy;
pub(in crate::cached) mod rules;
pub(in crate::cached) mod settings;
pub(in crate::cached) mod weight;
