//! `#[rate_limit]`: which calls are let through when, and which wait for how long.

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant};

use festoon::{Decorated, RateLimit, Reason, Refused, cached, decorate, rate_limit, retry, testing};
use futures::FutureExt;
use futures::executor::block_on;

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn is_about(one: Duration, other: Duration) -> bool {
    one.abs_diff(other) < Duration::from_micros(10)
}

#[rate_limit(10 / 1s)]
fn ten(n: u32) -> Result<u32, Refused> {
    Ok(n)
}

#[test]
fn a_burst_is_the_rate_and_calls_come_back_one_by_one() {
    let clock = testing::clock();
    assert_eq!((0..20).filter(|n| ten(*n).is_ok()).count(), 10);
    let refused = ten(0).unwrap_err();
    assert_eq!((refused.policy(), refused.reason()), ("rate_limit", Reason::TooMany));
    assert!(is_about(refused.retry_after().unwrap(), ms(100)), "{refused:?}");
    clock.advance(ms(50));
    assert!(is_about(ten(0).unwrap_err().retry_after().unwrap(), ms(50)));
    clock.advance(ms(51));
    assert_eq!((ten(1), ten.rate_limit().available()), (Ok(1), 0));
    assert!(ten(1).is_err());
    clock.advance(ms(301));
    assert_eq!((ten.rate_limit().available(), ten.rate_limit().refused()), (3, 13));
    clock.advance(ms(60_000));
    assert_eq!((0..20).filter(|n| ten(*n).is_ok()).count(), 10, "what was not used is not kept");
    ten.rate_limit().reset();
    assert_eq!(ten.rate_limit().available(), 10);
}

#[rate_limit(10 / 1s, burst = 1)]
fn evenly() -> Option<()> {
    Some(())
}

#[test]
fn a_burst_of_one_spreads_the_calls() {
    let clock = testing::clock();
    let mut times = Vec::new();
    for step in 0..1_000_u64 {
        if evenly().is_some() {
            times.push(step);
        }
        clock.advance(ms(7));
    }
    assert!(times.windows(2).all(|pair| (pair[1] - pair[0]) * 7 >= 100), "{times:?}");
    assert!(times.len() >= 66, "{}", times.len());
}

#[rate_limit(10 / 1s, burst = 2, wait)]
fn waits(n: u32) -> u32 {
    n
}

#[test]
fn who_waits_comes_at_the_rate_and_nothing_is_refused() {
    let clock = testing::clock();
    assert!((0..5).all(|n| waits(n) == n));
    let sleeps = clock.sleeps();
    assert!(sleeps.len() == 3 && sleeps.iter().all(|sleep| is_about(*sleep, ms(100))), "{sleeps:?}");
}

#[rate_limit(10 / 1s, burst = 1, wait = 250ms)]
async fn waits_a_while(n: u32) -> Result<u32, Refused> {
    Ok(n)
}

/// Without a virtual clock, on which nobody waits.
#[tokio::test]
async fn who_would_wait_too_long_is_refused_at_once_and_a_dropped_one_gives_its_turn_back() {
    let start = Instant::now();
    assert_eq!(waits_a_while(1).await, Ok(1));
    let (mut second, mut third) = (Box::pin(waits_a_while(2)), Box::pin(waits_a_while(3)));
    assert!(second.as_mut().now_or_never().is_none() && third.as_mut().now_or_never().is_none());
    let refused = waits_a_while(4).await.unwrap_err();
    assert_eq!(refused.reason(), Reason::WaitedTooLong);
    assert!(refused.retry_after().unwrap() > ms(250) && start.elapsed() < ms(100), "{refused:?}");
    drop(third);
    assert_eq!(waits_a_while(5).await, Ok(5), "in the third's place");
    assert!(start.elapsed() >= ms(199), "{:?}", start.elapsed());
    drop(second);
    assert_eq!(waits_a_while.rate_limit().refused(), 1);
}

