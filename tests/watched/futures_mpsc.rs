//! Channels of `futures::channel::mpsc`.

use festoon::timing::watched::futures_mpsc::{Receiver, Sender, UnboundedReceiver, UnboundedSender};
use festoon::{testing, timing};
use futures::channel::mpsc;
use futures::stream::FusedStream;
use futures::{FutureExt, SinkExt, Stream, StreamExt, executor::block_on};

use super::{SECOND, channel, counts};

#[test]
fn a_bounded_channel() {
    // Room for one, and one more for each sender.
    let (mut tx, mut rx) = timing::channel("futures bounded", mpsc::channel(1));
    block_on(tx.send(1)).unwrap();
    tx.try_send(2).unwrap();
    let refused = tx.try_send(3).unwrap_err();
    assert!(refused.is_full() && !refused.is_disconnected());
    assert_eq!((refused.to_string(), refused.into_inner()), ("send failed because channel is full".to_owned(), 3));
    assert!(tx.start_send(3).unwrap_err().is_full());
    assert_eq!(counts("futures bounded"), [2, 0, 2, 2]);
    assert_eq!((block_on(rx.next()), block_on(rx.recv()).unwrap()), (Some(1), 2));
    let mut numbers = futures::stream::iter((3..9).map(Ok));
    let both = futures::future::join(tx.send_all(&mut numbers), rx.by_ref().take(6).count());
    assert_eq!(block_on(both), (Ok(()), 6));
    assert_eq!((rx.size_hint().0, rx.is_terminated(), rx.try_recv().is_err()), (0, false, true));
    rx.close();
    let refused = tx.try_send(10).unwrap_err();
    assert!(refused.is_disconnected() && refused.into_send_error().is_disconnected() && tx.is_closed());
    assert_eq!(block_on(rx.next()), None);
    assert!(rx.is_terminated());
    let of = counts("futures bounded");
    assert_eq!((&of[..3], of[3] <= 2), (&[8, 8, 0][..], true));
}

#[test]
fn an_unbounded_channel() {
    let (mut tx, rx) = timing::channel("futures unbounded", mpsc::unbounded());
    tx.unbounded_send(1).unwrap();
    block_on(tx.feed(2)).unwrap();
    tx.start_send(3).unwrap();
    assert_eq!((tx.len(), tx.same_receiver(&tx.clone())), (3, true));
    assert_eq!(counts("futures unbounded"), [3, 0, 3, 3]);
    tx.close_channel();
    assert!(tx.is_closed() && tx.unbounded_send(4).unwrap_err().is_disconnected());
    assert_eq!(block_on(rx.collect::<Vec<_>>()), [1, 2, 3]);
    assert_eq!(counts("futures unbounded"), [3, 3, 0, 3]);
}

#[test]
fn how_long_messages_are_in_it_and_how_long_others_wait() {
    let clock = testing::clock();
    let (mut tx, mut rx) = timing::channel("futures waits", mpsc::channel(0));
    assert!(rx.next().now_or_never().is_none());
    clock.advance(SECOND);
    tx.try_send(1).unwrap();
    {
        let mut ready = std::future::poll_fn(|context| tx.poll_ready(context));
        assert!((&mut ready).now_or_never().is_none());
        clock.advance(2 * SECOND);
        assert_eq!(block_on(rx.next()), Some(1));
        block_on(ready).unwrap();
    }
    let of = channel("futures waits");
    assert_eq!((of.receive_wait, of.send_wait, of.latency), (3 * SECOND, 2 * SECOND, 2 * SECOND));
}

#[test]
fn the_ends_are_as_portable_as_those_that_they_wrap() {
    fn is<T: Send + Sync + Unpin>() {}

    is::<Sender<u8>>();
    is::<Receiver<u8>>();
    is::<UnboundedSender<u8>>();
    is::<UnboundedReceiver<u8>>();
}
