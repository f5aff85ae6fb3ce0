//! Errors that know whether another attempt makes sense: `#[derive(Retryable)]` and `wait_hint`.

use std::io::{self, ErrorKind};
use std::time::Duration;

use festoon::{Advice, Decorated, Retryable, retry};

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

#[derive(Debug, Clone, PartialEq, Retryable)]
enum ShopError<S> {
    #[retry(never)]
    UnknownSku(String),
    #[retry(transient)]
    Busy,
    #[retry(after = pause)]
    Limited { pause: Duration, _by: &'static str },
    #[retry(after = 1)]
    MaybeLimited(u8, Option<Duration>),
    #[retry(source)]
    Inner(S),
    #[retry(source)]
    Several { source: S, _other: S },
}

#[derive(Debug, Clone, Copy, PartialEq, Retryable)]
#[retry(transient)]
enum Plain {
    #[retry(never)]
    Wrong,
    Passing,
}

#[derive(Retryable)]
#[retry(after = 0)]
struct Pause(Duration);

#[test]
fn each_variant_says_what_was_written() {
    let advice = |error: ShopError<Plain>| error.advice();
    assert_eq!(advice(ShopError::UnknownSku("x".into())), Advice::Never);
    assert_eq!(advice(ShopError::Busy), Advice::Transient);
    assert_eq!(advice(ShopError::Limited { pause: ms(7), _by: "us" }), Advice::After(ms(7)));
    assert_eq!(advice(ShopError::MaybeLimited(1, None)), Advice::Transient);
    assert_eq!(advice(ShopError::MaybeLimited(1, Some(ms(8)))), Advice::After(ms(8)));
    assert_eq!(advice(ShopError::Inner(Plain::Wrong)), Advice::Never);
    assert_eq!(advice(ShopError::Several { source: Plain::Passing, _other: Plain::Wrong }), Advice::Transient);
    assert_eq!((Pause(ms(2)).advice(), Box::new(Plain::Wrong).advice()), (Advice::After(ms(2)), Advice::Never));
}

#[retry(attempts = 3, wait = fixed(1ms), max_hint = 5s)]
fn shop(error: &ShopError<Plain>) -> Result<(), ShopError<Plain>> {
    Err(error.clone())
}

#[test]
fn retry_asks_the_error_where_nobody_says_when() {
    let slept = |error: ShopError<Plain>| {
        let clock = festoon::testing::clock();
        assert_eq!(shop(&error), Err(error));
        clock.sleeps()
    };
    assert!(slept(ShopError::UnknownSku("x".into())).is_empty());
    assert_eq!(slept(ShopError::Busy), [ms(1); 2]);
    assert_eq!(slept(ShopError::Limited { pause: ms(7), _by: "us" }), [ms(7); 2]);
    assert_eq!(slept(ShopError::MaybeLimited(1, Some(ms(9000)))), [ms(5000); 2]);
    assert_eq!(shop.retries().refused, 1);
}

#[retry(attempts = 2, wait = fixed(1ms), when = |error| *error == Plain::Wrong)]
async fn overruled(error: Plain) -> Result<(), Plain> {
    Err(error)
}

#[test]
fn when_is_above_the_error() {
    let clock = festoon::testing::clock();
    for error in [Plain::Wrong, Plain::Passing] {
        assert!(futures::executor::block_on(overruled(error)).is_err());
    }
    assert_eq!(clock.sleeps(), [ms(1)]);
}

struct Limited(Option<Duration>);

#[retry(attempts = 3, wait = exponential(1ms), jitter = none, wait_hint = |error| error.0, max_hint = max, within = 10s)]
fn hinted(pauses: &mut Vec<Option<Duration>>, max: Duration) -> Result<(), Limited> {
    Err(Limited(pauses.pop().flatten()))
}

#[test]
fn a_hint_replaces_the_wait_up_to_its_cap() {
    let slept = |pauses: &[Option<Duration>]| {
        let clock = festoon::testing::clock();
        assert!(hinted(&mut pauses.to_vec(), ms(500)).is_err());
        clock.sleeps()
    };
    assert_eq!(slept(&[None, Some(ms(40)), None]), [ms(1), ms(40)]);
    assert_eq!(slept(&[None, None, Some(ms(900))]), [ms(500), ms(2)]);
}

#[test]
fn a_hint_never_goes_past_the_time() {
    let clock = festoon::testing::clock();
    let mut pauses = vec![Some(Duration::from_secs(3)), Some(Duration::from_secs(8))];
    assert!(hinted(&mut pauses, Duration::MAX).is_err());
    assert_eq!((clock.sleeps(), pauses.len()), (vec![Duration::from_secs(8)], 0));
}

#[retry(attempts = 2, wait = fixed(1ms))]
fn open(kind: ErrorKind) -> io::Result<()> {
    Err(kind.into())
}

#[test]
fn io_errors_know_which_kinds_pass() {
    let clock = festoon::testing::clock();
    let kinds = [ErrorKind::NotFound, ErrorKind::Interrupted, ErrorKind::PermissionDenied, ErrorKind::ConnectionReset];
    assert!(kinds.into_iter().all(|kind| open(kind).is_err()));
    assert_eq!((clock.sleeps().len(), open.retries().refused), (2, 2));
}
