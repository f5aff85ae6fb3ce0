//! Futures and streams.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;

use festoon::{testing, timing};
use futures::stream::{self, FusedStream};
use futures::{FutureExt, Stream, StreamExt, executor::block_on};

use super::{SECOND, future, stream};

#[test]
fn a_future() {
    let clock = testing::clock();
    let mut turns = 0;
    let work = std::future::poll_fn(|context| {
        turns += 1;
        clock.advance(turns * SECOND);
        context.waker().wake_by_ref();
        if turns == 3 { Poll::Ready(turns) } else { Poll::Pending }
    });
    let mut work = Box::pin(timing::future("polled", work));
    clock.advance(100 * SECOND);
    assert!(work.as_mut().now_or_never().is_none());
    assert_eq!((future("polled").started, future("polled").completed), (1, 0));
    clock.advance(10 * SECOND);
    assert_eq!(block_on(work), 3);
    let of = future("polled");
    assert_eq!((of.started, of.completed, of.cancelled, of.polls), (1, 1, 0, 3));
    assert_eq!((of.busy, of.longest_poll, of.total, of.mean()), (6 * SECOND, 3 * SECOND, 16 * SECOND, 16 * SECOND));
}

#[test]
fn futures_that_end_early() {
    let clock = testing::clock();
    drop(timing::future("early", async {}));
    assert_eq!((future("early").started, future("early").cancelled), (0, 0));
    {
        let mut stuck = Box::pin(timing::future("early", std::future::pending::<()>()));
        assert!(stuck.as_mut().now_or_never().is_none());
        clock.advance(SECOND);
    }
    let panics = timing::future("early", async { std::panic::resume_unwind(Box::new(())) });
    assert!(catch_unwind(AssertUnwindSafe(|| block_on(panics))).is_err());
    let of = future("early");
    assert_eq!((of.started, of.completed, of.cancelled, of.polls, of.total), (2, 0, 2, 2, SECOND));
}

#[test]
fn a_oneshot_is_a_future() {
    let clock = testing::clock();
    let (tx, rx) = tokio::sync::oneshot::channel();
    let mut rx = timing::future("oneshot", rx);
    assert!((&mut rx).now_or_never().is_none());
    clock.advance(SECOND);
    tx.send(7).unwrap();
    assert_eq!(block_on(rx), Ok(7));
    assert_eq!(future("oneshot").total, SECOND);
}

#[test]
fn a_stream() {
    let clock = testing::clock();
    let numbers = stream::iter([3, 1, 2]).map(|n| {
        clock.advance(n * SECOND);
        n
    });
    let mut numbers = timing::stream("streamed", numbers);
    assert_eq!(numbers.size_hint(), (3, Some(3)));
    clock.advance(100 * SECOND);
    assert_eq!(block_on(numbers.next()), Some(3));
    clock.advance(4 * SECOND);
    assert_eq!(block_on(numbers.by_ref().collect::<Vec<_>>()), [1, 2]);
    let of = stream("streamed");
    assert_eq!((of.started, of.ended, of.items, of.polls), (1, 1, 3, 4));
    assert_eq!((of.between, of.max_between, of.busy), (10 * SECOND, 5 * SECOND, 6 * SECOND));
    assert_eq!(of.mean_between(), 10 * SECOND / 3);
}

#[test]
fn streams_that_are_pending_end_twice_or_are_dropped() {
    let mut both = timing::stream("odd", stream::repeat(1).take_until(std::future::ready(())));
    assert_eq!((block_on(both.next()), block_on(both.next())), (None, None));
    assert!(timing::stream("odd", stream::pending::<u8>()).next().now_or_never().is_none());
    drop(timing::stream("odd", stream::empty::<u8>()));
    let of = stream("odd");
    assert_eq!((of.started, of.ended, of.items, of.polls), (2, 1, 0, 3));
    assert!(timing::stream("odd", stream::empty::<u8>()).is_terminated());
}
