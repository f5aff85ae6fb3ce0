//! Listeners for values that leave a cache.

use std::any::Any;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

use crate::sync::lock;

/// Why a value left a cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Removal {
    /// Its room was needed for other values.
    Evicted,
    /// It had expired, which was noticed when a new value took its place.
    Expired,
    /// A new value took its place: from a refresh or an `insert`.
    Replaced,
    /// `invalidate`, `#[invalidates]`, `clear`.
    Invalidated,
}

/// A listener, called with each key, value and reason.
pub(super) type Listener = Arc<dyn Fn(&dyn Any, &dyn Any, Removal) + Send + Sync>;

/// The listeners of one cache.
pub(super) struct Listeners {
    any: AtomicBool,
    all: Mutex<Vec<Listener>>,
}

impl Listeners {
    pub(super) fn new() -> Self {
        Listeners { any: AtomicBool::new(false), all: Mutex::new(Vec::new()) }
    }

    pub(super) fn add(&self, listener: Listener) {
        lock(&self.all).push(listener);
        self.any.store(true, Relaxed);
    }

    /// Are there any listeners?
    pub(super) fn are_any(&self) -> bool {
        self.any.load(Relaxed)
    }

    /// Runs outside of all locks: a listener may call the function.
    pub(super) fn tell(&self, key: &dyn Any, value: &dyn Any, removal: Removal) {
        if self.any.load(Relaxed) {
            let all = lock(&self.all).clone();
            for listener in all {
                listener(key, value, removal);
            }
        }
    }
}
