//! Channels of `std::sync::mpsc`.

use std::cell::Cell;
use std::sync::mpsc::{self, RecvTimeoutError, TryRecvError, TrySendError};
use std::time::Duration;

use festoon::timing::watched::std_mpsc::{Receiver, Sender, SyncSender};
use festoon::{testing, timing};

use super::{SECOND, Told, channel, counts};

#[test]
fn an_unbounded_channel() {
    let (tx, rx) = timing::channel("std unbounded", mpsc::channel());
    assert_eq!(rx.try_recv(), Err(TryRecvError::Empty));
    for n in 0..5 {
        tx.clone().send(n).unwrap();
    }
    assert_eq!(counts("std unbounded"), [5, 0, 5, 5]);
    assert_eq!((rx.recv(), rx.recv_timeout(SECOND)), (Ok(0), Ok(1)));
    assert_eq!(rx.try_iter().collect::<Vec<_>>(), [2, 3, 4]);
    assert_eq!(counts("std unbounded"), [5, 5, 0, 5]);
    assert_eq!(rx.recv_timeout(Duration::ZERO), Err(RecvTimeoutError::Timeout));
    drop(tx);
    assert_eq!(rx.try_recv(), Err(TryRecvError::Disconnected));
    assert_eq!(rx.recv_timeout(SECOND), Err(RecvTimeoutError::Disconnected));
    assert!(rx.recv().is_err());
    assert_eq!(counts("std unbounded"), [5, 5, 0, 5]);
}

#[test]
fn a_bounded_channel_refuses_and_gives_back() {
    let (tx, rx) = timing::channel("std bounded", mpsc::sync_channel(2));
    tx.send("a".to_owned()).unwrap();
    tx.try_send("b".to_owned()).unwrap();
    assert_eq!(tx.try_send("c".to_owned()), Err(TrySendError::Full("c".to_owned())));
    assert_eq!(counts("std bounded"), [2, 0, 2, 2]);
    assert_eq!(rx.iter().take(2).collect::<String>(), "ab");
    drop(rx);
    assert_eq!(tx.try_send("d".to_owned()), Err(TrySendError::Disconnected("d".to_owned())));
    assert_eq!(tx.send("e".to_owned()).unwrap_err().0, "e");
    assert_eq!(counts("std bounded"), [2, 2, 0, 2]);
}

#[test]
fn messages_that_nobody_receives_are_dropped_once_and_leave() {
    let dropped = Cell::new(0);
    let (tx, rx) = timing::channel("std dropped", mpsc::channel());
    tx.send(Told(&dropped)).unwrap();
    tx.send(Told(&dropped)).unwrap();
    drop(rx.recv().unwrap());
    assert_eq!(dropped.get(), 1);
    drop(rx);
    assert_eq!(dropped.get(), 2);
    assert_eq!(counts("std dropped"), [2, 1, 0, 2]);
    let refused = tx.send(Told(&dropped)).unwrap_err();
    assert_eq!((dropped.get(), counts("std dropped")), (2, [2, 1, 0, 2]));
    drop(refused);
    assert_eq!((dropped.get(), counts("std dropped")), (3, [2, 1, 0, 2]));
}

#[test]
fn how_long_messages_are_in_it() {
    let clock = testing::clock();
    let (tx, rx) = timing::channel("std latency", mpsc::channel());
    tx.send(1).unwrap();
    clock.advance(SECOND);
    tx.send(2).unwrap();
    clock.advance(2 * SECOND);
    assert_eq!(rx.into_iter().take(2).sum::<i32>(), 3);
    let of = channel("std latency");
    assert_eq!((of.latency, of.max_latency, of.mean_latency()), (5 * SECOND, 3 * SECOND, 5 * SECOND / 2));
    assert_eq!((of.send_wait, of.receive_wait), (Duration::ZERO, Duration::ZERO));
}

#[test]
fn those_who_wait_are_seen() {
    let (tx, rx) = timing::channel("std waits", mpsc::sync_channel(0));
    // A rendezvous: one of both has to wait.
    let sender = std::thread::spawn(move || (0..50).try_for_each(|n| tx.send(n)));
    assert_eq!(rx.iter().sum::<i32>(), 1225);
    sender.join().unwrap().unwrap();
    let of = channel("std waits");
    assert_eq!((of.sent, of.received, of.depth), (50, 50, 0));
    assert!(of.send_wait + of.receive_wait > Duration::ZERO, "{of:?}");
}

#[test]
fn many_threads() {
    let (tx, rx) = timing::channel("std threads", mpsc::sync_channel(4));
    let senders: Vec<_> = (0..4)
        .map(|_| {
            let tx = tx.clone();
            std::thread::spawn(move || (0..1000).try_for_each(|n| tx.send(n)))
        })
        .collect();
    drop(tx);
    assert_eq!(rx.iter().count(), 4000);
    for sender in senders {
        sender.join().unwrap().unwrap();
    }
    let of = channel("std threads");
    assert_eq!((of.sent, of.received, of.depth), (4000, 4000, 0));
    // Room for four, and one that is being received.
    assert!((1..=5).contains(&of.max_depth), "{of:?}");
}

#[test]
fn the_ends_are_as_portable_as_those_that_they_wrap() {
    fn is<T: Send>() {}
    fn is_both<T: Send + Sync>() {}

    is_both::<Sender<u8>>();
    is_both::<SyncSender<u8>>();
    is::<Receiver<u8>>();
}
