//! `#[hedge]`: when a second call starts, which result is returned, and what it may cost.

use std::cell::{Cell, RefCell};
use std::future::{pending, ready};
use std::time::Duration;

use festoon::{Decorated, Hedge, fallback, hedge, retry, testing};
use futures::executor::block_on;
use futures::future::{Either, select};

/// Runs it while somebody else moves the clock, 10 ms after 10 ms; tells how far it had moved.
fn ticking<F: Future>(clock: &testing::Handle, call: F) -> (F::Output, u128) {
    let start = clock.elapsed();
    let time = async {
        loop {
            tokio::task::yield_now().await;
            clock.advance(Duration::from_millis(10));
        }
    };
    match block_on(select(Box::pin(call), Box::pin(time))) {
        Either::Left((output, _)) => (output, clock.elapsed().saturating_sub(start).as_millis()),
        Either::Right(((), _)) => unreachable!(),
    }
}

/// What each call does, one after the other; the last one again and again.
#[derive(Clone, Copy)]
enum Call {
    Ends(u32),
    Fails(u32),
    Hangs,
    /// After so many milliseconds.
    Later(u64, u32),
    FailsLater(u64),
}

struct Script<'c> {
    clock: &'c testing::Handle,
    calls: &'c [Call],
    begun: Cell<usize>,
    dropped: Cell<usize>,
}

struct Running<'s>(&'s Cell<usize>);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

impl<'c> Script<'c> {
    fn new(clock: &'c testing::Handle, calls: &'c [Call]) -> Self {
        Script { clock, calls, begun: Cell::new(0), dropped: Cell::new(0) }
    }

    async fn until(&self, millis: u64) {
        let end = self.clock.elapsed() + Duration::from_millis(millis);
        while self.clock.elapsed() < end {
            tokio::task::yield_now().await;
        }
    }

    async fn run(&self) -> Result<u32, u32> {
        let at = self.begun.replace(self.begun.get() + 1);
        let _running = Running(&self.dropped);
        match self.calls[at.min(self.calls.len() - 1)] {
            Call::Ends(value) => Ok(value),
            Call::Fails(value) => Err(value),
            Call::Hangs => pending().await,
            Call::Later(millis, value) => {
                self.until(millis).await;
                Ok(value)
            }
            Call::FailsLater(millis) => {
                self.until(millis).await;
                Err(0)
            }
        }
    }
}

#[hedge(after = 100ms, idempotent)]
async fn hedged(script: &Script<'_>) -> Result<u32, u32> {
    script.run().await
}

fn outcome(calls: &[Call]) -> (Result<u32, u32>, u128, usize) {
    let clock = testing::clock();
    let script = Script::new(&clock, calls);
    let (outcome, took) = ticking(&clock, hedged(&script));
    assert_eq!(script.begun.get(), script.dropped.get(), "what was not taken was dropped");
    (outcome, took, script.begun.get())
}

#[test]
fn a_quick_call_is_alone() {
    assert_eq!(outcome(&[Call::Ends(1)]), (Ok(1), 0, 1));
    assert_eq!(outcome(&[Call::Fails(1)]), (Err(1), 0, 1));
    assert_eq!(outcome(&[Call::Later(90, 1)]), (Ok(1), 90, 1));
}

#[test]
fn a_slow_one_gets_a_second_and_the_first_that_ends_well_is_taken() {
    assert_eq!(outcome(&[Call::Hangs, Call::Ends(2)]), (Ok(2), 100, 2));
    assert_eq!(outcome(&[Call::Later(150, 1), Call::Hangs]), (Ok(1), 150, 2));
    assert_eq!(outcome(&[Call::Later(150, 1), Call::Later(20, 2)]), (Ok(2), 120, 2));
}

#[test]
fn a_failure_lets_the_other_one_go_on() {
    assert_eq!(outcome(&[Call::Later(150, 1), Call::Fails(2)]), (Ok(1), 150, 2));
    assert_eq!(outcome(&[Call::FailsLater(110), Call::Later(30, 2)]), (Ok(2), 130, 2));
    assert_eq!(outcome(&[Call::FailsLater(110), Call::Fails(2)]).0, Err(0), "the later one");
}

#[hedge(after = 10ms, idempotent, budget = 0.5)]
async fn on_a_budget(script: &Script<'_>) -> Result<u32, u32> {
    script.run().await
}

