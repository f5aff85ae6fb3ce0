//! A channel for one value from one thread to one future.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use crate::sync::lock;

enum State<T> {
    /// With the waker to call when the value arrives.
    Empty(Option<Waker>),
    Sent(T),
    /// One end has been dropped, or the value has been taken.
    Closed,
}

type Shared<T> = Arc<Mutex<State<T>>>;

/// The sender was dropped without a value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Canceled;

pub(crate) struct Sender<T>(Shared<T>);

/// Returns the value, or `Canceled` if the sender was dropped without one.
#[must_use = "futures do nothing unless polled"]
pub(crate) struct Receiver<T>(Shared<T>);

pub(crate) fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let shared = Arc::new(Mutex::new(State::Empty(None)));
    (Sender(Arc::clone(&shared)), Receiver(shared))
}

impl<T> Sender<T> {
    /// Has the receiver been dropped?
    pub(crate) fn is_canceled(&self) -> bool {
        matches!(*lock(&self.0), State::Closed)
    }

    /// Sends the value; returns it if there is no receiver.
    pub(crate) fn send(self, value: T) -> Result<(), T> {
        let mut state = lock(&self.0);
        let State::Empty(waker) = &mut *state else { return Err(value) };
        let waker = waker.take();
        *state = State::Sent(value);
        drop(state);
        wake(waker);
        Ok(())
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let mut state = lock(&self.0);
        let State::Empty(waker) = &mut *state else { return };
        let waker = waker.take();
        *state = State::Closed;
        drop(state);
        wake(waker);
    }
}

fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}

impl<T> Future for Receiver<T> {
    type Output = Result<T, Canceled>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = lock(&self.0);
        if let State::Empty(waker) = &mut *state {
            let before = waker.replace(context.waker().clone());
            drop(state);
            drop(before);
            return Poll::Pending;
        }
        match std::mem::replace(&mut *state, State::Closed) {
            State::Sent(value) => Poll::Ready(Ok(value)),
            _ => Poll::Ready(Err(Canceled)),
        }
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        // The value, or the waker, is dropped without the lock, since its destructor may do anything.
        let state = std::mem::replace(&mut *lock(&self.0), State::Closed);
        drop(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_executor::block_on;

    #[test]
    fn a_value_arrives_from_another_thread() {
        let (sender, receiver) = channel();
        let thread = std::thread::spawn(move || sender.send(7));
        assert_eq!(block_on(receiver), Ok(7));
        assert_eq!(thread.join().unwrap(), Ok(()));
    }

    #[test]
    fn a_sender_that_is_dropped_wakes_the_receiver() {
        let (sender, receiver) = channel::<u8>();
        let thread = std::thread::spawn(move || drop(sender));
        assert_eq!(block_on(receiver), Err(Canceled));
        thread.join().unwrap();
    }

    #[test]
    fn without_a_receiver_the_value_comes_back() {
        let (sender, receiver) = channel();
        assert!(!sender.is_canceled());
        drop(receiver);
        assert!(sender.is_canceled());
        assert_eq!(sender.send(7), Err(7));
    }

    #[test]
    fn a_value_that_nobody_takes_goes_with_the_receiver() {
        let (sender, receiver) = channel();
        let value = Arc::new(());
        assert!(sender.send(Arc::clone(&value)).is_ok());
        assert_eq!(Arc::strong_count(&value), 2);
        drop(receiver);
        assert_eq!(Arc::strong_count(&value), 1);
    }

    #[test]
    fn the_waker_of_the_last_poll_is_woken_and_no_other() {
        struct Count(std::sync::atomic::AtomicU32);
        impl std::task::Wake for Count {
            fn wake(self: Arc<Self>) {
                self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            }
        }
        let (sender, mut receiver) = channel();
        let wakers = [0, 0].map(|zero| Arc::new(Count(zero.into())));
        for waker in &wakers {
            let waker = Waker::from(Arc::clone(waker));
            assert!(Pin::new(&mut receiver).poll(&mut Context::from_waker(&waker)).is_pending());
        }
        sender.send(1).unwrap();
        assert_eq!(wakers.map(|waker| waker.0.load(std::sync::atomic::Ordering::Relaxed)), [0, 1]);
    }
}
