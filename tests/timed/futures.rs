//! Async functions: polls, cancellation, tasks that move.

use std::future::{Future, pending};
use std::panic::catch_unwind;
use std::pin::pin;
use std::task::Poll;

use festoon::testing::{self, Handle};
use festoon::{Decorated, timed};

use super::{MS, a_turn, assert_about, poll_once, takes};

#[test]
fn async_calls_have_wall_time_busy_time_and_polls() {
    let clock = testing::clock();
    #[timed]
    async fn work(clock: &Handle) -> u32 {
        takes(clock, 1);
        a_turn().await;
        takes(clock, 5);
        7
    }
    let mut future = pin!(work(&clock));
    assert!(poll_once(future.as_mut()).is_pending());
    clock.advance(100 * MS);
    assert_eq!(poll_once(future.as_mut()), Poll::Ready(7));
    let timing = work.timing();
    assert_eq!((timing.calls(), timing.polls()), (1, 2));
    assert_about(timing.total(), 106 * MS);
    assert_about(timing.busy(), 6 * MS);
    assert_about(timing.longest_poll(), 5 * MS);
    assert_about(timing.self_time(), 6 * MS);
}

#[test]
fn a_dropped_future_is_cancelled_unless_it_was_never_polled() {
    #[timed]
    async fn wait() -> Result<(), ()> {
        pending().await
    }
    drop(wait());
    assert_eq!(wait.timing().calls(), 0);
    {
        let mut future = pin!(wait());
        assert!(poll_once(future.as_mut()).is_pending());
    }
    let outcomes = wait.timing().outcomes();
    assert_eq!((outcomes.cancelled(), outcomes.total()), (1, 1));
}

#[test]
fn an_async_panic_is_a_panic_and_not_a_cancellation() {
    #[timed]
    async fn work() {
        a_turn().await;
        panic!("as asked");
    }
    let result = catch_unwind(|| {
        let mut future = pin!(work());
        let _ = poll_once(future.as_mut());
        let _ = poll_once(future.as_mut());
    });
    assert!(result.is_err());
    let outcomes = work.timing().outcomes();
    assert_eq!((outcomes.panic(), outcomes.cancelled(), outcomes.total()), (1, 0, 1));
}

#[test]
fn async_errors_early_returns_and_question_marks_are_seen() {
    #[timed]
    async fn work(text: &str) -> Result<Option<&[u8]>, std::num::ParseIntError> {
        if text.is_empty() {
            return Ok(None);
        }
        let _: u32 = text.parse()?;
        a_turn().await;
        Ok(Some(text.as_bytes()))
    }
    ::futures::executor::block_on(async {
        let _ = (work("").await, work("1").await, work("x").await);
    });
    let outcomes = work.timing().outcomes();
    assert_eq!((outcomes.success(), outcomes.error()), (2, 1));
}

#[test]
fn async_recursion_counts_its_time_once() {
    let clock = testing::clock();
    #[timed]
    async fn down(clock: &Handle, levels: u32) {
        takes(clock, 1);
        if levels > 1 {
            Box::pin(down(clock, levels - 1)).await;
        }
    }
    ::futures::executor::block_on(down(&clock, 10));
    assert_eq!(down.timing().calls(), 10);
    assert_about(down.timing().total(), 10 * MS);
    assert_about(down.timing().self_time(), 10 * MS);
}

