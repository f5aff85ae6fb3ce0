//! Watched channels of `tokio::sync::mpsc`.

use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::mpsc::{
    self,
    error::{SendError, SendTimeoutError, TryRecvError, TrySendError},
};

use super::channel::{Channel, ChannelPair, Sealed, Side, Stamped};
use super::waiting::{Awaited, Waiting};

/// A watched [`tokio::sync::mpsc::Sender`].
#[derive(Debug)]
pub struct Sender<T> {
    inner: mpsc::Sender<Stamped<T>>,
    channel: &'static Channel,
}

/// A watched [`tokio::sync::mpsc::WeakSender`].
#[derive(Debug)]
pub struct WeakSender<T> {
    inner: mpsc::WeakSender<Stamped<T>>,
    channel: &'static Channel,
}

/// A watched [`tokio::sync::mpsc::Permit`]: room for one message.
#[derive(Debug)]
#[must_use]
pub struct Permit<'s, T> {
    inner: mpsc::Permit<'s, Stamped<T>>,
    channel: &'static Channel,
}

/// A watched [`tokio::sync::mpsc::UnboundedSender`].
#[derive(Debug)]
pub struct UnboundedSender<T> {
    inner: mpsc::UnboundedSender<Stamped<T>>,
    channel: &'static Channel,
}

/// A watched [`tokio::sync::mpsc::WeakUnboundedSender`].
#[derive(Debug)]
pub struct WeakUnboundedSender<T> {
    inner: mpsc::WeakUnboundedSender<Stamped<T>>,
    channel: &'static Channel,
}

/// A watched [`tokio::sync::mpsc::Receiver`].
#[derive(Debug)]
pub struct Receiver<T> {
    inner: mpsc::Receiver<Stamped<T>>,
    /// Of `poll_recv`.
    waiting: Waiting,
    channel: &'static Channel,
}

/// A watched [`tokio::sync::mpsc::UnboundedReceiver`].
#[derive(Debug)]
pub struct UnboundedReceiver<T> {
    inner: mpsc::UnboundedReceiver<Stamped<T>>,
    /// Of `poll_recv`.
    waiting: Waiting,
    channel: &'static Channel,
}

impl<T> Sealed for (mpsc::Sender<Stamped<T>>, mpsc::Receiver<Stamped<T>>) {}

#[diagnostic::do_not_recommend]
impl<T> ChannelPair<(Sender<T>, Receiver<T>)> for (mpsc::Sender<Stamped<T>>, mpsc::Receiver<Stamped<T>>) {
    fn watch(self, channel: &'static Channel) -> (Sender<T>, Receiver<T>) {
        let waiting = Waiting::new(channel, Side::Receiver);
        (Sender { inner: self.0, channel }, Receiver { inner: self.1, waiting, channel })
    }
}

impl<T> Sealed for (mpsc::UnboundedSender<Stamped<T>>, mpsc::UnboundedReceiver<Stamped<T>>) {}

#[diagnostic::do_not_recommend]
impl<T> ChannelPair<(UnboundedSender<T>, UnboundedReceiver<T>)>
    for (mpsc::UnboundedSender<Stamped<T>>, mpsc::UnboundedReceiver<Stamped<T>>)
{
    fn watch(self, channel: &'static Channel) -> (UnboundedSender<T>, UnboundedReceiver<T>) {
        let waiting = Waiting::new(channel, Side::Receiver);
        (UnboundedSender { inner: self.0, channel }, UnboundedReceiver { inner: self.1, waiting, channel })
    }
}

impl<T> Sender<T> {
    /// As [`tokio::sync::mpsc::Sender::send`].
    ///
    /// # Errors
    /// If the receiver is closed or gone.
    pub async fn send(&self, value: T) -> Result<(), SendError<T>> {
        match self.reserve().await {
            Ok(permit) => {
                permit.send(value);
                Ok(())
            }
            Err(_) => Err(SendError(value)),
        }
    }

    /// As [`tokio::sync::mpsc::Sender::try_send`].
    ///
    /// # Errors
    /// If there is no room, or the receiver is closed or gone.
    pub fn try_send(&self, value: T) -> Result<(), TrySendError<T>> {
        match self.try_reserve() {
            Ok(permit) => {
                permit.send(value);
                Ok(())
            }
            Err(TrySendError::Full(())) => Err(TrySendError::Full(value)),
            Err(TrySendError::Closed(())) => Err(TrySendError::Closed(value)),
        }
    }

