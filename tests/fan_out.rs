//! `f.each(inputs)`: many calls of one function at once.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::future::{pending, poll_fn, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::Poll;
use std::time::Duration;

use festoon::{Blocking, Each, Settled, TimedOut, offload, retry, testing, time_left, timed};
use futures::executor::block_on;
use futures::{FutureExt, StreamExt};

/// Ready at the given poll.
async fn after(polls: usize, value: usize) -> usize {
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(value);
        }
        left -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

#[timed]
async fn double(n: usize) -> usize {
    after(9 - n.min(9), 2 * n).await
}

#[retry(attempts = 2)]
async fn odd(n: usize) -> Result<usize, usize> {
    if n % 2 == 1 { Ok(n) } else { Err(n) }
}

#[test]
fn results_are_in_the_order_of_the_inputs_or_as_they_come() {
    let inputs = [1, 5, 9];
    let ordered: Vec<usize> = block_on(double.each(inputs).limit(3).collect());
    let streamed: Vec<usize> = block_on(double.each(inputs).limit(3).map(|n| n).collect());
    let first: Vec<usize> = block_on(double.each(inputs).limit(3).as_they_come().collect());
    let first_streamed: Vec<usize> = block_on(StreamExt::collect(double.each(inputs).limit(3).as_they_come()));
    assert_eq!((ordered, streamed), (vec![2, 10, 18], vec![2, 10, 18]));
    assert_eq!((first, first_streamed), (vec![18, 10, 2], vec![18, 10, 2]));
}

#[test]
fn no_more_calls_run_than_the_limit_and_inputs_are_taken_when_there_is_room() {
    let (running, most, taken) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let call = async |n: usize| {
        running.set(running.get() + 1);
        most.set(most.get().max(running.get()));
        let value = after(3, n).await;
        running.set(running.get() - 1);
        value
    };
    let inputs = (0..100).inspect(|_| taken.set(taken.get() + 1));
    let mut calls = pin!((|n| call(n)).each(inputs).limit(7));
    assert_eq!(block_on(calls.next()), Some(0));
    assert!(taken.get() <= 8, "{} inputs were taken", taken.get());
    assert_eq!(block_on(calls.collect::<Vec<_>>()).len(), 99);
    assert_eq!(most.get(), 7);
}

/// Counts what is dropped.
struct Dropped<'a>(&'a Cell<usize>);

impl Drop for Dropped<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

#[test]
fn the_first_error_ends_the_others_whatever_the_order() {
    let dropped = Cell::new(0);
    let call = async |n: usize| {
        let _dropped = Dropped(&dropped);
        after(1, n).await;
        if n == 3 { Err(n) } else { pending().await }
    };
    let result: Result<Vec<()>, usize> = block_on((|n| call(n)).each(0..100).limit(10).collect());
    assert_eq!((result, dropped.get()), (Err(3), 10));

    let odds: Result<BTreeSet<usize>, usize> = block_on(odd.each([1, 3, 5]).limit(2).collect());
    assert_eq!(odds.unwrap().len(), 3);
    let none: Option<Vec<usize>> = block_on((|n: usize| ready(n.checked_sub(1))).each([1, 0]).limit(1).collect());
    assert_eq!(none, None);
}

#[test]
fn several_arguments_are_a_tuple_and_results_go_into_any_collection() {
    async fn named(name: &str, price: u32) -> (String, u32) {
        (name.to_owned(), price)
    }
    let names = String::from("ab");
    let inputs = [(&names[..1], 1), (&names[1..], 2)];
    let prices: BTreeMap<String, u32> = block_on(named.each(inputs).limit(16).collect());
    assert_eq!(prices, BTreeMap::from([("a".into(), 1), ("b".into(), 2)]));
}

#[test]
fn every_ending_is_told_by_its_number() {
    async fn call(n: usize) -> Result<usize, String> {
        assert_ne!(n, 1, "as asked");
        if n == 2 { Err("two".into()) } else { Ok(after(5, n).await) }
    }
    let settled = block_on(call.each(0..4).limit(4).settle());
    assert!(matches!(
        &settled[..],
        [Settled::Returned(Ok(0)), Settled::Panicked(_), Settled::Returned(Err(_)), Settled::Returned(Ok(3))]
    ));
    for result in [
        catch_unwind(|| block_on(call.each([0, 1, 3]).limit(4).collect::<Vec<_>>())),
        catch_unwind(|| block_on(StreamExt::collect(call.each([0, 1, 3]).limit(4)))),
    ] {
        let panic = result.unwrap_err();
        assert!(panic.downcast_ref::<String>().unwrap().starts_with("input 1: "), "{panic:?}");
    }
}