#[test]
fn a_turn_is_not_given_back_from_under_those_behind() {
    let limit = RateLimit::new(10, Duration::from_secs(1)).burst(1).wait();
    let mut calls: Vec<_> = (0..4).map(|_| Box::pin(limit.admit_async())).collect();
    assert!(calls[0].as_mut().now_or_never().is_some());
    assert!(calls[1..].iter_mut().all(|call| call.as_mut().now_or_never().is_none()));
    drop(calls.remove(1));
    let clock = testing::clock();
    clock.advance(ms(390));
    assert_eq!(limit.available(), 0, "the fourth one's turn is its own");
    drop(calls.pop());
    assert_eq!(limit.available(), 1);
}

#[rate_limit(1 / 1s, key = user)]
fn by_user(user: &str) -> Option<usize> {
    Some(user.len())
}

#[test]
fn each_key_has_its_own() {
    let clock = testing::clock();
    assert_eq!((by_user("ada"), by_user("bob"), by_user("ada")), (Some(3), Some(3), None));
    assert_eq!(by_user.rate_limit().key("ada").unwrap().refused(), 1);
    clock.advance(ms(1_001));
    for user in 0..5_000 {
        assert_eq!(by_user(&user.to_string()).map(|_| ()), Some(()));
        clock.advance(ms(10));
    }
    assert!(by_user.rate_limit().key("ada").is_none(), "long idle and forgotten");
}

thread_local! {
    static RUNS: Cell<u32> = const { Cell::new(0) };
}

#[cached]
#[rate_limit(1 / 1s)]
fn hits_do_not_count(n: u32) -> Option<u32> {
    RUNS.set(RUNS.get() + 1);
    Some(n)
}

#[test]
fn below_a_cache_hits_do_not_count() {
    let _clock = testing::clock();
    assert!((0..9).all(|_| hits_do_not_count(1) == Some(1)));
    assert_eq!((hits_do_not_count(2), RUNS.get()), (None, 1));
}

#[retry(attempts = 3, wait = fixed(101ms), jitter = none)]
#[rate_limit(10 / 1s, burst = 1)]
fn attempts(log: &Cell<u32>) -> Option<u32> {
    log.set(log.get() + 1);
    None
}

#[test]
fn below_a_retry_each_attempt_counts() {
    let _clock = testing::clock();
    let log = Cell::new(0);
    assert_eq!((attempts(&log), log.get()), (None, 3));
}

static SHARED: RateLimit = RateLimit::new(2, Duration::from_secs(1));

#[decorate(layer = &SHARED)]
fn one() -> Option<u8> {
    Some(1)
}

#[decorate(layer = &SHARED)]
async fn other() -> Option<u8> {
    Some(2)
}

#[test]
fn functions_share_one_as_a_value() {
    let clock = testing::clock();
    assert_eq!((one(), block_on(other()), one(), block_on(other())), (Some(1), Some(2), None, None));
    clock.advance(ms(501));
    assert_eq!((SHARED.run(|| Some(3)), one()), (Some(3), None));
}

/// In any time there are at most so many, on any number of threads.
#[test]
fn threads_together_keep_the_limit() {
    let limit = RateLimit::new(1_000, Duration::from_secs(3_600)).burst(500);
    let let_through = AtomicU32::new(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..1_000 {
                    let_through.fetch_add(u32::from(limit.admit().is_ok()), Relaxed);
                }
            });
        }
    });
    assert_eq!((let_through.into_inner(), limit.refused()), (500, 7_500));
}

struct Client {
    sent: u32,
}

#[rate_limit(2 / 1s)]
impl Client {
    fn send(&mut self, text: String) -> Result<String, Refused> {
        self.sent += 1;
        Ok(text)
    }

    async fn later<T>(&mut self, value: T) -> Option<T> {
        self.sent += 1;
        tokio::task::yield_now().await;
        Some(value)
    }
}

#[test]
fn methods_of_a_block_have_one_each() {
    let _clock = testing::clock();
    let mut client = Client { sent: 0 };
    assert_eq!((0..3).filter(|_| client.send(String::new()).is_ok()).count(), 2);
    assert_eq!((0..3).filter(|_| block_on(client.later(1)).is_some()).count(), 2);
    assert_eq!(client.sent, 4);
}
