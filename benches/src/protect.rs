//! `#[circuit_breaker]`, `#[rate_limit]` and `#[bulkhead]`: what they add to a call that they let through, and the cost
//! of a refused call.

use std::hint::black_box;
use std::num::NonZeroU32;
use std::sync::LazyLock;
use std::time::Duration;

use failsafe::CircuitBreaker as _;
use failsafe::backoff::{self, Constant};
use failsafe::failure_policy::{self, ConsecutiveFailures, SuccessRateOverTimeWindow};
use festoon::{Decorated, Refused};
use governor::clock::QuantaClock;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::sync::Semaphore;

use crate::harness::Suite;

pub fn suites() -> Vec<Suite> {
    vec![closed(), open(), rate(), room()]
}

#[derive(Debug)]
#[expect(dead_code, reason = "an error as a user has it")]
pub enum Fault {
    Refused(Refused),
    Wrong,
}

impl From<Refused> for Fault {
    #[inline]
    fn from(refused: Refused) -> Self {
        Fault::Refused(refused)
    }
}

/// A nanosecond of work, which fails for a number that never occurs.
#[inline(always)]
fn work(x: u64) -> Result<u64, Fault> {
    let value = black_box(black_box(x).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    if value == u64::MAX { Err(Fault::Wrong) } else { Ok(value) }
}

#[inline(never)]
fn bare(x: u64) -> Result<u64, Fault> {
    work(x)
}

#[festoon::circuit_breaker]
#[inline(never)]
fn by_calls(x: u64) -> Result<u64, Fault> {
    work(x)
}

#[festoon::circuit_breaker(window = 10s)]
#[inline(never)]
fn by_time(x: u64) -> Result<u64, Fault> {
    work(x)
}

#[festoon::circuit_breaker(slow = 1s)]
#[inline(never)]
fn with_slow(x: u64) -> Result<u64, Fault> {
    work(x)
}

#[festoon::circuit_breaker(open_for = 24h, minimum = 1)]
#[inline(never)]
fn opened(x: u64) -> Result<u64, Fault> {
    if x == u64::MAX { Err(Fault::Wrong) } else { work(x) }
}

type Failsafe = failsafe::StateMachine<SuccessRateOverTimeWindow<Constant>, ()>;

fn failsafe_of(open: Duration) -> Failsafe {
    let policy =
        failure_policy::success_rate_over_time_window(0.5, 20, Duration::from_secs(10), backoff::constant(open));
    failsafe::Config::new().failure_policy(policy).build()
}

static FAILSAFE: LazyLock<Failsafe> = LazyLock::new(|| failsafe_of(Duration::from_secs(30)));
static FAILSAFE_OPEN: LazyLock<failsafe::StateMachine<ConsecutiveFailures<Constant>, ()>> = LazyLock::new(|| {
    let policy = failure_policy::consecutive_failures(3, backoff::constant(Duration::from_secs(86_400)));
    let breaker = failsafe::Config::new().failure_policy(policy).build();
    for _ in 0..3 {
        let _ = breaker.call(|| Err::<(), ()>(()));
    }
    assert!(!breaker.is_call_permitted());
    breaker
});

fn closed() -> Suite {
    Suite::new("circuit_breaker: closed")
        .case("bare", bare)
        .bare()
        .case("festoon, window of calls", by_calls)
        .case("festoon, window of time", by_time)
        .case("festoon, slow calls too", with_slow)
        .case("failsafe, success rate over time", |x| FAILSAFE.call(|| work(x)))
        .floor()
}

fn open() -> Suite {
    let _ = opened(u64::MAX);
    assert_eq!(opened.breaker().state(), festoon::BreakerState::Open);
    Suite::new("circuit_breaker: open")
        .case("festoon", opened)
        .case("failsafe", |x| FAILSAFE_OPEN.call(|| work(x)))
        .floor()
}

#[festoon::rate_limit(1_000_000_000 / 1s)]
#[inline(never)]
fn limited(x: u64) -> Result<u64, Fault> {
    work(x)
}

#[festoon::rate_limit(1 / 24h)]
#[inline(never)]
fn exhausted(x: u64) -> Result<u64, Fault> {
    work(x)
}

type Governor = RateLimiter<NotKeyed, InMemoryState, QuantaClock>;

const MANY: NonZeroU32 = NonZeroU32::new(1_000_000_000).unwrap();
static GOVERNOR: LazyLock<Governor> = LazyLock::new(|| RateLimiter::direct(Quota::per_second(MANY)));
static GOVERNOR_EXHAUSTED: LazyLock<Governor> = LazyLock::new(|| {
    let limiter = RateLimiter::direct(Quota::with_period(Duration::from_secs(86_400)).unwrap());
    let _ = limiter.check();
    limiter
});

fn rate() -> Suite {
    let _ = exhausted(1);
    Suite::new("rate_limit: let through, and refused")
        .case("bare", bare)
        .bare()
        .case("festoon", limited)
        .case("governor", |x| GOVERNOR.check().map(|()| work(x)))
        .floor()
        .case("festoon, refused", exhausted)
        .case("governor, refused", |x| GOVERNOR_EXHAUSTED.check().map(|()| work(x)))
}

#[festoon::bulkhead(100)]
#[inline(never)]
fn inside(x: u64) -> Result<u64, Fault> {
    work(x)
}

static SEMAPHORE: Semaphore = Semaphore::const_new(100);

fn room() -> Suite {
    Suite::new("bulkhead: there is room")
        .case("bare", bare)
        .bare()
        .case("festoon", inside)
        .case("tokio's semaphore, try_acquire", |x| SEMAPHORE.try_acquire().map(|_permit| work(x)))
        .floor()
}
