//! Which part of a call's value is cached, and for how long.

pub(in crate::cached) mod entry;
pub(in crate::cached) mod expiry;
pub(in crate::cached) mod policy;
pub(in crate::cached) mod rules;
pub(in crate::cached) mod settings;
pub(in crate::cached) mod weight;
