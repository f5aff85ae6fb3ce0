//! Outcomes that tests prepare for `#[retry]` functions.

use std::cell::Cell;
use std::time::Duration;

use festoon::testing::{InjectedFault, clock, delay, fail_next, fail_rate, no_retries, timeline};
use festoon::{Decorated, Retry, Wait, offload, retry};

use super::ms;

#[derive(Debug, PartialEq)]
enum ShopError {
    Fault,
}

impl From<InjectedFault> for ShopError {
    fn from(_: InjectedFault) -> Self {
        ShopError::Fault
    }
}

#[retry(attempts = 3, wait = chain[100ms, 200ms])]
fn fetch(calls: &Cell<u32>) -> Result<u32, ShopError> {
    calls.set(calls.get() + 1);
    Ok(festoon::attempt().number)
}

#[retry(attempts = 3, wait = fixed(10ms), before = |_| ())]
fn looped(key: Option<String>) -> Option<usize> {
    key.as_ref().map(String::len)
}

#[retry(attempts = 3, wait = chain[100ms, 200ms], before = async |_| later().await)]
async fn fetch_later(key: &str) -> Result<usize, ShopError> {
    later().await;
    Ok(key.len())
}

async fn later() {
    tokio::task::yield_now().await;
}

#[test]
fn the_next_attempts_fail_without_their_body() {
    let (_clock, timeline, calls) = (clock(), timeline(), Cell::new(0));
    {
        let _faults = fail_next(fetch, 2);
        assert_eq!((fetch(&calls), calls.get()), (Ok(3), 1));
        assert_eq!(fetch(&calls), Ok(1), "there were two");
        let _more = fail_next(fetch, 5);
        assert_eq!((fetch(&calls), calls.get()), (Err(ShopError::Fault), 2));
    }
    assert_eq!(fetch(&calls), Ok(1));
    let all = [0, 100, 300, 300, 300, 400, 600, 600].map(ms);
    assert_eq!((timeline.calls(), timeline.calls_of(fetch)), (all.to_vec(), all.to_vec()));
}

#[tokio::test]
async fn async_attempts_and_loops_fail_too() {
    let (_clock, timeline) = (clock(), timeline());
    let _faults = (fail_next(fetch_later, 1), fail_next(looped, 2));
    assert_eq!(fetch_later("abc").await, Ok(3));
    assert_eq!(looped(Some("ab".to_owned())), Some(2));
    assert_eq!(timeline.calls_of(fetch_later), [ms(0), ms(100)]);
    assert_eq!(timeline.calls_of(looped), [ms(100), ms(110), ms(120)]);
}

#[test]
fn a_rate_fails_its_share_as_its_seed_says() {
    // Its own: other tests count in the same process.
    #[retry(attempts = 3, wait = fixed(10ms), before = |_| ())]
    fn rated(key: Option<String>) -> Option<usize> {
        key.as_ref().map(String::len)
    }
    let _clock = clock();
    let run = |seed| {
        let _faults = fail_rate(rated, 0.3, seed);
        let before = rated.retries().retried;
        for _ in 0..1000 {
            rated(Some(String::new()));
        }
        rated.retries().retried - before
    };
    let (one, again, other) = (run(7), run(7), run(8));
    assert_eq!(one, again);
    assert!(one != other && (330..460).contains(&one), "{one} {other}");
}

#[test]
fn each_attempt_takes_as_long_as_it_is_delayed() {
    let clock = clock();
    let _delay = delay(fetch, Duration::from_secs(2));
    let _faults = fail_next(fetch, 1);
    assert!(fetch(&Cell::new(0)).is_ok());
    assert_eq!(clock.elapsed(), ms(4100));
}

#[retry(attempts = 2, wait = fixed(1s), timeout = 2s)]
async fn impatient() -> std::io::Result<u32> {
    Ok(1)
}

