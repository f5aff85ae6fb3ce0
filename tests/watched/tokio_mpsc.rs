//! Channels of `tokio::sync::mpsc`.

use std::cell::Cell;
use std::future::poll_fn;
use std::time::Duration;

use festoon::timing::watched::tokio_mpsc::{Receiver, Sender, UnboundedReceiver, UnboundedSender};
use festoon::{testing, timing};
use futures::FutureExt;
use tokio::sync::mpsc::{
    self,
    error::{SendTimeoutError, TryRecvError, TrySendError},
};

use super::{SECOND, Told, channel, counts};

#[tokio::test]
async fn a_bounded_channel() {
    let (tx, mut rx) = timing::channel("tokio bounded", mpsc::channel(3));
    assert_eq!((tx.capacity(), tx.max_capacity(), rx.is_empty()), (3, 3, true));
    tx.send(1).await.unwrap();
    tx.try_send(2).unwrap();
    tx.send_timeout(3, SECOND).await.unwrap();
    assert_eq!(tx.try_send(4), Err(TrySendError::Full(4)));
    assert!(tx.send(4).now_or_never().is_none());
    assert_eq!(tx.send_timeout(4, Duration::ZERO).await, Err(SendTimeoutError::Timeout(4)));
    assert_eq!((counts("tokio bounded"), rx.len()), ([3, 0, 3, 3], 3));
    assert_eq!((rx.recv().await, rx.try_recv()), (Some(1), Ok(2)));
    let permit = tx.reserve().await.unwrap();
    assert_eq!((tx.capacity(), counts("tokio bounded")), (1, [3, 2, 1, 3]));
    permit.send(5);
    tx.try_reserve().unwrap().send(6);
    let mut buffer = vec![0];
    assert_eq!((rx.recv_many(&mut buffer, 2).await, rx.recv_many(&mut buffer, 0).await), (2, 0));
    assert_eq!(rx.recv_many(&mut buffer, 9).await, 1);
    assert_eq!((buffer, rx.try_recv()), (vec![0, 3, 5, 6], Err(TryRecvError::Empty)));
    assert_eq!(counts("tokio bounded"), [5, 5, 0, 3]);
}

#[tokio::test]
async fn closing() {
    let (tx, mut rx) = timing::channel("tokio closing", mpsc::channel(3));
    tx.send(1).await.unwrap();
    rx.close();
    tx.closed().await;
    assert!(tx.is_closed() && rx.is_closed());
    assert_eq!((tx.send(2).await.unwrap_err().0, tx.try_send(3)), (2, Err(TrySendError::Closed(3))));
    assert_eq!(tx.send_timeout(4, SECOND).await, Err(SendTimeoutError::Closed(4)));
    assert_eq!((rx.recv().await, rx.recv().await), (Some(1), None));

    let (tx, mut rx) = timing::channel("tokio closing", mpsc::unbounded_channel());
    let weak = tx.downgrade();
    assert!(weak.upgrade().is_some_and(|other| other.same_channel(&tx)));
    assert_eq!((tx.strong_count(), tx.weak_count()), (1, 1));
    tx.send(1).unwrap();
    drop(tx);
    assert!(weak.upgrade().is_none());
    assert_eq!((rx.recv().await, rx.recv().await, rx.try_recv()), (Some(1), None, Err(TryRecvError::Disconnected)));
    assert_eq!(counts("tokio closing"), [2, 2, 0, 1]);
}

#[tokio::test]
async fn messages_that_nobody_receives_are_dropped_once_and_leave() {
    let dropped = Cell::new(0);
    let (tx, mut rx) = timing::channel("tokio dropped", mpsc::unbounded_channel());
    for _ in 0..3 {
        tx.send(Told(&dropped)).unwrap();
    }
    drop(rx.recv().await);
    drop(rx);
    assert_eq!((dropped.get(), counts("tokio dropped")), (3, [3, 1, 0, 3]));
    let refused = tx.send(Told(&dropped)).unwrap_err();
    assert_eq!(dropped.get(), 3);
    drop(refused);
    assert_eq!((dropped.get(), counts("tokio dropped")), (4, [3, 1, 0, 3]));
}

#[tokio::test]
async fn how_long_messages_are_in_it_and_how_long_others_wait() {
    let clock = testing::clock();
    let (tx, mut rx) = timing::channel("tokio waits", mpsc::channel(1));
    let (waits, sends) = {
        let mut recv = Box::pin(rx.recv());
        assert!(recv.as_mut().now_or_never().is_none());
        clock.advance(SECOND);
        tx.send(1).await.unwrap();
        clock.advance(2 * SECOND);
        assert_eq!(recv.await, Some(1));
        (channel("tokio waits").receive_wait, channel("tokio waits").latency)
    };
    assert_eq!((waits, sends), (3 * SECOND, 2 * SECOND));

    tx.send(2).await.unwrap();
    let mut send = Box::pin(tx.send(3));
    assert!(send.as_mut().now_or_never().is_none());
    clock.advance(5 * SECOND);
    assert_eq!(rx.recv().await, Some(2));
    send.await.unwrap();
    let of = channel("tokio waits");
    assert_eq!((of.send_wait, of.latency, of.max_latency), (5 * SECOND, 7 * SECOND, 5 * SECOND));
    assert_eq!(rx.recv().await, Some(3));
    assert_eq!(channel("tokio waits").max_latency, 5 * SECOND);
}

#[tokio::test]
async fn a_wait_that_is_given_up_counts() {
    let clock = testing::clock();
    let (tx, mut rx) = timing::channel::<(mpsc::Sender<_>, mpsc::Receiver<_>), _>("tokio given up", mpsc::channel(1));
    {
        let mut recv = Box::pin(rx.recv());
        assert!(recv.as_mut().now_or_never().is_none());
        clock.advance(SECOND);
    }
    clock.advance(10 * SECOND);
    assert!(poll_fn(|context| std::task::Poll::Ready(rx.poll_recv(context).is_pending())).await);
    clock.advance(2 * SECOND);
    tx.send(1).await.unwrap();
    assert_eq!(poll_fn(|context| rx.poll_recv(context)).await, Some(1));
    assert_eq!(channel("tokio given up").receive_wait, 3 * SECOND);
}

#[test]
fn from_blocking_code_and_many_tasks() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap();
    let (tx, mut rx) = timing::channel("tokio tasks", mpsc::channel(4));
    for task in 0..8_u64 {
        let tx = tx.clone();
        runtime.spawn(async move {
            for n in 0..500 {
                tx.send(task * n).await.unwrap();
            }
        });
    }
    let blocking = std::thread::spawn(move || (0..100).try_for_each(|n| tx.blocking_send(n)));
    let mut received = 0;
    while rx.blocking_recv().is_some() {
        received += 1;
    }
    blocking.join().unwrap().unwrap();
    let of = channel("tokio tasks");
    assert_eq!((received, of.sent, of.received, of.depth), (4100, 4100, 4100, 0));
    assert!((1..=5).contains(&of.max_depth), "{of:?}");
}

#[test]
fn the_ends_are_as_portable_as_those_that_they_wrap() {
    fn is<T: Send + Sync + Unpin>() {}
    fn sends<F: Send>(_: F) {}

    is::<Sender<u8>>();
    is::<Receiver<u8>>();
    is::<UnboundedSender<u8>>();
    is::<UnboundedReceiver<u8>>();
    let (tx, mut rx) = timing::channel("tokio send", mpsc::channel(1));
    sends(tx.send(1_u8));
    sends(rx.recv());
}
