//! `policy!`: policies in a row.

use std::cell::Cell;
use std::future::pending;
use std::time::Duration;

use festoon::{AsyncPolicy, Breaker, BreakerState, Bulkhead, Hedge, Policy, RateLimit, Timeout, policy, testing};
use futures::executor::block_on;
use futures::future::{Either, select};

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
        if runs.get() == 1 { Err(std::io::Error::other("once")) } else { Ok(runs.get()) }
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
        std::io::Result::Ok(())
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
    assert_eq!(outcome.unwrap_err().kind(), std::io::ErrorKind::TimedOut);
    assert_eq!((hedge.hedged(), breaker.state(), clock.elapsed().as_secs()), (1, BreakerState::Open, 3));
}

#[test]
fn a_row_goes_to_other_threads() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let row = policy!(Breaker::new(), RateLimit::new(9, Duration::from_secs(1)), Bulkhead::new(2).queue(2));
    let future = is_send(row.run_async(|| async { Some(1) }));
    assert_eq!(block_on(future), Some(1));
}
