//! The first calls of each decorator on a thread with 16 kB of stack, the minimum on Linux, in a debug build. A stack
//! overflow ends the program, so each case is a separate process: this program again, with the name of one test.
#![cfg(all(unix, target_pointer_width = "64"))]
#![allow(
    clippy::unnecessary_wraps,
    clippy::unused_async,
    missing_docs,
    reason = "the functions are there to be decorated"
)]

#[allow(dead_code, reason = "other tests use the rest of it")]
mod programs;

use std::env;
use std::hint::black_box;
use std::pin::pin;
use std::process::Command;
use std::task::{Context, Poll, Waker};
use std::thread;

use festoon::{
    AsyncDecorator, Call, Decorator, Interned, Refused, TimedOut, bulkhead, cached, circuit_breaker, decorate,
    fallback, hedge, invalidates, rate_limit, retry, timed, timeout,
};

const SMALL: usize = 16 * 1024;

/// Runs the test with this name in a process of its own, and there this on a thread with little stack.
fn on_a_small_stack(name: &str, run: fn()) {
    if env::var_os("FESTOON_SMALL_STACK").is_some() {
        thread::Builder::new().stack_size(SMALL).spawn(run).unwrap().join().unwrap();
        return;
    }
    let program = env::current_exe().unwrap();
    let mut again = Command::new(program);
    again.args([name, "--exact", "--nocapture"]).env("FESTOON_SMALL_STACK", "1");
    // Backtraces are read on the stack of whoever panics.
    again.env("RUST_BACKTRACE", "0");
    let output = programs::output(&mut again).unwrap();
    assert!(output.status.success(), "{name}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
}

/// Polls until it is ready.
fn finish<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return value;
        }
        thread::yield_now();
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Wrong;

impl From<Refused> for Wrong {
    fn from(_: Refused) -> Self {
        Wrong
    }
}

impl From<TimedOut> for Wrong {
    fn from(_: TimedOut) -> Self {
        Wrong
    }
}

struct Layer;

impl<R> Decorator<R> for Layer {
    fn call(&self, _: Call<R>, next: impl FnOnce() -> R) -> R {
        next()
    }
}

impl<F: Future> AsyncDecorator<F> for Layer {
    async fn call(&self, _: Call<F::Output>, next: F) -> F::Output {
        next.await
    }
}

fn around<R>(next: impl FnOnce(u32) -> R, n: u32) -> R {
    next(n)
}

async fn around_later<R>(next: impl AsyncFnOnce(u32) -> R, n: u32) -> R {
    next(n).await
}

#[cached]
fn forgotten(n: u32) -> u32 {
    n
}

fn work(n: u32) -> Result<u32, Wrong> {
    if black_box(n) == 0 { Err(Wrong) } else { Ok(n) }
}

/// Calls that end well, calls that fail, and again.
macro_rules! both {
    ($name:ident: $(#[$attr:meta])*) => {
        both!($name: sync $(#[$attr])*; async $(#[$attr])*);
    };
    ($name:ident: sync $(#[$attr:meta])*; async $(#[$later:meta])*) => {
        mod $name {
            use super::*;

            sync!($(#[$attr])*);
            later!($(#[$later])*);
        }
    };
}

macro_rules! sync {
    ($(#[$attr:meta])*) => {
        $(#[$attr])*
        fn call(n: u32) -> Result<u32, Wrong> {
            work(n)
        }

        #[test]
        fn sync() {
            on_a_small_stack(&format!("{}::sync", module_path!().rsplit("::").next().unwrap()), || {
                for n in [1, 0, 1, 0, 2] {
                    let _ = black_box(call(n));
                }
            });
        }
    };
}

macro_rules! later {
    ($(#[$attr:meta])*) => {
        $(#[$attr])*
        async fn later(n: u32) -> Result<u32, Wrong> {
            std::future::ready(()).await;
            work(n)
        }

        #[test]
        fn later_calls() {
            on_a_small_stack(&format!("{}::later_calls", module_path!().rsplit("::").next().unwrap()), || {
                for n in [1, 0, 1, 0, 2] {
                    let _ = black_box(finish(later(n)));
                }
            });
        }
    };
}

both!(without:);
both!(by_timed: #[timed]);
both!(by_timed_span: #[timed(span)]);
both!(by_slow: #[timed(warn_over = 1ns, args("shown"))]);
both!(by_sample: #[timed(sample = 1 / 2)]);
both!(by_cached: #[cached]);
both!(by_cached_errors: #[cached(cache_err)]);
both!(by_unbounded: #[cached(unbounded)]);
both!(by_ttl: #[cached(ttl = 5m)]);
both!(by_lru: #[cached(policy = lru)]);
mod by_thread {
    use super::*;

    sync!(#[cached(scope = thread)]);
}
both!(by_refresh: #[cached(ttl = 5m, refresh_ahead = 1m)]);
both!(by_retry: #[retry(wait = fixed(1ns))]);
both!(by_retry_exponential: #[retry(wait = exponential(1ns, max = 2ns), within = 1m)]);
both!(by_fallback: #[fallback(0)]);
both!(by_bulkhead: #[bulkhead(10)]);
both!(by_adaptive: #[bulkhead(10, adaptive)]);
both!(by_rate_limit: #[rate_limit(1_000 / 1s)]);
both!(by_circuit_breaker: #[circuit_breaker]);
both!(by_key: #[circuit_breaker(key = "host")]);
both!(by_invalidates: #[invalidates(forgotten(3))]);
both!(by_invalidates_ok: #[invalidates(forgotten, when = ok)]);
both!(by_function: sync #[decorate(around)]; async #[decorate(around_later)]);
both!(by_layer: #[decorate(layer = Layer)]);
both!(by_three: #[timed] #[cached] #[retry(wait = fixed(1ns))]);
both!(by_five: #[timed] #[cached] #[retry(wait = fixed(1ns))] #[circuit_breaker] #[bulkhead(10)]);

mod by_timeout {
    use super::*;

    later!(#[timeout(2s)]);
}

mod by_hedge {
    use super::*;

    later!(#[hedge(after = 1m, idempotent)]);
}

#[test]
fn interned() {
    on_a_small_stack("interned", || {
        let text: Interned<str> = Interned::from("a");
        assert_eq!(text, Interned::from("a"));
    });
}
