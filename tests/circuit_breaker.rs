//! `#[circuit_breaker]`: when it opens, which calls it lets through, and what happens to calls that do not complete.

mod keys;

use std::cell::Cell;
use std::future::pending;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use festoon::{Breaker, BreakerState, Decorated, Reason, Refused, circuit_breaker, decorate, retry, testing};
use futures::FutureExt;
use futures::executor::block_on;

use crate::events;

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[derive(Debug, Clone, PartialEq)]
enum Fault {
    Down,
    Wrong,
    Refused(Reason, Option<Duration>),
}

impl From<Refused> for Fault {
    fn from(refused: Refused) -> Self {
        assert_eq!(refused.policy(), "circuit_breaker");
        Fault::Refused(refused.reason(), refused.retry_after())
    }
}

thread_local! {
    /// Each test has a thread of its own.
    static RUNS: Cell<u32> = const { Cell::new(0) };
}

fn run(fails: bool) -> Result<(), Fault> {
    RUNS.set(RUNS.get() + 1);
    if fails { Err(Fault::Down) } else { Ok(()) }
}

#[circuit_breaker(window = 4, minimum = 4, failure_rate = 0.5, open_for = 30s, probes = 2)]
fn cycle(fails: bool) -> Result<(), Fault> {
    run(fails)
}

fn is_refused(outcome: &Result<(), Fault>) -> bool {
    matches!(outcome, Err(Fault::Refused(..)))
}

#[test]
fn it_opens_is_half_open_opens_again_and_closes() {
    let clock = testing::clock();
    let state = || cycle.breaker().state();
    let _ = [false, true, false].map(cycle);
    assert_eq!(state(), BreakerState::Closed, "three calls say nothing");
    let _ = cycle(true);
    assert_eq!((state(), RUNS.get()), (BreakerState::Open, 4));
    clock.advance(secs(10));
    let Err(Fault::Refused(Reason::Open, Some(wait))) = cycle(false) else { panic!("it is open") };
    assert!(wait.abs_diff(secs(20)) < Duration::from_millis(1), "{wait:?}");
    assert_eq!(RUNS.get(), 4, "the body of a refused call does not run");

    clock.advance(secs(21));
    assert_eq!((cycle(true), state()), (Err(Fault::Down), BreakerState::Open), "one of two probes is half of them");
    clock.advance(secs(31));
    assert_eq!((cycle(false), state()), (Ok(()), BreakerState::HalfOpen));
    assert_eq!((cycle(false), state()), (Ok(()), BreakerState::Closed));
    assert_eq!(cycle.breaker().stats().calls, 0, "it begins anew");
    assert_eq!(cycle.breaker().stats().refused, 1);
}

#[circuit_breaker(window = 3, minimum = 3, failure_rate = 1.0)]
fn last_three(fails: bool) -> Option<()> {
    (!fails).then_some(())
}

#[test]
fn a_window_of_calls_forgets_the_oldest() {
    let _ = [true, true, false, true, true].map(last_three);
    assert_eq!(last_three.breaker().state(), BreakerState::Closed);
    last_three(true);
    assert_eq!(last_three.breaker().state(), BreakerState::Open);
    assert_eq!(last_three(false), None);
}

#[circuit_breaker(window = 10s, minimum = 4, failure_rate = 0.5)]
fn last_seconds(fails: bool) -> Option<()> {
    (!fails).then_some(())
}

/// However much real time has passed: a part that began with the hour would end at any moment.
#[test]
fn the_parts_of_a_window_begin_with_the_first_call() {
    for _ in 0..5 {
        let clock = testing::clock();
        let breaker = Breaker::new().window_of_time(Duration::from_secs(10));
        let failed = || drop(breaker.run(|| io::Result::<()>::Err(io::ErrorKind::TimedOut.into())));
        clock.advance(Duration::from_millis(333));
        failed();
        clock.advance(Duration::from_millis(9_990));
        failed();
        assert_eq!(breaker.stats().failed, 2);
        clock.advance(Duration::from_millis(20));
        assert_eq!(breaker.stats().failed, 1);
    }
}

#[test]
fn a_window_of_time_forgets_what_is_too_long_ago() {
    let clock = testing::clock();
    let _ = [true, true, true].map(last_seconds);
    clock.advance(secs(11));
    let _ = [true, false, false].map(last_seconds);
    assert_eq!(last_seconds.breaker().state(), BreakerState::Closed);
    assert_eq!((last_seconds.breaker().stats().calls, last_seconds.breaker().stats().failed), (3, 1));
    clock.advance(secs(5));
    last_seconds(true);
    assert_eq!(last_seconds.breaker().state(), BreakerState::Open);
}

#[circuit_breaker(minimum = 2, slow = 1s, slow_rate = 1.0)]
fn takes(clock: &testing::Handle, seconds: u64) -> Option<()> {
    clock.advance(secs(seconds));
    Some(())
}

