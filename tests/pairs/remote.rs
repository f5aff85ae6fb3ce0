//! Each decorator above and below `#[offload(process)]` and `#[offload(queue)]`: the same result as without it.

use std::time::Duration;

use festoon::queue::Redis;
use festoon::{
    AsyncDecorator, Call, Decorator, QueueError, Refused, TimedOut, WorkerError, bulkhead, cached, circuit_breaker,
    decorate, hedge, invalidates, offload, rate_limit, retry, timed, timeout,
};
use futures::FutureExt;
use futures::executor::block_on;
use serde::{Deserialize, Serialize};

use crate::cached::server;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Failed(String);

macro_rules! converted {
    ($($error:ty),*) => { $(
        impl From<$error> for Failed {
            fn from(error: $error) -> Self {
                Failed(error.to_string())
            }
        }
    )* };
}

converted!(QueueError, Refused, TimedOut, WorkerError);

struct Pass;

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

#[cached(max = 3)]
fn other(n: u32) -> u32 {
    n
}

fn on_server() -> Redis {
    Redis::new(server::shared().unwrap().url()).timeout(Duration::from_secs(20))
}

/// `double` with these attributes, in a worker process and through a queue.
macro_rules! pair {
    ($name:ident($n:ident): $(#[$above:meta])* / $(#[$below:meta])*) => {
        mod $name {
            use super::*;

            $(#[$above])*
            #[offload(process, workers = 2)]
            $(#[$below])*
            pub(super) fn process($n: u32) -> Result<u32, Failed> {
                $n.checked_mul(2).filter(|_| $n > 0).ok_or_else(|| Failed("zero".to_owned()))
            }

            $(#[$above])*
            #[offload(queue = "pairs", store = on_server())]
            $(#[$below])*
            pub(super) fn queue($n: u32) -> Result<u32, Failed> {
                $n.checked_mul(2).filter(|_| $n > 0).ok_or_else(|| Failed("zero".to_owned()))
            }

            #[test]
            fn it_is_as_without() {
                let zero = Err(Failed("zero".to_owned()));
                assert_eq!((block_on(process(4)), block_on(process(0))), (Ok(8), zero.clone()));
                if server::shared().is_some() {
                    worked(|| assert_eq!((block_on(queue(4)), block_on(queue(0))), (Ok(8), zero)));
                }
            }
        }
    };
}

/// Next to a worker.
fn worked(calls: impl FnOnce()) {
    let (stop, stopped) = futures::channel::oneshot::channel::<()>();
    let worker = festoon::worker().concurrency(2).queue("pairs").until(stopped.map(drop));
    let worker = std::thread::spawn(|| block_on(worker.run()));
    calls();
    drop(stop);
    worker.join().unwrap().unwrap();
}

pair!(alone(n): /);
pair!(timed_above(n): #[timed] /);
pair!(timed_below(n): / #[timed]);
pair!(cached_above(n): #[cached(max = 3)] /);
pair!(retry_above(n): #[retry(wait = fixed(1ns), when = |_| true)] /);
pair!(retry_below(n): / #[retry(wait = fixed(1ns), when = |_| true)]);
pair!(timeout_above(n): #[timeout(60s)] /);
pair!(breaker_above(n): #[circuit_breaker] /);
pair!(breaker_below(n): / #[circuit_breaker]);
pair!(rate_above(n): #[rate_limit(1000 / 1s)] /);
pair!(rate_below(n): / #[rate_limit(1000 / 1s)]);
pair!(bulkhead_above(n): #[bulkhead(8)] /);
pair!(bulkhead_below(n): / #[bulkhead(8)]);
pair!(hedge_above(n): #[hedge(after = 30s, idempotent)] /);
pair!(layer_above(n): #[decorate(layer = Pass)] /);
pair!(layer_below(n): / #[decorate(layer = Pass)]);
pair!(invalidates_above(n): #[invalidates(other(n))] /);
pair!(three(n): #[timed] #[cached(max = 3)] / #[decorate(layer = Pass)] #[retry(wait = fixed(1ns), when = |_| true)]);