#[test]
fn the_budget_is_a_share_of_the_calls_and_ten() {
    let clock = testing::clock();
    let script = Script::new(&clock, &[Call::Later(20, 1)]);
    for _ in 0..100 {
        assert_eq!(ticking(&clock, on_a_budget(&script)).0, Ok(1));
    }
    let hedged = on_a_budget.hedge().hedged();
    assert!((58..=60).contains(&hedged), "{hedged}");
    assert_eq!((on_a_budget.hedge().won(), script.begun.get()), (0, 100 + usize::try_from(hedged).unwrap()));
}

#[hedge(after = p90, idempotent)]
async fn after_most(script: &Script<'_>) -> Result<u32, u32> {
    script.run().await
}

#[test]
fn a_share_of_the_calls_says_when() {
    let clock = testing::clock();
    let calls: Vec<Call> = (0..30).map(|n| Call::Later(if n % 10 == 9 { 500 } else { 50 }, n)).collect();
    let script = Script::new(&clock, &calls);
    for _ in 0..19 {
        assert!(ticking(&clock, after_most(&script)).0.is_ok());
    }
    assert_eq!(after_most.hedge().hedged(), 0, "there have been too few");
    let script = Script::new(&clock, &[Call::Later(50, 1), Call::Hangs, Call::Ends(3)]);
    assert_eq!(ticking(&clock, after_most(&script)).1, 50);
    let (outcome, took) = ticking(&clock, after_most(&script));
    assert_eq!((outcome, after_most.hedge().hedged()), (Ok(3), 1));
    assert!((50..=70).contains(&took), "{took}");
}

#[hedge(after = 10ms, idempotent, clone(text))]
async fn uses_up(mut text: String, mut n: u32, calls: &Cell<u32>) -> Option<String> {
    calls.set(calls.get() + 1);
    n += 1;
    text.push_str(&n.to_string());
    if calls.get() == 1 { pending().await } else { Some(text) }
}

#[test]
fn each_call_has_its_own_arguments() {
    let clock = testing::clock();
    let calls = Cell::new(0);
    let (outcome, _) = ticking(&clock, uses_up("a".to_owned(), 1, &calls));
    assert_eq!((outcome.as_deref(), calls.get()), (Some("a2"), 2));
}

#[fallback(7)]
#[retry(attempts = 2, wait = fixed(0ms))]
#[hedge(after = 10ms, idempotent)]
async fn in_a_stack(log: &RefCell<Vec<u32>>, n: u32) -> Result<u32, u32> {
    log.borrow_mut().push(n);
    ready(()).await;
    Err(n)
}

struct Shop {
    price: u32,
    asked: Cell<u32>,
}

#[hedge(after = 10ms, idempotent)]
impl Shop {
    async fn shared(&self, n: u32) -> Option<u32> {
        self.asked.set(self.asked.get() + 1);
        if self.asked.get() == 1 { pending().await } else { Some(self.price + n) }
    }

    async fn owned<T: Clone>(self, value: T) -> Option<(T, u32)> {
        ready(()).await;
        Some((value.clone(), self.price))
    }
}

#[test]
fn methods_and_stacks_have_it() {
    let clock = testing::clock();
    let shop = Shop { price: 3, asked: Cell::new(0) };
    assert_eq!(ticking(&clock, shop.shared(1)).0, Some(4));
    assert_eq!((Shop::shared.hedge().hedged(), Shop::shared.hedge().won()), (1, 1));
    assert_eq!(block_on(shop.owned("a")), Some(("a", 3)));
    let log = RefCell::new(Vec::new());
    assert_eq!((block_on(in_a_stack(&log, 1)), log.take()), (Ok(7), vec![1, 1]));
}

#[test]
fn a_value_hedges_any_call() {
    let clock = testing::clock();
    let script = Script::new(&clock, &[Call::Hangs, Call::Ends(2)]);
    let hedge = Hedge::after(Duration::from_millis(50));
    assert_eq!(ticking(&clock, hedge.run_async(|| script.run())), (Ok(2), 50));
    assert_eq!((hedge.hedged(), hedge.won()), (1, 1));
}

#[test]
fn futures_stay_send() {
    #[hedge(after = 10ms, idempotent)]
    async fn call(key: &str, text: String) -> Option<usize> {
        tokio::task::yield_now().await;
        Some(key.len() + text.len())
    }
    fn is_send<T: Send>(_: &T) {}
    is_send(&call("a", String::new()));
}