#[test]
fn slow_calls_open_it_too() {
    let clock = testing::clock();
    let _ = (takes(&clock, 2), takes(&clock, 1));
    assert_eq!(takes.breaker().stats().slow, 1);
    takes.breaker().reset();
    let _ = (takes(&clock, 2), takes(&clock, 2));
    assert_eq!((takes.breaker().state(), takes.breaker().stats().failed), (BreakerState::Open, 0));
}

#[circuit_breaker(minimum = 1, when = |fault| *fault == Fault::Down)]
fn some_are_ours(fault: Fault) -> Result<(), Fault> {
    Err(fault)
}

#[test]
fn errors_that_are_nobodys_fault_are_good_calls() {
    let _ = some_are_ours(Fault::Wrong);
    assert_eq!((some_are_ours.breaker().stats().calls, some_are_ours.breaker().stats().failed), (1, 0));
    let _ = some_are_ours(Fault::Down);
    assert_eq!(some_are_ours.breaker().stats().failed, 1);
}

#[circuit_breaker(minimum = 1, failure_rate = 1.0, open_for = 1s, probes = 2)]
async fn probed(fails: Option<bool>) -> Result<(), Fault> {
    match fails {
        None => pending().await,
        Some(fails) => run(fails),
    }
}

#[test]
fn a_dropped_probe_gives_its_place_to_another() {
    let clock = testing::clock();
    let _ = block_on(probed(Some(true)));
    clock.advance(secs(2));
    let mut hangs = [Box::pin(probed(None)), Box::pin(probed(None))];
    assert!(hangs.iter_mut().all(|call| call.now_or_never().is_none()));
    for _ in 0..3 {
        assert_eq!(block_on(probed(Some(false))), Err(Fault::Refused(Reason::Probing, None)));
    }
    let [first, second] = hangs;
    drop(first);
    assert_eq!((block_on(probed(Some(false))), probed.breaker().state()), (Ok(()), BreakerState::HalfOpen));
    assert!(is_refused(&block_on(probed(Some(false)))), "two were let through");
    drop(second);
    assert_eq!((block_on(probed(Some(false))), probed.breaker().state()), (Ok(()), BreakerState::Closed));
    assert_eq!(RUNS.get(), 3);
}

#[test]
fn a_future_that_is_not_polled_asks_for_nothing() {
    drop(probed(Some(true)));
    let breaker = Breaker::new();
    drop(breaker.run_async(async { Some(1) }));
    assert_eq!(breaker.stats().calls, 0);
}

#[circuit_breaker(minimum = 2, open_for = 1s, probes = 1)]
fn panics(how: &str) -> Option<()> {
    assert!(how != "panic", "wanted");
    Some(())
}

#[test]
fn a_panic_is_a_failure_and_the_breaker_survives_it() {
    let clock = testing::clock();
    let panicked = || catch_unwind(AssertUnwindSafe(|| panics("panic"))).is_err();
    assert!(panicked() && panicked());
    assert_eq!(panics.breaker().state(), BreakerState::Open);
    clock.advance(secs(2));
    assert!(panicked(), "the probe");
    assert_eq!(panics.breaker().state(), BreakerState::Open);
    clock.advance(secs(2));
    assert_eq!((panics("no"), panics.breaker().state()), (Some(()), BreakerState::Closed));
}

#[test]
fn a_call_of_a_state_that_is_over_says_nothing() {
    let clock = testing::clock();
    let breaker = Breaker::new().minimum(1).probes(1).open_for(secs(1));
    let early = breaker.admit().unwrap();
    breaker.admit().unwrap().failed();
    assert_eq!(breaker.state(), BreakerState::Open);
    clock.advance(secs(2));
    let probe = breaker.admit().unwrap();
    early.failed();
    assert_eq!(breaker.state(), BreakerState::HalfOpen);
    probe.succeeded();
    assert_eq!((breaker.state(), breaker.stats().calls), (BreakerState::Closed, 0));
}

#[circuit_breaker]
fn by_hand(fails: bool) -> Result<(), Fault> {
    run(fails)
}

#[test]
fn hands_open_and_close_it_before_the_first_call_too() {
    by_hand.breaker().force_open();
    assert_eq!(by_hand(false), Err(Fault::Refused(Reason::ForcedOpen, None)));
    by_hand.breaker().force_close();
    assert!((0..99).all(|_| by_hand(true) == Err(Fault::Down)));
    by_hand.breaker().reset();
    assert_eq!((by_hand.breaker().state(), by_hand.breaker().stats().calls), (BreakerState::Closed, 0));
}

#[test]
fn a_function_without_one_says_so() {
    fn plain() {}
    let panic = catch_unwind(|| plain.breaker()).unwrap_err();
    let text = panic.downcast_ref::<String>().unwrap();
    assert!(text.contains("plain` is not `#[circuit_breaker]`"), "{text}");
}