#[derive(Debug, PartialEq)]
enum Failed {
    Late,
}

impl From<TimedOut> for Failed {
    fn from(_: TimedOut) -> Self {
        Failed::Late
    }
}

#[test]
fn all_calls_together_have_one_limit_to_their_time() {
    let clock = testing::clock();
    let handle = clock.handle();
    // From five on calls never end, and time goes on.
    let call = async |n: u64| {
        assert!(time_left().is_some_and(|left| left <= Duration::from_secs(5)));
        if n < 5 {
            return Ok(n);
        }
        handle.advance(Duration::from_secs(n));
        pending().await
    };
    let call = |n| call(n);
    let fast: Result<Vec<u64>, _> = block_on(call.each([1, 4]).limit(2).within(Duration::from_secs(5)).collect());
    assert_eq!(fast, Ok(vec![1, 4]));
    let late: Result<Vec<u64>, _> = block_on(call.each([1, 6]).limit(2).within(Duration::from_secs(5)).collect());
    assert_eq!(late, Err(Failed::Late));
    let settled = block_on(call.each([1, 9, 2, 7]).limit(2).within(Duration::from_secs(5)).settle());
    assert!(matches!(
        &settled[..],
        [Settled::Returned(Ok(1)), Settled::TimedOut, Settled::Returned(Ok(2)), Settled::TimedOut]
    ));
}

#[test]
fn tasks_run_on_every_core_carry_the_context_and_end_with_the_stream() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    async fn seen(n: usize) -> (usize, bool, bool) {
        tokio::task::yield_now().await;
        (n, tokio::task::try_id().is_some(), time_left().is_some())
    }
    let seen: Vec<_> =
        runtime.block_on(festoon::deadline(Duration::from_secs(600), seen.each(0..20).limit(4).spawn().collect()));
    assert_eq!(seen, (0..20).map(|n| (n, true, true)).collect::<Vec<_>>());

    static ALIVE: AtomicUsize = AtomicUsize::new(0);
    struct Alive;
    impl Drop for Alive {
        fn drop(&mut self) {
            ALIVE.fetch_sub(1, SeqCst);
        }
    }
    async fn hang(_: usize) {
        ALIVE.fetch_add(1, SeqCst);
        let _alive = Alive;
        pending::<()>().await;
    }
    runtime.block_on(async {
        let mut calls = hang.each(0..8).limit(8).spawn();
        assert_eq!(calls.next().now_or_never(), None);
        while ALIVE.load(SeqCst) < 8 {
            tokio::task::yield_now().await;
        }
        drop(calls);
        while ALIVE.load(SeqCst) > 0 {
            tokio::task::yield_now().await;
        }
    });

    async fn fail(n: usize) {
        assert_ne!(n, 2, "as asked");
    }
    let result = catch_unwind(AssertUnwindSafe(|| runtime.block_on(fail.each(0..5).limit(1).spawn().collect::<()>())));
    assert!(result.unwrap_err().downcast_ref::<String>().unwrap().starts_with("input 2: "));
}

#[test]
fn futures_stay_send_and_may_borrow() {
    fn send<T: Send>(value: T) -> T {
        value
    }
    let text = String::from("a b c");
    let length = async |word: &str| word.len() + text.len();
    let sum: Vec<usize> = block_on((|word| length(word)).each(text.split(' ')).limit(2).collect());
    assert_eq!(sum, [6, 6, 6]);
    drop(send(double.each([1]).limit(1).collect::<Vec<_>>()));
    drop(send(double.each([1]).limit(1).within(Duration::from_secs(1)).settle()));
}

#[test]
fn a_limit_of_zero_is_refused() {
    assert!(catch_unwind(|| double.each([1]).limit(0)).is_err());
}

#[timed]
fn square(n: u64) -> u64 {
    n * n
}

