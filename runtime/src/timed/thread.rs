//! The names of threads in traces and in the list of running calls.

use std::cell::OnceCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A thread, in human-readable form.
#[derive(Debug)]
pub(super) struct Thread {
    /// Starting at one, in the order in which threads are first seen.
    pub(super) number: u64,
    pub(super) name: String,
}

/// This thread; `None` when its thread-locals are already gone.
pub(super) fn thread() -> Option<Arc<Thread>> {
    thread_local! {
        static THIS: OnceCell<Arc<Thread>> = const { OnceCell::new() };
    }
    THIS.try_with(|this| Arc::clone(this.get_or_init(Thread::next))).ok()
}

impl Thread {
    fn next() -> Arc<Self> {
        static LAST: AtomicU64 = AtomicU64::new(0);
        let number = LAST.fetch_add(1, Relaxed) + 1;
        let name = std::thread::current().name().map_or_else(|| format!("thread {number}"), ToOwned::to_owned);
        Arc::new(Thread { number, name })
    }
}