#[test]
fn busy_is_at_most_the_total_whatever_calls_itself() {
    let clock = testing::clock();
    #[timed]
    async fn down(clock: &Handle, levels: u32) {
        takes(clock, 1);
        a_turn().await;
        if levels > 1 {
            Box::pin(down(clock, levels - 1)).await;
        }
    }
    #[timed]
    async fn even(clock: &Handle, n: u32) -> bool {
        takes(clock, 1);
        a_turn().await;
        n == 0 || Box::pin(odd(clock, n - 1)).await
    }
    #[timed]
    async fn odd(clock: &Handle, n: u32) -> bool {
        takes(clock, 2);
        n != 0 && Box::pin(even(clock, n - 1)).await
    }
    ::futures::executor::block_on(down(&clock, 8));
    assert_about(down.timing().busy(), 8 * MS);
    assert_about(down.timing().total(), 8 * MS);
    assert_about(down.timing().self_time(), 8 * MS);

    assert!(::futures::executor::block_on(even(&clock, 6)));
    // From the first `even` to the last, and from the first `odd`: four milliseconds and three times two.
    assert_about(even.timing().busy(), 10 * MS);
    assert_about(odd.timing().busy(), 9 * MS);
    assert_about(even.timing().self_time(), 4 * MS);
    assert_about(odd.timing().self_time(), 6 * MS);
    for timing in [down.timing(), even.timing(), odd.timing()] {
        assert!(timing.busy() <= timing.total(), "{timing:?}: {:?} of {:?}", timing.busy(), timing.total());
    }
}

/// A call that outlives the one that it began in has its time for itself from then on.
#[test]
fn busy_is_at_most_the_total_when_a_call_outlives_its_caller() {
    let clock = testing::clock();
    #[timed]
    async fn work(clock: Handle, inner: Option<std::rc::Rc<std::cell::RefCell<Inner>>>) {
        takes(&clock, 1);
        if let Some(inner) = inner {
            assert!(poll_once(inner.borrow_mut().as_mut()).is_pending());
            takes(&clock, 1);
        } else {
            for _ in 0..10 {
                a_turn().await;
                takes(&clock, 1);
            }
        }
    }
    type Inner = std::pin::Pin<Box<dyn Future<Output = ()>>>;
    let boxed: Inner = Box::pin(work(clock.handle(), None));
    let inner = std::rc::Rc::new(std::cell::RefCell::new(boxed));
    ::futures::executor::block_on(work(clock.handle(), Some(inner.clone())));
    clock.advance(5 * MS);
    while poll_once(inner.borrow_mut().as_mut()).is_pending() {}
    let timing = work.timing();
    // The outer call took 3 ms, 1 of them in the inner one, which worked for 10 more from its next poll on.
    assert_about(timing.busy(), 13 * MS);
    assert_about(timing.total(), 13 * MS);
    assert_about(timing.self_time(), 13 * MS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_that_move_between_threads_are_counted_whole() {
    #[timed]
    async fn work() {
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
    }
    let tasks: Vec<_> = (0..50).map(|_| tokio::spawn(work())).collect();
    for task in tasks {
        task.await.unwrap();
    }
    let timing = work.timing();
    assert_eq!((timing.calls(), timing.polls()), (50, 50 * 21));
    assert!(timing.self_time() <= timing.busy() && timing.busy() <= timing.total());
}

#[test]
fn own_time_leaves_out_timed_callees_on_whatever_thread() {
    #[timed]
    async fn outer() {
        inner().await;
        inside();
    }
    #[timed]
    async fn inner() {
        inside();
        a_turn().await;
        inside();
    }
    #[timed]
    fn inside() {
        spin();
    }
    #[timed]
    fn beside() {
        spin();
    }
    fn spin() {
        let start = std::time::Instant::now();
        while start.elapsed() < MS {}
    }
    // Each thread has timed calls behind it, not equally many.
    beside();
    let mut future = Box::pin(outer());
    assert!(poll_once(future.as_mut()).is_pending());
    let elsewhere = move || {
        beside();
        beside();
        poll_once(future.as_mut()).is_ready()
    };
    assert!(std::thread::spawn(elsewhere).join().unwrap());
    let (outer, inner) = (outer.timing(), inner.timing());
    assert_eq!((outer.polls(), inner.polls(), inside.timing().calls()), (2, 2, 3));
    assert_about(outer.self_time() + inner.self_time() + inside.timing().total(), outer.busy());
    assert!(inside.timing().total() >= 3 * MS && outer.total() >= outer.busy());
}