#[test]
fn sync_calls_run_on_every_core_in_order() {
    let squares: Vec<u64> = square.each(0..1000).on_cores().collect();
    assert_eq!(squares, (0..1000).map(|n| n * n).collect::<Vec<_>>());
    let nested = |n: u64| square.each(0..n).on_cores().collect::<Vec<_>>().len();
    let lengths: Vec<usize> = nested.each(0..50).on_cores().collect();
    assert_eq!(lengths, (0..50).collect::<Vec<_>>());
}

#[test]
fn sync_calls_have_the_same_endings() {
    fn call(n: u32) -> Result<u32, u32> {
        assert_ne!(n, 7, "as asked");
        if n == 5 { Err(n) } else { Ok(n) }
    }
    let ok: Result<Vec<u32>, u32> = call.each(0..5).on_cores().collect();
    assert_eq!(ok, Ok(vec![0, 1, 2, 3, 4]));
    assert_eq!(call.each([5]).on_cores().collect::<Result<Vec<u32>, u32>>(), Err(5));
    let settled = call.each(4..8).on_cores().settle();
    assert!(matches!(
        &settled[..],
        [Settled::Returned(Ok(4)), Settled::Returned(Err(5)), Settled::Returned(Ok(6)), Settled::Panicked(_)]
    ));
    let panic = catch_unwind(|| call.each([1, 7]).on_cores().collect::<Vec<_>>()).unwrap_err();
    assert!(panic.downcast_ref::<String>().unwrap().starts_with("input 1: "));

    let called = AtomicUsize::new(0);
    let failing = |_: usize| {
        called.fetch_add(1, SeqCst);
        Err::<(), ()>(())
    };
    assert_eq!(failing.each(0..100_000).on_cores().collect::<Result<Vec<()>, ()>>(), Err(()));
    assert!(called.load(SeqCst) < 100_000, "the first error ends the others");
}

#[test]
fn sync_calls_begin_within_the_time_limit_or_not_at_all() {
    let clock = testing::clock();
    let handle = clock.handle();
    let call = |n: u64| {
        assert!(time_left().is_some());
        handle.advance(Duration::from_secs(n));
        Ok::<u64, Failed>(n)
    };
    let limit = Duration::from_secs(5);
    assert_eq!(call.each([1]).on_cores().within(limit).collect::<Result<Vec<_>, _>>(), Ok(vec![1]));
    let late = call.each([9; 1000]).on_cores().within(limit);
    assert_eq!(late.collect::<Result<Vec<u64>, Failed>>(), Err(Failed::Late));
    let settled = call.each([9; 1000]).on_cores().within(limit).settle();
    assert_eq!(settled.len(), 1000);
    assert!(matches!(settled.last(), Some(Settled::TimedOut)));
}

#[test]
fn the_context_of_a_test_reaches_every_core() {
    let _clock = testing::clock();
    let at = |_: u32| festoon::deadline_in(Duration::from_secs(1), time_left);
    let left: Vec<_> = at.each(0..100).on_cores().collect();
    assert!(left.iter().all(|left| *left == Some(Duration::from_secs(1))), "time stands still: {left:?}");
}

#[test]
fn a_bar_moves_with_each_call() {
    let bar = indicatif::ProgressBar::hidden();
    let all: Vec<usize> = block_on(double.each(0..9).limit(2).progress(&bar).collect());
    assert_eq!((all.len(), bar.position(), bar.length()), (9, 9, Some(9)));
    let bar = indicatif::ProgressBar::hidden();
    let all: Vec<u64> = square.each(0..9).on_cores().progress(&bar).collect();
    assert_eq!((all.len(), bar.position(), bar.length()), (9, 9, Some(9)));
}

#[offload]
fn cube(n: u32) -> u32 {
    n * n * n
}

#[test]
fn an_async_function_can_be_called_from_sync_code() {
    assert_eq!(cube.blocking(3), 27);
    let cubes: Vec<u32> = block_on(cube.each(0..4).limit(2).collect());
    assert_eq!(cubes, [0, 1, 8, 27]);
}

#[test]
fn a_panic_while_a_call_is_made_goes_on() {
    let call = |n: usize| {
        assert_eq!(n, 0, "as asked");
        pending::<()>()
    };
    let result = catch_unwind(AssertUnwindSafe(|| block_on(call.each([0, 1]).limit(2).collect::<Vec<_>>())));
    assert!(result.is_err());
}
