//! `#[retry]`: its cost when the first attempt succeeds, and when the third one does.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use backon::{BlockingRetryable, ConstantBuilder, ExponentialBuilder, Retryable};
use tokio_retry2::strategy::ExponentialBackoff;
use tokio_retry2::{Retry, RetryError};

use crate::harness::{Suite, awaited};

pub fn suites() -> Vec<Suite> {
    vec![first_attempt(), first_attempt_async(), third_attempt(), third_attempt_async(), no_attempt()]
}

/// A nanosecond of work, which fails for a number that never occurs.
#[inline(always)]
fn work(x: u64) -> Result<u64, u64> {
    let value = black_box(black_box(x).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    if value == u64::MAX { Err(x) } else { Ok(value) }
}

#[inline(never)]
pub fn bare(x: u64) -> Result<u64, u64> {
    work(x)
}

/// A hand-written loop, including the backoff.
#[inline(never)]
pub fn hand(x: u64) -> Result<u64, u64> {
    let mut delay = Duration::from_millis(50);
    let mut attempt = 1;
    loop {
        match work(x) {
            Err(_) if attempt < 3 => std::thread::sleep(delay),
            result => return result,
        }
        delay = (delay * 2).min(Duration::from_secs(2));
        attempt += 1;
    }
}

fn exponential() -> ExponentialBuilder {
    ExponentialBuilder::new()
        .with_min_delay(Duration::from_millis(50))
        .with_max_delay(Duration::from_secs(2))
        .with_max_times(2)
}

#[festoon::retry(attempts = 3, wait = exponential(50ms, max = 2s))]
#[inline(never)]
pub fn festoon(x: u64) -> Result<u64, u64> {
    work(x)
}

#[inline(never)]
pub fn backon(x: u64) -> Result<u64, u64> {
    BlockingRetryable::retry(|| work(x), exponential()).call()
}

fn first_attempt() -> Suite {
    Suite::new("retry: the first attempt succeeds")
        .case("bare", bare)
        .bare()
        .case("loop by hand", hand)
        .case("festoon, exponential", festoon)
        .case("backon, exponential", backon)
        .floor()
}

async fn async_bare(x: u64) -> Result<u64, u64> {
    work(x)
}

async fn async_hand(x: u64) -> Result<u64, u64> {
    let mut delay = Duration::from_millis(50);
    let mut attempt = 1;
    loop {
        match work(x) {
            Err(_) if attempt < 3 => tokio::time::sleep(delay).await,
            result => return result,
        }
        delay = (delay * 2).min(Duration::from_secs(2));
        attempt += 1;
    }
}

#[festoon::retry(attempts = 3, wait = exponential(50ms, max = 2s))]
async fn async_festoon(x: u64) -> Result<u64, u64> {
    work(x)
}

async fn async_backon(x: u64) -> Result<u64, u64> {
    Retryable::retry(|| async move { work(x) }, exponential()).await
}

async fn async_tokio_retry2(x: u64) -> Result<u64, u64> {
    let delays = ExponentialBackoff::from_millis(50).max_delay(Duration::from_secs(2)).take(2);
    Retry::spawn(delays, || async move { work(x).map_err(RetryError::transient) }).await
}

fn first_attempt_async() -> Suite {
    Suite::new("retry: the first attempt succeeds, async")
        .batch("bare", awaited!(async_bare))
        .bare()
        .batch("loop by hand, tokio's sleep", awaited!(async_hand))
        .batch("festoon, exponential", awaited!(async_festoon))
        .batch("backon, exponential", awaited!(async_backon))
        .floor()
        .batch("tokio-retry2, exponential", awaited!(async_tokio_retry2))
}

/// Fails twice, then succeeds.
#[inline(always)]
fn flaky(x: u64, attempt: &mut u32) -> Result<u64, u64> {
    *attempt += 1;
    if *attempt < 3 { Err(black_box(x)) } else { work(x) }
}

#[inline(never)]
fn third_bare(x: u64) -> Result<u64, u64> {
    let mut attempt = 0;
    let _ = (flaky(x, &mut attempt), flaky(x, &mut attempt));
    flaky(x, &mut attempt)
}

#[inline(never)]
fn third_hand(x: u64) -> Result<u64, u64> {
    let mut attempt = 0;
    let mut result = flaky(x, &mut attempt);
    for _ in 1..3 {
        if result.is_ok() {
            break;
        }
        result = flaky(x, &mut attempt);
    }
    result
}

/// Hand-written, with counts of what happened.
#[inline(never)]
fn third_counted(x: u64) -> Result<u64, u64> {
    static RETRIED: AtomicU64 = AtomicU64::new(0);
    let mut attempt = 0;
    let mut result = flaky(x, &mut attempt);
    for _ in 1..3 {
        if result.is_ok() {
            break;
        }
        RETRIED.fetch_add(1, Relaxed);
        result = flaky(x, &mut attempt);
    }
    result
}

#[inline(never)]
fn third_festoon(x: u64) -> Result<u64, u64> {
    #[festoon::retry(attempts = 3, wait = fixed(0ms))]
    #[inline(always)]
    fn retried(x: u64, attempt: &mut u32) -> Result<u64, u64> {
        flaky(x, attempt)
    }
    retried(x, &mut 0)
}

#[inline(never)]
fn third_hooked(x: u64) -> Result<u64, u64> {
    #[festoon::retry(attempts = 3, wait = fixed(0ms), after = |result| _ = black_box(result))]
    #[inline(always)]
    fn retried(x: u64, attempt: &mut u32) -> Result<u64, u64> {
        flaky(x, attempt)
    }
    retried(x, &mut 0)
}

#[inline(never)]
fn third_backon(x: u64) -> Result<u64, u64> {
    let mut attempt = 0;
    let at_once = ConstantBuilder::new().with_delay(Duration::ZERO).with_max_times(2);
    BlockingRetryable::retry(|| flaky(x, &mut attempt), at_once).call()
}

fn third_attempt() -> Suite {
    Suite::new("retry: the third attempt succeeds, no delay")
        .case("three calls", third_bare)
        .bare()
        .case("loop by hand", third_hand)
        .case("loop by hand, one counter", third_counted)
        .floor()
        .case("festoon, fixed", third_festoon)
        .case("festoon, a hook after each", third_hooked)
        .case("backon, constant", third_backon)
}

async fn async_flaky(x: u64, attempt: &mut u32) -> Result<u64, u64> {
    flaky(x, attempt)
}

async fn async_third_bare(x: u64) -> Result<u64, u64> {
    let mut attempt = 0;
    let _ = (async_flaky(x, &mut attempt).await, async_flaky(x, &mut attempt).await);
    async_flaky(x, &mut attempt).await
}

async fn async_third_counted(x: u64) -> Result<u64, u64> {
    static RETRIED: AtomicU64 = AtomicU64::new(0);
    let mut attempt = 0;
    let mut result = async_flaky(x, &mut attempt).await;
    for _ in 1..3 {
        if result.is_ok() {
            break;
        }
        RETRIED.fetch_add(1, Relaxed);
        result = async_flaky(x, &mut attempt).await;
    }
    result
}

async fn async_third_festoon(x: u64) -> Result<u64, u64> {
    #[festoon::retry(attempts = 3, wait = fixed(0ms))]
    async fn retried(x: u64, attempt: &mut u32) -> Result<u64, u64> {
        flaky(x, attempt)
    }
    retried(x, &mut 0).await
}

fn third_attempt_async() -> Suite {
    Suite::new("retry: the third attempt succeeds, no delay, async")
        .batch("three calls", awaited!(async_third_bare))
        .bare()
        .batch("loop by hand, one counter", awaited!(async_third_counted))
        .floor()
        .batch("festoon, fixed", awaited!(async_third_festoon))
}

#[inline(always)]
fn failing(x: u64) -> Result<u64, u64> {
    Err(black_box(x))
}

#[inline(never)]
fn no_bare(x: u64) -> Result<u64, u64> {
    let _ = (failing(x), failing(x));
    failing(x)
}

#[inline(never)]
fn no_counted(x: u64) -> Result<u64, u64> {
    static RETRIED: AtomicU64 = AtomicU64::new(0);
    let mut result = failing(x);
    for _ in 1..3 {
        if result.is_ok() {
            break;
        }
        RETRIED.fetch_add(1, Relaxed);
        result = failing(x);
    }
    result
}

#[festoon::retry(attempts = 3, wait = fixed(0ms))]
#[inline(never)]
fn no_festoon(x: u64) -> Result<u64, u64> {
    failing(x)
}

fn no_attempt() -> Suite {
    Suite::new("retry: no attempt succeeds, no delay")
        .case("three calls", no_bare)
        .bare()
        .case("loop by hand, one counter", no_counted)
        .floor()
        .case("festoon, fixed", no_festoon)
}

/// The sizes of the futures, by which a task that awaits them grows.
pub fn sizes(_: crate::harness::Effort) -> String {
    let sizes = [
        ("bare", size_of_val(&async_bare(1))),
        ("loop by hand, tokio's sleep", size_of_val(&async_hand(1))),
        ("festoon, exponential", size_of_val(&async_festoon(1))),
        ("backon, exponential", size_of_val(&async_backon(1))),
        ("tokio-retry2, exponential", size_of_val(&async_tokio_retry2(1))),
    ];
    let rows: String = sizes.iter().map(|(name, size)| format!("| {name} | {size} |\n")).collect();
    format!("### retry: the size of the future\n\n| | bytes |\n|---|---:|\n{rows}\n")
}