#[festoon::timeout(3s)]
#[retry(attempts = 2, wait = fixed(1s))]
async fn limited() -> std::io::Result<u32> {
    Ok(1)
}

#[tokio::test]
async fn an_attempt_that_is_delayed_for_too_long_is_cut_off() {
    let clock = clock();
    let timeline = timeline();
    {
        let _delay = delay(impatient, Duration::from_secs(5));
        assert_eq!(impatient().await.unwrap_err().kind(), std::io::ErrorKind::TimedOut);
    }
    // The clock moves as far as the delay says: nobody else moves it back.
    assert_eq!((timeline.calls_of(impatient), clock.elapsed()), (vec![ms(0), ms(6_000)], ms(11_000)));
    let _delay = delay(limited, Duration::from_secs(5));
    assert_eq!(limited().await.unwrap_err().kind(), std::io::ErrorKind::TimedOut);
}

#[tokio::test]
async fn a_short_delay_changes_nothing_but_the_time() {
    let clock = clock();
    let _delay = delay(impatient, Duration::from_secs(1));
    let _faults = fail_next(impatient, 1);
    assert_eq!(impatient().await.unwrap(), 1);
    assert_eq!(clock.elapsed(), ms(3_000));
}

#[offload]
fn elsewhere() -> Result<u32, ShopError> {
    fetch(&Cell::new(0))
}

#[tokio::test]
async fn what_is_in_store_goes_along_to_other_threads_and_is_over_behind_it() {
    let _clock = clock();
    {
        let _faults = fail_next(fetch, 9);
        assert_eq!(elsewhere().await, Err(ShopError::Fault));
    }
    assert_eq!(elsewhere().await, Ok(1));
}

#[test]
fn nothing_is_retried() {
    let clock = clock();
    let _once = no_retries();
    assert_eq!(looped(None), None);
    assert!(Retry::new().run(|_| Err::<(), _>(())).is_err());
    assert!(clock.sleeps().is_empty());
}

#[retry(attempts = 2)]
fn impossible() -> Result<(), u8> {
    Ok(())
}

#[test]
#[should_panic(expected = "cannot be made to fail: write `impl From<festoon::testing::InjectedFault>`")]
fn an_error_that_takes_no_fault_is_told() {
    let _faults = fail_next(impossible, 1);
    let _ = impossible();
}

#[test]
fn values_retry_as_the_attribute_does() {
    let clock = clock();
    let retry = Retry::new().attempts(4).wait(Wait::linear(ms(1), ms(1))).when(|error: &u32| *error < 3);
    assert_eq!(retry.run(|attempt| Err::<(), _>(attempt.number)), Err(3));
    assert_eq!(clock.sleeps(), [ms(1), ms(2)]);
    let told = Retry::new().unlimited().within(ms(10)).wait(Wait::fixed(ms(4))).run_told(|_| Err::<(), _>("down"));
    let error = told.unwrap_err();
    assert_eq!((error.attempts(), error.elapsed(), error.history().len()), (3, ms(8), 3));
}

#[tokio::test]
async fn values_retry_futures_that_borrow() {
    let clock = clock();
    let mut log = Vec::new();
    let retry = Retry::new().wait(Wait::fixed(ms(5))).as_the_error_says();
    let answer = retry
        .run_async(async |attempt| {
            later().await;
            log.push((attempt.number, festoon::attempt().number));
            if attempt.number < 3 {
                Err(std::io::Error::from(std::io::ErrorKind::TimedOut))
            } else {
                Ok(attempt.number)
            }
        })
        .await;
    assert_eq!((answer.unwrap(), log), (3, vec![(1, 1), (2, 2), (3, 3)]));
    assert_eq!(clock.elapsed(), ms(10));
    let refused = retry.run_async(async |_| Err::<(), _>(std::io::Error::from(std::io::ErrorKind::NotFound))).await;
    assert!(refused.is_err() && clock.elapsed() == ms(10));
}