    /// As [`tokio::sync::mpsc::Sender::send_timeout`].
    ///
    /// # Errors
    /// If there is no room in time, or the receiver is closed or gone.
    ///
    /// # Panics
    /// Outside of a runtime with a timer.
    pub async fn send_timeout(&self, value: T, timeout: Duration) -> Result<(), SendTimeoutError<T>> {
        match tokio::time::timeout(timeout, self.reserve()).await {
            Ok(Ok(permit)) => {
                permit.send(value);
                Ok(())
            }
            Ok(Err(_)) => Err(SendTimeoutError::Closed(value)),
            Err(_) => Err(SendTimeoutError::Timeout(value)),
        }
    }

    /// As [`tokio::sync::mpsc::Sender::blocking_send`].
    ///
    /// # Errors
    /// If the receiver is closed or gone.
    ///
    /// # Panics
    /// In async code.
    pub fn blocking_send(&self, value: T) -> Result<(), SendError<T>> {
        let sent = self.channel.blocking(Side::Sender, || self.inner.blocking_send(self.channel.stamp(value)));
        sent.map(|()| self.channel.count_sent()).map_err(|error| SendError(error.0.refused()))
    }

    /// As [`tokio::sync::mpsc::Sender::reserve`].
    ///
    /// # Errors
    /// If the receiver is closed or gone.
    pub async fn reserve(&self) -> Result<Permit<'_, T>, SendError<()>> {
        let permit = Awaited::new(self.channel, Side::Sender, self.inner.reserve()).await?;
        Ok(Permit { inner: permit, channel: self.channel })
    }

    /// As [`tokio::sync::mpsc::Sender::try_reserve`].
    ///
    /// # Errors
    /// If there is no room, or the receiver is closed or gone.
    pub fn try_reserve(&self) -> Result<Permit<'_, T>, TrySendError<()>> {
        Ok(Permit { inner: self.inner.try_reserve()?, channel: self.channel })
    }

    /// As [`tokio::sync::mpsc::Sender::capacity`].
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.inner.capacity()
    }

    /// As [`tokio::sync::mpsc::Sender::max_capacity`].
    #[must_use]
    pub fn max_capacity(&self) -> usize {
        self.inner.max_capacity()
    }
}

impl<T> Permit<'_, T> {
    /// As [`tokio::sync::mpsc::Permit::send`].
    pub fn send(self, value: T) {
        self.inner.send(self.channel.enter(value));
    }
}

impl<T> UnboundedSender<T> {
    /// As [`tokio::sync::mpsc::UnboundedSender::send`].
    ///
    /// # Errors
    /// If the receiver is closed or gone.
    pub fn send(&self, value: T) -> Result<(), SendError<T>> {
        let sent = self.inner.send(self.channel.stamp(value));
        sent.map(|()| self.channel.count_sent()).map_err(|error| SendError(error.0.refused()))
    }
}

/// What both kinds of senders have.
macro_rules! sender {
    ($sender:ident, $weak:ident) => {
        impl<T> $sender<T> {
            #[doc = concat!("As [`tokio::sync::mpsc::", stringify!($sender), "::closed`].")]
            pub async fn closed(&self) {
                self.inner.closed().await;
            }

            #[doc = concat!("As [`tokio::sync::mpsc::", stringify!($sender), "::is_closed`].")]
            #[must_use]
            pub fn is_closed(&self) -> bool {
                self.inner.is_closed()
            }

            #[doc = concat!("As [`tokio::sync::mpsc::", stringify!($sender), "::same_channel`].")]
            #[must_use]
            pub fn same_channel(&self, other: &Self) -> bool {
                self.inner.same_channel(&other.inner)
            }

            #[doc = concat!("As [`tokio::sync::mpsc::", stringify!($sender), "::strong_count`].")]
            #[must_use]
            pub fn strong_count(&self) -> usize {
                self.inner.strong_count()
            }

            #[doc = concat!("As [`tokio::sync::mpsc::", stringify!($sender), "::weak_count`].")]
            #[must_use]
            pub fn weak_count(&self) -> usize {
                self.inner.weak_count()
            }

            #[doc = concat!("As [`tokio::sync::mpsc::", stringify!($sender), "::downgrade`].")]
            #[must_use = "a sender that is not used does nothing"]
            pub fn downgrade(&self) -> $weak<T> {
                $weak { inner: self.inner.downgrade(), channel: self.channel }
            }
        }

        impl<T> $weak<T> {
            #[doc = concat!("As [`tokio::sync::mpsc::", stringify!($weak), "::upgrade`].")]
            #[must_use]
            pub fn upgrade(&self) -> Option<$sender<T>> {
                let inner = self.inner.upgrade()?;
                Some($sender { inner, channel: self.channel })
            }
        }

        impl<T> Clone for $sender<T> {
            fn clone(&self) -> Self {
                $sender { inner: self.inner.clone(), channel: self.channel }
            }
        }

        impl<T> Clone for $weak<T> {
            fn clone(&self) -> Self {
                $weak { inner: self.inner.clone(), channel: self.channel }
            }
        }
    };
}

