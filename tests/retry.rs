//! `#[retry]`: which calls are repeated, after which waits, with which arguments.

mod deadlines;
mod light;
mod option_pairs;
mod outcome;
mod quick;
mod staged;
mod waits;

use std::cell::{Cell, RefCell};
use std::time::Duration;

use festoon::{Decorated, Jitter, Wait, retry};

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Fails so many times, then gives the number of the call.
struct Flaky {
    fails: u32,
    calls: Cell<u32>,
}

impl Flaky {
    fn new(fails: u32) -> Self {
        Flaky { fails, calls: Cell::new(0) }
    }

    fn call(&self) -> Result<u32, String> {
        self.calls.set(self.calls.get() + 1);
        let number = self.calls.get();
        if number > self.fails { Ok(number) } else { Err(format!("failure {number}")) }
    }
}

#[retry(attempts = 4, wait = exponential(10ms, max = 25ms), jitter = none)]
fn plain(flaky: &Flaky) -> Result<u32, String> {
    let number = flaky.call()?;
    Ok(number)
}

#[test]
fn a_success_is_not_repeated_and_nothing_sleeps() {
    let clock = festoon::testing::clock();
    assert_eq!(plain(&Flaky::new(0)), Ok(1));
    assert!(clock.sleeps().is_empty());
}

#[test]
fn the_question_mark_ends_an_attempt_and_not_the_call() {
    let clock = festoon::testing::clock();
    assert_eq!(plain(&Flaky::new(2)), Ok(3));
    assert_eq!(clock.sleeps(), [ms(10), ms(20)]);
}

#[test]
fn attempts_counts_all_calls_and_the_last_error_comes_back() {
    let clock = festoon::testing::clock();
    let flaky = Flaky::new(9);
    assert_eq!(plain(&flaky), Err("failure 4".to_owned()));
    assert_eq!(flaky.calls.get(), 4);
    assert_eq!(clock.sleeps(), [ms(10), ms(20), ms(25)]);
}

#[retry]
fn standard(flaky: &Flaky) -> Result<u32, String> {
    flaky.call()
}

#[test]
fn without_options_three_attempts_and_a_random_wait_up_to_100_and_200_ms() {
    let clock = festoon::testing::clock();
    let flaky = Flaky::new(9);
    assert!(standard(&flaky).is_err());
    assert_eq!(flaky.calls.get(), 3);
    let sleeps = clock.sleeps();
    assert!(sleeps.len() == 2 && sleeps[0] < ms(100) && sleeps[1] < ms(200), "{sleeps:?}");
}
struct CountedClone {
    clones: std::rc::Rc<Cell<u32>>,
}

impl Clone for CountedClone {
    fn clone(&self) -> Self {
        self.clones.set(self.clones.get() + 1);
        CountedClone { clones: self.clones.clone() }
    }
}

#[retry(attempts = 3, wait = fixed(1ms), clone(owned))]
fn consumes(owned: CountedClone, flaky: &Flaky) -> Result<u32, String> {
    drop(owned);
    flaky.call()
}

#[test]
fn a_cloned_argument_is_cloned_for_all_attempts_but_the_last() {
    let _clock = festoon::testing::clock();
    for (fails, clones) in [(0, 1), (1, 2), (2, 2), (9, 2)] {
        let counter = std::rc::Rc::new(Cell::new(0));
        let _ = consumes(CountedClone { clones: counter.clone() }, &Flaky::new(fails));
        assert_eq!(counter.get(), clones, "{fails} failures");
    }
}

#[retry(attempts = 3, wait = chain[1ms, 5ms], jitter = none)]
async fn later(flaky: &Flaky) -> Result<u32, String> {
    tokio::task::yield_now().await;
    Ok(flaky.call()? + festoon::attempt().number * 100)
}

#[tokio::test]
async fn async_functions_are_retried() {
    let clock = festoon::testing::clock();
    assert_eq!(later(&Flaky::new(2)).await, Ok(303));
    assert_eq!(clock.sleeps(), [ms(1), ms(5)]);
}

#[retry(attempts = 3, wait = fixed(1ms), timeout = 2s)]
async fn hangs(log: &RefCell<Vec<u32>>) -> std::io::Result<()> {
    log.borrow_mut().push(festoon::attempt().number);
    std::future::pending().await
}