#[circuit_breaker(minimum = 1, open_for = 1s, probes = 1)]
fn told(fails: bool) -> Option<()> {
    (!fails).then_some(())
}

#[test]
fn changes_are_told() {
    let clock = testing::clock();
    let lines = events::of(|| {
        told(true);
        told(true);
        clock.advance(secs(2));
        told(false);
    });
    let starts = [
        "WARN festoon message=the circuit breaker opens",
        "DEBUG festoon",
        "INFO festoon message=the circuit breaker closes",
    ];
    assert_eq!(lines.len(), 3, "{lines:#?}");
    assert!(lines.iter().zip(starts).all(|(line, start)| line.starts_with(start)), "{lines:#?}");
    assert!(lines[0].contains("circuit_breaker::told") && lines[0].contains("failed=1"), "{lines:#?}");
}

#[retry(attempts = 5, wait = fixed(1ms), when = |fault| *fault == Fault::Down)]
#[circuit_breaker(minimum = 3)]
fn each_attempt() -> Result<(), Fault> {
    run(true)
}

#[test]
fn below_a_retry_each_attempt_counts() {
    let _clock = testing::clock();
    assert!(is_refused(&each_attempt()));
    assert_eq!(RUNS.get(), 3);
}

static SHARED: Breaker = Breaker::new().minimum(2);

#[decorate(layer = &SHARED)]
fn one() -> io::Result<()> {
    Err(io::Error::other("down"))
}

#[decorate(layer = &SHARED)]
async fn other() -> io::Result<()> {
    Err(io::Error::other("down"))
}

#[test]
fn functions_share_one_as_a_value() {
    let _ = (one(), block_on(other()));
    assert_eq!(SHARED.state(), BreakerState::Open);
    assert_eq!(one().unwrap_err().kind(), io::ErrorKind::ResourceBusy);
    assert_eq!(block_on(other()).unwrap_err().kind(), io::ErrorKind::ResourceBusy);
    SHARED.reset();
    assert_eq!(SHARED.run(|| Some(1)), Some(1));
}

struct Shop {
    calls: u32,
}

#[circuit_breaker(minimum = 1)]
impl Shop {
    fn changed(&mut self, n: u32) -> Result<u32, Fault> {
        self.calls += 1;
        n.checked_sub(5).ok_or(Fault::Down)
    }

    async fn later(&mut self, text: String) -> Result<String, Fault> {
        self.calls += 1;
        tokio::task::yield_now().await;
        Ok(text)
    }

    fn owned<T: Clone>(self: Arc<Self>, value: T) -> Option<(T, u32)> {
        Some((value, self.calls))
    }
}

#[test]
fn methods_of_a_block_have_one_each() {
    let mut shop = Shop { calls: 0 };
    assert_eq!(shop.changed(1), Err(Fault::Down));
    assert!(matches!(shop.changed(9), Err(Fault::Refused(Reason::Open, Some(_)))));
    assert_eq!(block_on(shop.later("a".to_owned())), Ok("a".to_owned()));
    assert_eq!(
        (Shop::changed.breaker().state(), Shop::later.breaker().state()),
        (BreakerState::Open, BreakerState::Closed)
    );
    assert_eq!((shop.calls, Arc::new(shop).owned("x")), (2, Some(("x", 2))));
    assert_eq!(Shop::owned::<&str>.breaker().stats().calls, 1);
}

/// 8 threads; every call is counted once or is refused.
#[test]
fn threads_lose_no_call() {
    let breaker = Breaker::new().window(1_000_000).minimum(1_000_000).probes(5);
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let breaker = &breaker;
            scope.spawn(move || (0..10_000).for_each(|n| drop(breaker.run(|| (n % 8 != thread).then_some(())))));
        }
    });
    let stats = breaker.stats();
    assert_eq!((stats.calls, stats.failed), (80_000, 10_000));
}

#[test]
fn of_threads_exactly_so_many_probes_go_through() {
    for _ in 0..200 {
        let breaker = Breaker::new().minimum(1).probes(3).open_for(Duration::ZERO);
        breaker.admit().unwrap().failed();
        let start = std::sync::Barrier::new(4);
        let admitted: usize = std::thread::scope(|scope| {
            let ask = || {
                start.wait();
                let permits: Vec<_> = (0..4).filter_map(|_| breaker.admit().ok()).collect();
                let many = permits.len();
                permits.into_iter().for_each(std::mem::forget);
                many
            };
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(admitted, 3);
    }
}

#[test]
fn futures_stay_send_and_unwind_safe() {
    #[circuit_breaker]
    async fn call(text: String) -> Option<usize> {
        std::future::ready(()).await;
        Some(text.len())
    }
    fn crosses<T: Send + std::panic::UnwindSafe>(_: &T) {}
    crosses(&call(String::new()));
}
