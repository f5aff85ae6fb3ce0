//! One deadline for all nested calls.

use std::cell::Cell;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use festoon::{Decorated, cached, deadline, deadline_in, offload, retry, time_left};
use futures::executor::block_on;

use super::ms;

thread_local! {
    static CALLS: Cell<u32> = const { Cell::new(0) };
}

#[retry(attempts = 3, wait = fixed(100ms))]
async fn innermost() -> Result<(), String> {
    CALLS.set(CALLS.get() + 1);
    Err("down".to_owned())
}

#[retry(attempts = 3, wait = fixed(100ms))]
async fn middle() -> Result<(), String> {
    innermost().await
}

#[retry(attempts = 3, wait = fixed(100ms), within = 500ms)]
async fn outermost() -> Result<(), String> {
    middle().await
}

#[test]
fn nested_retries_do_not_multiply_beyond_the_time() {
    let clock = festoon::testing::clock();
    assert!(block_on(middle()).is_err());
    assert_eq!((CALLS.take(), clock.elapsed()), (9, ms(800)));
    let clock = festoon::testing::clock();
    assert!(block_on(outermost()).is_err());
    // Without the shared deadline 27 times, in 2.6 s.
    assert_eq!((CALLS.take(), clock.elapsed()), (6, ms(500)));
}

#[retry(attempts = 9, wait = fixed(100ms))]
fn plain() -> Result<(), Option<Duration>> {
    Err(time_left())
}

#[test]
fn a_deadline_is_told_below_and_over_behind_it() {
    let clock = festoon::testing::clock();
    assert_eq!(deadline_in(ms(250), plain), Err(Some(ms(50))));
    assert_eq!((plain.retries().retried, time_left()), (2, None));
    clock.advance(ms(7));
    let both = deadline_in(ms(90), || deadline_in(ms(500), time_left));
    assert_eq!(both, Some(ms(90)), "the earlier one stays");
}

#[retry(attempts = 2, wait = fixed(100ms), within = 1s)]
fn limited() -> Result<Option<Duration>, ()> {
    Ok(time_left())
}

#[test]
fn within_is_a_deadline_for_what_is_called() {
    let _clock = festoon::testing::clock();
    assert_eq!(limited(), Ok(Some(Duration::from_secs(1))));
    assert_eq!(time_left(), None);
}

#[offload]
fn elsewhere() -> Option<Duration> {
    time_left()
}

#[tokio::test]
async fn a_deadline_goes_along_to_other_threads() {
    let clock = festoon::testing::clock();
    clock.advance(ms(3));
    assert_eq!(deadline(ms(40), elsewhere()).await, Some(ms(40)));
    assert_eq!(elsewhere().await, None);
}

#[retry(attempts = 3, timeout = 10s)]
async fn hangs() -> std::io::Result<()> {
    std::future::pending().await
}

#[tokio::test]
async fn an_attempt_with_a_timeout_is_cut_off_at_the_deadline() {
    let clock = festoon::testing::clock();
    let time = async {
        loop {
            tokio::task::yield_now().await;
            clock.advance(Duration::from_secs(1));
        }
    };
    let error = tokio::select! {
        outcome = deadline(Duration::from_secs(2), hangs()) => outcome.unwrap_err(),
        () = time => unreachable!(),
    };
    assert_eq!((error.kind(), hangs.retries().retried), (std::io::ErrorKind::TimedOut, 0));
    assert!(clock.elapsed() <= Duration::from_secs(3));
}

static REFRESHED: Mutex<Vec<Option<Duration>>> = Mutex::new(Vec::new());

#[cached(ttl = 1s, stale = 1m)]
fn refreshed(n: u32) -> u32 {
    REFRESHED.lock().unwrap().push(time_left());
    n
}

#[test]
fn a_refresh_in_the_background_has_the_deadline_of_the_call_that_began_it() {
    let clock = festoon::testing::clock();
    assert_eq!(refreshed(1), 1);
    clock.advance(Duration::from_secs(2));
    // The value is stale: it is given at once, and computed anew elsewhere.
    assert_eq!(deadline_in(ms(700), || refreshed(1)), 1);
    let start = Instant::now();
    while REFRESHED.lock().unwrap().len() < 2 {
        assert!(start.elapsed() < Duration::from_secs(60), "never refreshed");
        std::thread::yield_now();
    }
    assert_eq!(*REFRESHED.lock().unwrap(), [None, Some(ms(700))]);
}
