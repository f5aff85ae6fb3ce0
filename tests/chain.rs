//! `policy!`: chains of policies.

use std::cell::Cell;
use std::future::pending;
use std::io;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use festoon::{
    Breaker, BreakerState, Bulkhead, Fallback, Hedge, Policy, RateLimit, Refused, Retry, Timeout, Wait, decorate,
    policy, testing,
};
use futures::executor::block_on;
use futures::future::{Either, select};

use crate::events;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn the_first_one_is_the_outermost() {
    let _clock = testing::clock();
    let (breaker, limit) = (Breaker::new().minimum(2).failure_rate(1.0), RateLimit::new(1, Duration::from_secs(1)));
    let runs = Cell::new(0);
    let call = || {
        runs.set(runs.get() + 1);
        Some(1)
    };
    // Refusals of the limit are failures to a breaker outside.
    let outside = policy!(&breaker, &limit, Bulkhead::new(1));
    assert_eq!([outside.run(call), outside.run(call), outside.run(call)], [Some(1), None, None]);
    assert_eq!((breaker.stats().failed, runs.get()), (2, 1));
    breaker.reset();
    // They never come to one inside.
    let inside = policy!(&limit, &breaker);
    assert_eq!((inside.run(call), breaker.stats().calls), (None, 0));
    assert_eq!(breaker.state(), BreakerState::Closed);
}

/// One of the user's own.
struct Twice;

impl<T, E> Policy<Result<T, E>> for Twice {
    fn run(&self, mut call: impl FnMut() -> Result<T, E>) -> Result<T, E> {
        call().or_else(|_| call())
    }
}

#[test]
fn one_may_call_again_what_stands_below() {
    let breaker = Breaker::new();
    let runs = Cell::new(0);
    let row = policy!(Twice, &breaker);
    let outcome = row.run(|| {
        runs.set(runs.get() + 1);
        if runs.get() == 1 { Err(io::Error::other("once")) } else { Ok(runs.get()) }
    });
    assert_eq!((outcome.unwrap(), breaker.stats().calls, breaker.stats().failed), (2, 2, 1));
}

#[test]
fn an_async_row_has_timeouts_and_hedges() {
    let clock = testing::clock();
    let breaker = Breaker::new().minimum(1);
    let hedge = Hedge::after(Duration::from_secs(1));
    let row = policy!(&breaker, Timeout::new(Duration::from_secs(3)), &hedge);
    let call = Box::pin(row.run_async(|| async {
        pending::<()>().await;
        io::Result::Ok(())
    }));
    let time = async {
        loop {
            tokio::task::yield_now().await;
            clock.advance(Duration::from_secs(1));
        }
    };
    let outcome = match block_on(select(call, Box::pin(time))) {
        Either::Left((outcome, _)) => outcome,
        Either::Right(((), _)) => unreachable!(),
    };
    assert_eq!(outcome.unwrap_err().kind(), io::ErrorKind::TimedOut);
    assert_eq!((hedge.hedged(), breaker.state(), clock.elapsed().as_secs()), (1, BreakerState::Open, 3));
}

#[test]
fn a_row_goes_to_other_threads() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let row =
        policy!(Fallback::new(7), Retry::new(), Breaker::new(), RateLimit::new(9, SECOND), Bulkhead::new(2).queue(2));
    let future = is_send(row.run_async(|| async { Some(1) }));
    assert_eq!(block_on(future), Some(1));
}

fn busy() -> io::Error {
    io::Error::other("busy")
}

#[test]
fn a_retry_in_a_row_makes_its_attempts_through_what_is_below() {
    let clock = testing::clock();
    let breaker = Breaker::new().minimum(3).open_for(Duration::from_secs(60));
    let retry = Retry::new().attempts(5).wait(Wait::fixed(SECOND)).when(|error: &io::Error| !is_refused(error));
    let numbers = Cell::new(0);
    let row = policy!(&retry, &breaker);
    let outcome = row.run(|| {
        numbers.set(numbers.get() * 10 + festoon::attempt().number);
        io::Result::<()>::Err(busy())
    });
    // The third failure opens the breaker, and what that says is not tried again.
    assert!(is_refused(&outcome.unwrap_err()));
    assert_eq!((numbers.get(), clock.sleeps()), (123, vec![SECOND; 3]));
}

fn is_refused(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<Refused>())
}

#[test]
fn an_async_retry_waits_between_its_attempts_and_ends_with_the_first_success() {
    let clock = testing::clock();
    let attempts = AtomicU32::new(0);
    let row = policy!(Retry::new().attempts(4).wait(Wait::linear(SECOND, SECOND)), Bulkhead::new(1));
    let call = async || {
        let number = festoon::attempt().number;
        assert_eq!(attempts.fetch_add(1, Relaxed) + 1, number);
        (number == 3).then_some(number)
    };
    assert_eq!(block_on(row.run_async(|| async { call().await })), Some(3));
    assert_eq!((attempts.load(Relaxed), clock.sleeps()), (3, vec![SECOND, 2 * SECOND]));
}

#[test]
fn a_row_that_retries_obeys_the_deadline_around_it() {
    let clock = testing::clock();
    let row = policy!(Retry::new().attempts(9).wait(Wait::fixed(SECOND)), Breaker::new());
    let call = || row.run_async(|| async { io::Result::<()>::Err(busy()) });
    assert!(block_on(festoon::deadline(2 * SECOND, call())).is_err());
    assert_eq!(clock.sleeps(), [SECOND; 2]);
}

#[test]
fn a_fallback_gives_a_value_for_each_kind_of_failure() {
    let parse = |text: &'static str| move || text.parse::<u16>();
    let length = Fallback::with(|error: std::num::ParseIntError| u16::try_from(error.to_string().len()).unwrap_or(0));
    assert_eq!((length.run(parse("8")), length.run(parse("x"))), (Ok(8), Ok(29)));
    let only_empty = Fallback::or_else(|error: std::num::ParseIntError| match error.kind() {
        std::num::IntErrorKind::Empty => Ok(0),
        _ => Err(error),
    });
    assert_eq!(only_empty.run(parse("")), Ok(0));
    assert!(only_empty.run(parse("x")).is_err());
    assert_eq!(block_on(Fallback::new(80).run_async(async { None })), Some(80));
}

static PORT: Fallback<festoon::fallback::Fixed<u16>> = Fallback::new(80);

#[decorate(layer = &PORT)]
fn port(text: &str) -> Result<u16, std::num::ParseIntError> {
    text.parse()
}

#[decorate(layer = &PORT)]
async fn port_later(text: &str) -> Option<u16> {
    text.parse().ok()
}

#[test]
fn a_fallback_is_a_layer_and_tells_whose_it_is() {
    let told = events::of(|| assert_eq!((port("x"), port("1")), (Ok(80), Ok(1))));
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("chain::port") && told[0].contains("its fallback is used"), "{told:?}");
    assert_eq!(block_on(port_later("x")), Some(80));
}

#[test]
fn a_fallback_stands_above_what_refuses() {
    let _clock = testing::clock();
    let limit = RateLimit::new(1, SECOND);
    let row = policy!(Fallback::new("stale"), &limit);
    let call = || row.run(|| io::Result::Ok("fresh"));
    assert_eq!((call().unwrap(), call().unwrap(), limit.refused()), ("fresh", "stale", 1));
}