sender!(Sender, WeakSender);
sender!(UnboundedSender, WeakUnboundedSender);

/// What both kinds of receivers have.
macro_rules! receiver {
    ($receiver:ident) => {
        impl<T> $receiver<T> {
            #[doc = concat!("As [`tokio::sync::mpsc::", stringify!($receiver), "::recv`], cancel safe like that.")]
            pub async fn recv(&mut self) -> Option<T> {
                Awaited::new(self.channel, Side::Receiver, self.inner.recv()).await.map(Stamped::received)
            }

            #[doc = concat!("As [`tokio::sync::mpsc::", stringify!($receiver), "::recv_many`], cancel safe like that.")]
            pub async fn recv_many(&mut self, buffer: &mut Vec<T>, limit: usize) -> usize {
                if limit == 0 {
                    return 0;
                }
                let Some(first) = self.recv().await else { return 0 };
                buffer.push(first);
                let more = std::iter::from_fn(|| self.try_recv().ok()).take(limit - 1);
                1 + more.map(|message| buffer.push(message)).count()
            }

            #[doc = concat!("As [`tokio::sync::mpsc::", stringify!($receiver), "::try_recv`].")]
            ///
            /// # Errors
            /// If the channel is empty.
            pub fn try_recv(&mut self) -> Result<T, TryRecvError> {
                self.inner.try_recv().map(Stamped::received)
            }

            #[doc = concat!("As [`tokio::sync::mpsc::", stringify!($receiver), "::blocking_recv`].")]
            ///
            /// # Panics
            /// In async code.
            pub fn blocking_recv(&mut self) -> Option<T> {
                self.channel.blocking(Side::Receiver, || self.inner.blocking_recv()).map(Stamped::received)
            }

            #[doc = concat!("As [`tokio::sync::mpsc::", stringify!($receiver), "::poll_recv`].")]
            pub fn poll_recv(&mut self, context: &mut Context<'_>) -> Poll<Option<T>> {
                let poll = self.inner.poll_recv(context);
                self.waiting.note(poll).map(|message| message.map(Stamped::received))
            }

            #[doc = concat!("As [`tokio::sync::mpsc::", stringify!($receiver), "::close`].")]
            pub fn close(&mut self) {
                self.inner.close();
            }

            #[doc = concat!("As [`tokio::sync::mpsc::", stringify!($receiver), "::is_closed`].")]
            #[must_use]
            pub fn is_closed(&self) -> bool {
                self.inner.is_closed()
            }

            #[doc = concat!("As [`tokio::sync::mpsc::", stringify!($receiver), "::is_empty`].")]
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.inner.is_empty()
            }

            #[doc = concat!("As [`tokio::sync::mpsc::", stringify!($receiver), "::len`].")]
            #[must_use]
            pub fn len(&self) -> usize {
                self.inner.len()
            }
        }
    };
}

receiver!(Receiver);
receiver!(UnboundedReceiver);

impl<T> Receiver<T> {
    /// As [`tokio::sync::mpsc::Receiver::capacity`].
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.inner.capacity()
    }

    /// As [`tokio::sync::mpsc::Receiver::max_capacity`].
    #[must_use]
    pub fn max_capacity(&self) -> usize {
        self.inner.max_capacity()
    }
}
