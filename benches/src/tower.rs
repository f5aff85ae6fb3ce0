//! What policies add to an async call that they let through: `#[decorator]` on an async function, the same policy as a
//! layer of tower's, tower's own layers, and tower-resilience's.

use std::hint::black_box;
use std::ops::Range;
use std::sync::LazyLock;
use std::sync::Mutex;
use std::task::{Context, Poll};
use std::time::Duration;

use festoon::tower::PolicyLayer;
use festoon::{Breaker, Bulkhead, Hedge, Jitter, RateLimit, Refused, Retry, TimedOut, Timeout, Wait, policy};
use futures_util::future::{Ready, ready};
use tower::hedge::Policy as HedgePolicy;
use tower::limit::{ConcurrencyLimitLayer, RateLimitLayer};
use tower::load_shed::LoadShedLayer;
use tower::retry::{Policy as RetryPolicy, RetryLayer};
use tower::timeout::TimeoutLayer;
use tower::{Layer, Service, ServiceBuilder, ServiceExt};
use tower_resilience::bulkhead::BulkheadLayer;
use tower_resilience::circuitbreaker::CircuitBreakerLayer;
use tower_resilience::fallback::FallbackLayer;
use tower_resilience::hedge::HedgeLayer;
use tower_resilience::ratelimiter::RateLimiterLayer;
use tower_resilience::retry::RetryLayer as ResilienceRetryLayer;
use tower_resilience::timelimiter::TimeLimiterLayer;

use crate::harness::{Suite, awaited, block_on};

pub fn suites() -> Vec<Suite> {
    vec![closed(), open(), rate(), room(), time(), retry(), hedge(), fallback()]
}

#[derive(Debug, Clone)]
#[expect(dead_code, reason = "an error as a user has it")]
pub enum Fault {
    Refused(Refused),
    TimedOut(TimedOut),
    Wrong,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("wrong")
    }
}

impl std::error::Error for Fault {}

impl From<Refused> for Fault {
    fn from(refused: Refused) -> Self {
        Fault::Refused(refused)
    }
}

impl From<TimedOut> for Fault {
    fn from(late: TimedOut) -> Self {
        Fault::TimedOut(late)
    }
}

/// A nanosecond of work, which fails for a number that never occurs.
#[inline(always)]
fn work(x: u64) -> Result<u64, Fault> {
    let value = black_box(black_box(x).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    if value == u64::MAX { Err(Fault::Wrong) } else { Ok(value) }
}

async fn bare(x: u64) -> Result<u64, Fault> {
    work(x)
}

/// The same as a service.
#[derive(Clone)]
struct Work;

impl Service<u64> for Work {
    type Response = u64;
    type Error = Fault;
    type Future = Ready<Result<u64, Fault>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, x: u64) -> Self::Future {
        ready(work(x))
    }
}

/// One request after another to a clone of that service.
fn served<S: Service<u64> + Clone + Send + 'static>(service: S) -> impl Fn(Range<u64>) + Sync + 'static {
    let service = Mutex::new(service);
    made(move || service.lock().unwrap().clone())
}

