//! What remains of a call that has given up, and which events it emits.

use std::cell::RefCell;
use std::num::ParseIntError;
use std::time::Duration;

use festoon::retry::{Reason, all};
use festoon::{Budget, Decorated, RetryError, retry};

use super::{Flaky, ms};

#[retry(attempts = 3, wait = chain[10ms, 20ms])]
fn told(flaky: &Flaky) -> Result<u32, RetryError<String>> {
    Ok(flaky.call()?)
}

#[test]
fn a_retry_error_tells_the_whole_story() {
    let _clock = festoon::testing::clock();
    assert_eq!(told(&Flaky::new(2)).ok(), Some(3));
    let error = told(&Flaky::new(9)).unwrap_err();
    assert_eq!((error.attempts(), error.elapsed(), error.reason()), (3, ms(30), Some(Reason::Attempts)));
    let history: Vec<_> = error.history().iter().map(|failure| (failure.error.as_str(), failure.wait)).collect();
    assert_eq!(history, [("failure 1", ms(10)), ("failure 2", ms(20)), ("failure 3", Duration::ZERO)]);
    assert_eq!(error.to_string(), "failure 3 (after 3 attempts: no attempt is left)");
    assert_eq!(error.into_error(), "failure 3");
}

type Story<T> = Result<T, RetryError<ParseIntError>>;

#[retry(attempts = 2, wait = fixed(1s), when = |error| error.error().to_string().contains("digit"))]
async fn by_alias(text: &str) -> Story<u8> {
    Ok(text.parse()?)
}

#[test]
fn an_alias_is_known_by_its_type_and_every_end_has_its_reason() {
    let _clock = festoon::testing::clock();
    let call = |text| futures::executor::block_on(by_alias(text)).unwrap_err();
    assert_eq!((call("x").attempts(), call("x").reason()), (2, Some(Reason::Attempts)));
    assert_eq!((call("").attempts(), call("").reason()), (1, Some(Reason::Refused)));
    let late = festoon::deadline(ms(10), by_alias("x"));
    assert_eq!(futures::executor::block_on(late).unwrap_err().reason(), Some(Reason::Time));
}

#[retry(attempts = 2, wait = fixed(1ms), timeout = 1s)]
async fn cut_off(log: &RefCell<Vec<u32>>) -> Result<(), RetryError<std::io::Error>> {
    log.borrow_mut().push(festoon::attempt().number);
    std::future::pending().await
}

#[tokio::test]
async fn a_retry_error_takes_an_attempt_that_was_cut_off() {
    let clock = festoon::testing::clock();
    let log = RefCell::new(Vec::new());
    let time = async {
        loop {
            tokio::task::yield_now().await;
            clock.advance(Duration::from_secs(1));
        }
    };
    let error = tokio::select! {
        outcome = cut_off(&log) => outcome.unwrap_err(),
        () = time => unreachable!(),
    };
    assert_eq!((error.kind(), error.attempts(), error.history().len()), (std::io::ErrorKind::TimedOut, 2, 2));
}

#[retry(attempts = 2, wait = fixed(1ms), on_give_up = |error| Ok(u32::try_from(error.len()).unwrap()))]
fn replaced(flaky: &Flaky) -> Result<u32, String> {
    flaky.call()
}

#[retry(attempts = 2, wait = fixed(1ms), until = |n| *n > 100, on_give_up = |n| n * 1000)]
async fn replaced_value(n: u32) -> u32 {
    n
}

#[test]
fn a_value_instead_of_the_failure() {
    let _clock = festoon::testing::clock();
    assert_eq!((replaced(&Flaky::new(1)), replaced(&Flaky::new(5))), (Ok(2), Ok(9)));
    assert_eq!(futures::executor::block_on(replaced_value(3)), 3000);
    assert_eq!(futures::executor::block_on(replaced_value(300)), 300);
}

thread_local! {
    static LOG: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

fn log(event: String) {
    LOG.with_borrow_mut(|log| log.push(event));
}

#[retry(
    attempts = 2,
    wait = fixed(1ms),
    before = |attempt| log(format!("before {}", attempt.number)),
    after = |result| log(format!("after {}: {result:?}", festoon::attempt().number)),
    before_sleep = |error, wait| log(format!("{error}, {wait:?}")),
    on_give_up = |error| log(format!("gave up: {error}")),
)]
fn watched(flaky: &Flaky) -> Result<u32, String> {
    flaky.call()
}

