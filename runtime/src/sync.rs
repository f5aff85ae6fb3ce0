//! Locks that a panic does not poison, and the one `block_on`. `tests/model` has its own version of the rest, to try
//! every order in which threads can run.

use std::pin::pin;
use std::sync::PoisonError;
use std::task::{Context, Poll, Wake, Waker};

pub(crate) use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, Ordering, fence};
pub(crate) use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock};
pub(crate) use std::thread::{LocalKey, Thread, ThreadId, current};
pub(crate) use std::thread_local;

/// Locks a mutex, even if a thread has panicked while holding it.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Unparks this thread.
pub(crate) fn unpark_this() -> Waker {
    Waker::from(Arc::new(Unpark(current())))
}

/// Polls a future to its end on this thread. The future must not need an executor: other threads complete what it waits
/// for.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let waker = unpark_this();
    let (mut future, mut context) = (pin!(future), Context::from_waker(&waker));
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => std::thread::park(),
        }
    }
}
