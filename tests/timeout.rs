//! `#[timeout]`: which calls are dropped, and what they return.

use std::future::{pending, ready};
use std::io::{self, ErrorKind};
use std::time::Duration;

use festoon::{TimedOut, Timeout, decorate, fallback, offload, retry, testing, timeout};
use futures::executor::block_on;
use futures::future::{Either, select};

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Runs it while somebody else moves the clock, second after second; tells how far it had moved.
fn ticking<F: Future>(call: F) -> (F::Output, u64) {
    let clock = testing::clock();
    let time = async {
        loop {
            tokio::task::yield_now().await;
            clock.advance(secs(1));
        }
    };
    let done = block_on(select(Box::pin(call), Box::pin(time)));
    match done {
        Either::Left((output, _)) => (output, clock.elapsed().as_secs()),
        Either::Right(((), _)) => unreachable!(),
    }
}

#[timeout(2s)]
async fn hangs() -> io::Result<u32> {
    pending().await
}

#[timeout(2s)]
async fn ends(number: u32) -> io::Result<u32> {
    ready(()).await;
    Ok(number)
}

#[timeout(limit)]
async fn given(limit: Duration) -> Option<u32> {
    pending().await
}

#[test]
fn a_call_that_hangs_is_cut_off_in_time() {
    let (error, at) = ticking(hangs());
    assert_eq!((error.unwrap_err().kind(), at), (ErrorKind::TimedOut, 2));
    assert_eq!(ticking(given(secs(5))), (None, 5));
}

#[test]
fn a_call_that_ends_in_time_is_what_it_was() {
    let clock = testing::clock();
    assert_eq!(block_on(ends(3)).unwrap(), 3);
    assert_eq!((clock.elapsed(), clock.sleeps().len()), (Duration::ZERO, 0));
}

#[timeout(2s)]
async fn polled_late(clock: &testing::Handle) -> Option<u32> {
    tokio::task::yield_now().await;
    clock.advance(secs(9));
    Some(3)
}

#[test]
fn what_is_done_when_it_is_polled_counts_even_if_it_is_late() {
    let clock = testing::clock();
    assert_eq!(block_on(polled_late(&clock)), Some(3));
}

struct Told<'d>(&'d std::cell::Cell<bool>);

impl Drop for Told<'_> {
    fn drop(&mut self) {
        self.0.set(true);
    }
}

#[timeout(1s)]
async fn holds(told: Told<'_>) -> Option<()> {
    let _told = told;
    pending().await
}

#[test]
fn what_the_call_holds_is_dropped_when_it_is_cut_off() {
    let dropped = std::cell::Cell::new(false);
    assert_eq!(ticking(holds(Told(&dropped))).0, None);
    assert!(dropped.get());
    dropped.set(false);
    drop(holds(Told(&dropped)));
    assert!(dropped.get(), "a call that was never polled");
}

/// The virtual clock is the caller's: 3 attempts of 2 s each, with no time for a fourth second.
#[timeout(5s)]
#[retry(attempts = 9, wait = fixed(0ms), timeout = 2s)]
async fn all_attempts(attempts: &std::cell::Cell<u32>) -> io::Result<()> {
    attempts.set(attempts.get() + 1);
    pending().await
}

#[test]
fn above_a_retry_it_limits_the_whole_call() {
    let attempts = std::cell::Cell::new(0);
    let (outcome, at) = ticking(all_attempts(&attempts));
    assert_eq!((outcome.unwrap_err().kind(), at, attempts.get()), (ErrorKind::TimedOut, 5, 3));
}

#[retry(attempts = 3, wait = fixed(0ms))]
#[timeout(2s)]
async fn each_attempt() -> io::Result<()> {
    pending().await
}

#[test]
fn below_a_retry_it_limits_each_attempt() {
    assert_eq!(ticking(each_attempt()).1, 6);
}

#[timeout(2s)]
#[offload(pool = Never)]
fn computes() -> Option<u32> {
    Some(1)
}

struct Never;

impl festoon::Pool for Never {
    fn spawn(&self, job: impl FnOnce() + Send + 'static) {
        std::mem::forget(job);
    }
}

#[test]
fn a_computation_on_a_pool_can_be_left_behind() {
    assert_eq!(ticking(computes()), (None, 2));
}

#[test]
fn a_value_limits_any_future() {
    let limit = Timeout::new(secs(2));
    let (outcome, at) = ticking(limit.limit(pending::<u8>()));
    let error: TimedOut = outcome.unwrap_err();
    assert_eq!((error.after, at), (secs(2), 2));
    assert_eq!(block_on(limit.limit(ready(3))), Ok(3));
    assert_eq!(ticking(limit.run_async(pending::<Option<u8>>())), (None, 2));
}

#[decorate(layer = Timeout::new(secs(3)))]
async fn layered() -> Option<u8> {
    pending().await
}

#[test]
fn a_value_is_a_layer() {
    assert_eq!(ticking(layered()), (None, 3));
}

struct Client {
    limit: Duration,
    calls: u32,
}

#[timeout(secs(3))]
impl Client {
    #[timeout(self.limit)]
    async fn own(&mut self, key: String) -> Option<usize> {
        self.calls += 1;
        if key.is_empty() { pending().await } else { Some(key.len()) }
    }

    async fn of_block<T: AsRef<str>>(self, key: T) -> Option<usize> {
        if key.as_ref().is_empty() { pending().await } else { Some(self.calls as usize) }
    }
}

#[test]
fn methods_of_every_receiver_are_limited() {
    let mut client = Client { limit: secs(4), calls: 0 };
    assert_eq!(block_on(client.own("tea".to_owned())), Some(3));
    assert_eq!(ticking(client.own(String::new())), (None, 4));
    assert_eq!(client.calls, 2);
    assert_eq!(ticking(client.of_block("")), (None, 3));
}

#[fallback(0)]
#[timeout(2s)]
async fn instead() -> Option<u32> {
    pending().await
}

#[test]
fn a_fallback_above_hears_of_it() {
    assert_eq!(ticking(instead()), (Some(0), 2));
}

#[test]
fn futures_stay_send_and_grow_by_little() {
    async fn plain(key: &str) -> Option<usize> {
        tokio::task::yield_now().await;
        Some(key.len())
    }
    #[timeout(2s)]
    async fn limited(key: &str) -> Option<usize> {
        tokio::task::yield_now().await;
        Some(key.len())
    }
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let (plain, limited) = (size_of_val(&plain("a")), size_of_val(&is_send(limited("a"))));
    assert!(limited <= plain + 64, "{plain} {limited}");
}