#[tokio::test]
async fn an_attempt_that_hangs_is_cut_off() {
    let clock = festoon::testing::clock();
    let log = RefCell::new(Vec::new());
    let time = async {
        loop {
            tokio::task::yield_now().await;
            clock.advance(Duration::from_secs(2));
        }
    };
    let error = tokio::select! {
        outcome = hangs(&log) => outcome.unwrap_err(),
        () = time => unreachable!(),
    };
    assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
    assert_eq!(*log.borrow(), [1, 2, 3]);
}

#[retry(timeout = 10s)]
async fn reads() -> std::io::Result<u32> {
    for _ in 0..5 {
        tokio::task::yield_now().await;
    }
    Ok(festoon::attempt().number)
}

#[tokio::test]
async fn waiting_for_something_is_not_yet_late() {
    let clock = festoon::testing::clock();
    assert_eq!((reads().await.ok(), clock.sleeps().is_empty()), (Some(1), true));
}

#[retry(wait = fixed(10s))]
async fn always_fails() -> Result<(), u32> {
    tokio::task::yield_now().await;
    Err(1)
}

/// Without a virtual clock: its sleeps cannot be cancelled.
#[tokio::test]
async fn a_cancelled_wait_counts_what_was_slept() {
    let mut call = Box::pin(always_fails());
    while always_fails.retries().retried == 0 {
        futures::future::poll_immediate(&mut call).await;
    }
    drop(call);
    assert!(always_fails.retries().slept < Duration::from_secs(10));
}

#[derive(Clone)]
struct Conn {
    opened: u32,
}
impl Conn {
    #[retry(wait = fixed(1ms))]
    async fn get(&mut self, key: &str, out: &mut Vec<u8>) -> Result<u32, Box<dyn std::error::Error + Send + Sync>> {
        self.opened += 1;
        out.push(1);
        let number: u32 = key.parse()?;
        Ok(number)
    }
    #[retry(wait = fixed(1ms), clone(self))]
    fn into_it(self, n: u32) -> Option<Box<Self>> {
        let me = self;
        (n > 3).then(|| Box::new(me))
    }
    #[retry(wait = fixed(1ms))]
    fn name(&self) -> Result<&u32, String> {
        Ok(&self.opened)
    }
}

#[test]
fn every_receiver_can_be_retried() {
    let _clock = festoon::testing::clock();
    let (mut conn, mut out) = (Conn { opened: 0 }, Vec::new());
    assert_eq!(futures::executor::block_on(conn.get("7", &mut out)).unwrap(), 7);
    assert!(futures::executor::block_on(conn.get("x", &mut out)).is_err());
    assert_eq!((conn.opened, out.len()), (4, 4));
    assert_eq!(conn.name(), Ok(&4));
    assert!(conn.clone().into_it(3).is_none());
    assert_eq!(conn.into_it(4).map(|conn| conn.opened), Some(4));
}

#[retry(attempts = 2, wait = Wait::linear(ms(1), ms(2)).jitter(Jitter::None), until = |n| *n > 1)]
fn number(mut n: u32, calls: &Cell<u32>) -> u32 {
    n += 1;
    calls.set(calls.get() + n);
    n
}

#[test]
fn until_works_on_plain_values() {
    let _clock = festoon::testing::clock();
    let calls = Cell::new(0);
    assert_eq!(number(0, &calls), 1);
    assert_eq!(calls.get(), 2, "a `mut` argument starts anew");
    assert_eq!(number.retries().gave_up, 1);
}

fn is_send<T: Send>(value: T) -> T {
    value
}

#[test]
fn futures_are_send_and_small() {
    async fn bare(key: &str) -> Result<u32, std::num::ParseIntError> {
        tokio::task::yield_now().await;
        key.parse()
    }
    #[retry]
    async fn retried(key: &str) -> Result<u32, std::num::ParseIntError> {
        tokio::task::yield_now().await;
        key.parse()
    }
    let (bare, retried) = (size_of_val(&bare("1")), size_of_val(&is_send(retried("1"))));
    println!("{bare} {retried}");
    assert!(retried <= bare + 64, "{bare} {retried}");
}