#[test]
fn hooks_stand_around_attempts_and_waits() {
    let _clock = festoon::testing::clock();
    assert!(watched(&Flaky::new(5)).is_err());
    let told = LOG.take();
    assert_eq!(
        told,
        [
            "before 1",
            "after 1: Err(\"failure 1\")",
            "failure 1, 1ms",
            "before 2",
            "after 2: Err(\"failure 2\")",
            "gave up: failure 2"
        ]
    );
}

#[retry(
    attempts = 2,
    wait = fixed(1ms),
    before = async |attempt| later(format!("before {}", attempt.number)).await,
    after = async |result| later(format!("{result:?}")).await,
    before_sleep = async |error, wait| later(format!("{error}, {wait:?}, {}", festoon::attempt().number)).await,
)]
async fn watched_later(flaky: &Flaky) -> Result<u32, String> {
    flaky.call()
}

async fn later(event: String) {
    tokio::task::yield_now().await;
    log(event);
}

#[tokio::test]
async fn hooks_may_wait() {
    let _clock = festoon::testing::clock();
    assert_eq!(watched_later(&Flaky::new(1)).await, Ok(2));
    let told = LOG.take();
    assert_eq!(told, ["before 1", "Err(\"failure 1\")", "failure 1, 1ms, 1", "before 2", "Ok(2)"]);
}

static BUDGET: Budget = Budget::new(0.5).floor(1);

#[retry(attempts = 2, wait = fixed(1ms), budget = BUDGET)]
fn thrifty(flaky: &Flaky) -> Result<u32, String> {
    flaky.call()
}

#[test]
fn a_budget_allows_its_share_and_its_floor() {
    let clock = festoon::testing::clock();
    for _ in 0..100 {
        assert!(thrifty(&Flaky::new(9)).is_err());
    }
    // Fifty of a hundred calls, and the one of this second.
    assert_eq!(thrifty.retries().retried, 51);
    clock.advance(Duration::from_secs(1));
    assert!(thrifty(&Flaky::new(9)).is_err());
    assert_eq!((thrifty.retries().retried, thrifty.retries().gave_up), (52, 101));
    let row = all().into_iter().find(|row| row.name.ends_with("thrifty")).unwrap();
    assert_eq!(row.budget.map(Budget::left), Some(0));
}

#[retry(attempts = 2, wait = fixed(1ms), budget = "outcome")]
fn by_name(flaky: &Flaky) -> Result<u32, RetryError<String>> {
    Ok(flaky.call()?)
}

#[retry(attempts = 2, wait = fixed(1ms), budget = "outcome")]
async fn by_name_too(flaky: &Flaky) -> Result<u32, String> {
    flaky.call()
}

#[test]
fn a_named_budget_is_shared() {
    let _clock = festoon::testing::clock();
    for _ in 0..10 {
        assert!(futures::executor::block_on(by_name_too(&Flaky::new(9))).is_err());
    }
    // Nine of the ten of this second, and the one that these ten calls have paid in. The next twelve have the other, and the
    // one that they pay in.
    let reasons: Vec<_> = (0..12).map(|_| by_name(&Flaky::new(9)).unwrap_err().reason()).collect();
    let allowed = reasons.iter().filter(|reason| **reason == Some(Reason::Attempts)).count();
    assert_eq!((by_name_too.retries().retried, allowed, reasons[11]), (10, 2, Some(Reason::Budget)));
    assert!(std::ptr::eq(
        Budget::named("outcome"),
        all().iter().find(|row| row.name.ends_with("by_name")).unwrap().budget.unwrap()
    ));
}

#[retry(attempts = 2, wait = fixed(3ms))]
fn spoken(flaky: &Flaky) -> Result<u32, String> {
    flaky.call()
}

#[test]
fn tracing_hears_each_wait_and_the_end() {
    let _clock = festoon::testing::clock();
    let of = |fails| crate::events::of(|| _ = spoken(&Flaky::new(fails)));
    let name = "function=\"main::retry::outcome::spoken\"";
    let waits = format!("DEBUG festoon message=retrying {name} attempt=1 wait=3ms error=failure 1");
    assert!(of(0).is_empty());
    assert_eq!(of(1), [waits.clone(), format!("INFO festoon message=recovered {name} attempt=2 slept=3ms")]);
    let gave_up = "attempts=2 slept=3ms error=failure 2 why=\"no attempt is left\"";
    assert_eq!(of(2), [waits, format!("WARN festoon message=gave up {name} {gave_up}")]);
}