/// For a service that cannot be cloned: one for each batch.
fn made<S: Service<u64>>(make: impl Fn() -> S + Sync + 'static) -> impl Fn(Range<u64>) + Sync + 'static {
    move |numbers| block_on(send(&make, numbers))
}

async fn send<S: Service<u64>>(make: &impl Fn() -> S, numbers: Range<u64>) {
    let mut service = make();
    for number in numbers {
        if let Ok(service) = service.ready().await {
            let _ = black_box(service.call(black_box(number)).await);
        }
    }
}

const DAY: Duration = Duration::from_secs(86_400);

#[festoon::circuit_breaker]
async fn by_calls(x: u64) -> Result<u64, Fault> {
    work(x)
}

fn breaker()
-> tower_resilience::circuitbreaker::CircuitBreakerConfigBuilder<tower_resilience::circuitbreaker::DefaultClassifier> {
    CircuitBreakerLayer::builder().sliding_window_size(100).minimum_number_of_calls(1).wait_duration_in_open(DAY)
}

fn closed() -> Suite {
    Suite::new("circuit_breaker: closed, async")
        .batch("bare", awaited!(bare))
        .bare()
        .batch("festoon, attribute", awaited!(by_calls))
        .batch("festoon, layer", served(PolicyLayer::new(policy!(Breaker::new())).layer(Work)))
        .batch("tower-resilience", served(breaker().build().unwrap().layer(Work)))
        .floor()
}

static OPEN: LazyLock<Breaker> = LazyLock::new(|| {
    let breaker = Breaker::new();
    breaker.force_open();
    breaker
});

#[festoon::circuit_breaker(open_for = 24h, minimum = 1)]
async fn opened(x: u64) -> Result<u64, Fault> {
    if x == u64::MAX { Err(Fault::Wrong) } else { work(x) }
}

fn open() -> Suite {
    let _ = block_on(opened(u64::MAX));
    let (layer, handle) = breaker().build_with_handle().unwrap();
    let service = layer.layer(Work);
    block_on(handle.force_open());
    Suite::new("circuit_breaker: open, async")
        .batch("festoon, attribute", awaited!(opened))
        .batch("festoon, layer", served(PolicyLayer::new(policy!(&*OPEN)).layer(Work)))
        .batch("tower-resilience", served(service))
        .floor()
}

#[festoon::rate_limit(1_000_000_000 / 1s)]
async fn limited(x: u64) -> Result<u64, Fault> {
    work(x)
}

fn rate() -> Suite {
    const MANY: u32 = 1_000_000_000;
    let one_second = Duration::from_secs(1);
    let resilience = RateLimiterLayer::builder().limit_for_period(MANY as usize).refresh_period(one_second);
    Suite::new("rate_limit: let through, async")
        .batch("bare", awaited!(bare))
        .bare()
        .batch("festoon, attribute", awaited!(limited))
        .batch("festoon, layer", served(PolicyLayer::new(policy!(RateLimit::new(MANY, one_second))).layer(Work)))
        .batch("tower RateLimit", made(|| RateLimitLayer::new(u64::from(MANY), Duration::from_secs(1)).layer(Work)))
        .batch("tower-resilience", served(resilience.build().unwrap().layer(Work)))
        .floor()
}

#[festoon::bulkhead(100)]
async fn inside(x: u64) -> Result<u64, Fault> {
    work(x)
}

fn room() -> Suite {
    let shedding = ServiceBuilder::new().layer(LoadShedLayer::new()).layer(ConcurrencyLimitLayer::new(100));
    Suite::new("bulkhead: there is room, async")
        .batch("bare", awaited!(bare))
        .bare()
        .batch("festoon, attribute", awaited!(inside))
        .batch("festoon, layer", served(PolicyLayer::new(policy!(Bulkhead::new(100))).layer(Work)))
        .batch("tower ConcurrencyLimit", served(ConcurrencyLimitLayer::new(100).layer(Work)))
        .batch("tower LoadShed, ConcurrencyLimit", served(shedding.service(Work)))
        .batch(
            "tower-resilience",
            served(BulkheadLayer::builder().max_concurrent_calls(100).reject_when_full().build().unwrap().layer(Work)),
        )
        .floor()
}

#[festoon::timeout(10s)]
async fn in_time(x: u64) -> Result<u64, Fault> {
    work(x)
}

fn time() -> Suite {
    let length = Duration::from_secs(10);
    Suite::new("timeout: not reached")
        .batch("bare", awaited!(bare))
        .bare()
        .batch("festoon, attribute", awaited!(in_time))
        .batch("festoon, layer", served(PolicyLayer::new(policy!(Timeout::new(length))).layer(Work)))
        .batch("tower Timeout", served(TimeoutLayer::new(length).layer(Work)))
        .batch(
            "tower-resilience",
            served(
                TimeLimiterLayer::builder().timeout_duration(length).cancel_running_future(true).build().layer(Work),
            ),
        )
        .floor()
}

#[festoon::retry(attempts = 3, wait = exponential(50ms, max = 2s))]
async fn retried(x: u64) -> Result<u64, Fault> {
    work(x)
}

/// Three attempts, as tower's documentation shows.
#[derive(Clone)]
struct Attempts(usize);

impl RetryPolicy<u64, u64, Fault> for Attempts {
    type Future = Ready<()>;

    fn retry(&mut self, _: &mut u64, result: &mut Result<u64, Fault>) -> Option<Self::Future> {
        if result.is_ok() || self.0 == 0 {
            return None;
        }
        self.0 -= 1;
        Some(ready(()))
    }

    fn clone_request(&mut self, request: &u64) -> Option<u64> {
        Some(*request)
    }
}

fn retry() -> Suite {
    let wait = Wait::exponential(Duration::from_millis(50)).max(Duration::from_secs(2)).jitter(Jitter::None);
    let resilience = ResilienceRetryLayer::<u64, u64, Fault>::builder().max_attempts(3);
    Suite::new("retry: the first attempt succeeds, as layers")
        .batch("bare", awaited!(bare))
        .bare()
        .batch("festoon, attribute", awaited!(retried))
        .batch("festoon, layer", served(PolicyLayer::repeating(policy!(Retry::new().wait(wait))).layer(Work)))
        .batch("tower Retry, without waits", served(RetryLayer::new(Attempts(2)).layer(Work)))
        .batch(
            "tower-resilience",
            served(resilience.exponential_backoff(Duration::from_millis(50)).build().layer(Work)),
        )
        .floor()
}

#[festoon::hedge(after = 10s, idempotent)]
async fn hedged(x: u64) -> Result<u64, Fault> {
    work(x)
}

#[derive(Clone)]
struct Always;

impl HedgePolicy<u64> for Always {
    fn clone_request(&self, request: &u64) -> Option<u64> {
        Some(*request)
    }

    fn can_retry(&self, _: &u64) -> bool {
        true
    }
}

fn hedge() -> Suite {
    let after = Duration::from_secs(10);
    Suite::new("hedge: the first call is in time")
        .batch("bare", awaited!(bare))
        .bare()
        .batch("festoon, attribute", awaited!(hedged))
        .batch("festoon, layer", served(PolicyLayer::repeating(policy!(Hedge::after(after))).layer(Work)))
        // Its delay is a percentile of the latencies that it has seen.
        .batch(
            "tower Hedge, 90th percentile",
            made(|| tower::hedge::Hedge::new(Work, Always, 10, 0.9, Duration::from_secs(10))),
        )
        .batch("tower-resilience", served(HedgeLayer::builder().delay(after).build().layer(Work)))
        .floor()
}

#[festoon::fallback(0)]
async fn substituted(x: u64) -> Result<u64, Fault> {
    work(x)
}

fn fallback() -> Suite {
    Suite::new("fallback: not needed, async")
        .batch("bare", awaited!(bare))
        .bare()
        .batch("festoon, attribute", awaited!(substituted))
        .batch("tower-resilience", served(FallbackLayer::<u64, u64, Fault>::value(0).layer(Work)))
        .floor()
}
