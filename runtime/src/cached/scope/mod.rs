//! Who shares a cache: all calls of the process, those of one thread, or those with one `self`.

pub(in crate::cached) mod function;
pub(in crate::cached) mod instance;
pub(in crate::cached) mod process;
pub(in crate::cached) mod thread;
