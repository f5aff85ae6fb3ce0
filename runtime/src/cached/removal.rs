//! Who wants to know when a value leaves a cache.

use std::any::Any;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

use crate::sync::lock;

/// Why a value has left a cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Removal {
    /// Others needed its room.
    Evicted,
    /// It was too old, which was noticed when a new one took its place.
    Expired,
    /// A new one took its place: a refresh, or an `insert` by hand.
    Replaced,
    /// `invalidate`, `#[invalidates]`, `clear`.
    Invalidated,
}

/// What is called with each key, value and reason.
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

    /// Would anybody be told?
    pub(super) fn are_any(&self) -> bool {
        self.any.load(Relaxed)
    }

    /// Outside of all locks: a listener may call the function.
    pub(super) fn tell(&self, key: &dyn Any, value: &dyn Any, removal: Removal) {
        if self.any.load(Relaxed) {
            let all = lock(&self.all).clone();
            for listener in all {
                listener(key, value, removal);
            }
        }
    }
}
