//! Who waits for whom: a call that would wait for itself, directly or through other calls, is told instead of hanging.

use std::cell::RefCell;
use std::sync::{Arc, Mutex};

use crate::site::lock;

/// One run of a body for one key.
pub(in crate::cached) trait Run: Send + Sync {
    /// The runs that this one cannot end before. Only touched under [`GRAPH`].
    fn blocked_on(&self) -> &Mutex<Vec<Arc<dyn Run>>>;
}

/// Taken only by calls that have to wait while their caller is such a run itself.
static GRAPH: Mutex<()> = Mutex::new(());

thread_local! {
    /// The runs that this thread is inside of, outermost first.
    static INSIDE: RefCell<Vec<Arc<dyn Run>>> = const { RefCell::new(Vec::new()) };
}

/// This thread is inside of a run until this is dropped.
pub(in crate::cached) struct Inside(());

/// A body is run, or its future is polled, from here on.
pub(in crate::cached) fn enter(run: Arc<dyn Run>) -> Inside {
    // A thread that ends has no stack of runs any more; nothing waits for what it computes there.
    let _ended = INSIDE.try_with(|inside| inside.borrow_mut().push(run));
    Inside(())
}

impl Drop for Inside {
    fn drop(&mut self) {
        let left = INSIDE.try_with(|inside| inside.borrow_mut().pop());
        drop(left);
    }
}

/// A call waits for a run until this is dropped.
pub(in crate::cached) struct Waiting {
    waiters: Vec<Arc<dyn Run>>,
    run: Arc<dyn Run>,
}

/// Waits for `run`; `None` when that would never end.
pub(in crate::cached) fn wait_for(run: Arc<dyn Run>) -> Option<Waiting> {
    let waiters = INSIDE.try_with(|inside| inside.borrow().clone()).unwrap_or_default();
    if !waiters.is_empty() {
        let _graph = lock(&GRAPH);
        if leads_to(&run, &waiters) {
            return None;
        }
        for waiter in &waiters {
            lock(waiter.blocked_on()).push(Arc::clone(&run));
        }
    }
    Some(Waiting { waiters, run })
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if self.waiters.is_empty() {
            return;
        }
        let _graph = lock(&GRAPH);
        for waiter in &self.waiters {
            let mut blocked_on = lock(waiter.blocked_on());
            if let Some(at) = blocked_on.iter().position(|run| is_same(run, &self.run)) {
                blocked_on.swap_remove(at);
            }
        }
    }
}

/// Does the end of `run` depend on one of these?
fn leads_to(run: &Arc<dyn Run>, waiters: &[Arc<dyn Run>]) -> bool {
    let (mut open, mut seen) = (vec![Arc::clone(run)], Vec::new());
    while let Some(run) = open.pop() {
        if waiters.iter().any(|waiter| is_same(waiter, &run)) {
            return true;
        }
        if !seen.iter().any(|other| is_same(other, &run)) {
            open.extend(lock(run.blocked_on()).iter().cloned());
            seen.push(run);
        }
    }
    false
}

fn is_same(a: &Arc<dyn Run>, b: &Arc<dyn Run>) -> bool {
    std::ptr::addr_eq(Arc::as_ptr(a), Arc::as_ptr(b))
}
