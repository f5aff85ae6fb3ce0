//! What `tests/model` has its own of, to try every order in which threads can run.

pub(crate) use std::sync::{Arc, Mutex, MutexGuard};
pub(crate) use std::thread::Thread;

pub(crate) use crate::site::lock;
pub(crate) use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering, fence};
