//! What the rewritten crates name.

use festoon::{AsyncDecorator, Call, Decorator, Pool};
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

/// A layer that changes nothing.
pub struct Pass;

impl<R> Decorator<R> for Pass {
    fn call(&self, _: Call<R>, next: impl FnOnce() -> R) -> R {
        next()
    }
}

impl<F: Future> AsyncDecorator<F> for Pass {
    async fn call(&self, _: Call<F::Output>, next: F) -> F::Output {
        next.await
    }
}

/// A new thread for each call: calls that wait for calls never use them up.
pub struct Threads;

impl Pool for Threads {
    fn spawn(&self, job: impl FnOnce() + Send + 'static) {
        thread::spawn(job);
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for an offloaded function where its caller is a plain one.
pub fn wait<T>(future: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending => thread::park(),
        }
    }
}
