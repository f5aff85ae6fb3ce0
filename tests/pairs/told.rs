//! What happens during a call, in order.

use std::cell::{Cell, RefCell};
use std::fmt::Debug;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

thread_local! {
    static LOG: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
}

pub fn log(event: u32) {
    LOG.with_borrow_mut(|log| log.push(event));
}

/// Tells when it is dropped. `Send`, but not `Sync`.
pub struct Told(pub u32, Cell<()>);

pub fn told(id: u32) -> Told {
    Told(id, Cell::new(()))
}

impl Drop for Told {
    fn drop(&mut self) {
        log(self.0);
    }
}

impl Told {
    /// A temporary of the last expression.
    pub fn id(&self) -> u32 {
        self.0
    }
}

/// A number of its own for each call, so that no cache has it.
pub fn fresh() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Relaxed)
}

/// What a call gives, and what happens meanwhile.
pub fn observed<R: Debug>(call: impl FnOnce() -> R) -> (R, Vec<u32>) {
    LOG.take();
    let value = call();
    (value, LOG.take())
}

pub fn is_send<T: Send>(value: T) -> T {
    value
}

pub async fn later<T>(value: T) -> T {
    std::future::ready(()).await;
    value
}
