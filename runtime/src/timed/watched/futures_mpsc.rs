//! Watched channels of `futures::channel::mpsc`.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_channel::mpsc::{self, RecvError, SendError, TryRecvError};
use futures_core::stream::{FusedStream, Stream};
use futures_sink::Sink;

use super::channel::{Channel, ChannelPair, Sealed, Side, Stamped};
use super::waiting::{Awaited, Waiting};

/// A watched `futures::channel::mpsc::Sender`.
#[derive(Debug)]
pub struct Sender<T> {
    inner: mpsc::Sender<Stamped<T>>,
    waiting: Waiting,
    channel: &'static Channel,
}

/// A watched `futures::channel::mpsc::UnboundedSender`.
#[derive(Debug)]
pub struct UnboundedSender<T> {
    inner: mpsc::UnboundedSender<Stamped<T>>,
    channel: &'static Channel,
}

/// A watched `futures::channel::mpsc::Receiver`.
#[derive(Debug)]
pub struct Receiver<T> {
    inner: mpsc::Receiver<Stamped<T>>,
    waiting: Waiting,
    channel: &'static Channel,
}

/// A watched `futures::channel::mpsc::UnboundedReceiver`.
#[derive(Debug)]
pub struct UnboundedReceiver<T> {
    inner: mpsc::UnboundedReceiver<Stamped<T>>,
    waiting: Waiting,
    channel: &'static Channel,
}

/// Why a message was not sent; as `futures::channel::mpsc::TrySendError`, which only that crate can make.
#[derive(Clone, PartialEq, Eq)]
pub struct TrySendError<T> {
    is_full: bool,
    value: T,
}

impl<T> Sealed for (mpsc::Sender<Stamped<T>>, mpsc::Receiver<Stamped<T>>) {}

#[diagnostic::do_not_recommend]
impl<T> ChannelPair<(Sender<T>, Receiver<T>)> for (mpsc::Sender<Stamped<T>>, mpsc::Receiver<Stamped<T>>) {
    fn watch(self, channel: &'static Channel) -> (Sender<T>, Receiver<T>) {
        let waiting = |side| Waiting::new(channel, side);
        let sender = Sender { inner: self.0, waiting: waiting(Side::Sender), channel };
        (sender, Receiver { inner: self.1, waiting: waiting(Side::Receiver), channel })
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

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        let waiting = Waiting::new(self.channel, Side::Sender);
        Sender { inner: self.inner.clone(), waiting, channel: self.channel }
    }
}

impl<T> Clone for UnboundedSender<T> {
    fn clone(&self) -> Self {
        UnboundedSender { inner: self.inner.clone(), channel: self.channel }
    }
}

/// Counts a message that was sent, or takes it back.
fn told<T>(channel: &'static Channel, sent: Result<(), mpsc::TrySendError<Stamped<T>>>) -> Result<(), TrySendError<T>> {
    sent.map(|()| channel.count_sent()).map_err(|error| {
        let is_full = error.is_full();
        TrySendError { is_full, value: error.into_inner().refused() }
    })
}

impl<T> Sender<T> {
    /// As `futures::channel::mpsc::Sender::try_send`.
    ///
    /// # Errors
    /// If there is no room, or the receiver is closed or gone.
    pub fn try_send(&mut self, value: T) -> Result<(), TrySendError<T>> {
        told(self.channel, self.inner.try_send(self.channel.stamp(value)))
    }

    /// As `futures::channel::mpsc::Sender::start_send`.
    ///
    /// # Errors
    /// If there is no room, or the receiver is closed or gone.
    pub fn start_send(&mut self, value: T) -> Result<(), SendError> {
        self.try_send(value).map_err(TrySendError::into_send_error)
    }

    /// As `futures::channel::mpsc::Sender::poll_ready`.
    ///
    /// # Errors
    /// If the receiver is closed or gone.
    pub fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), SendError>> {
        let poll = self.inner.poll_ready(context);
        self.waiting.note(poll)
    }
}

impl<T> UnboundedSender<T> {
    /// As `futures::channel::mpsc::UnboundedSender::unbounded_send`.
    ///
    /// # Errors
    /// If the receiver is closed or gone.
    pub fn unbounded_send(&self, value: T) -> Result<(), TrySendError<T>> {
        told(self.channel, self.inner.unbounded_send(self.channel.stamp(value)))
    }

    /// As `futures::channel::mpsc::UnboundedSender::start_send`.
    ///
    /// # Errors
    /// If the receiver is closed or gone.
    pub fn start_send(&mut self, value: T) -> Result<(), SendError> {
        self.unbounded_send(value).map_err(TrySendError::into_send_error)
    }

    /// As `futures::channel::mpsc::UnboundedSender::poll_ready`.
    ///
    /// # Errors
    /// If the receiver is closed or gone.
    pub fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), SendError>> {
        self.inner.poll_ready(context)
    }

    /// As `futures::channel::mpsc::UnboundedSender::close_channel`.
    pub fn close_channel(&self) {
        self.inner.close_channel();
    }

    /// As `futures::channel::mpsc::UnboundedSender::len`.
    #[must_use]
    pub fn len(&self) -> usize {
        self.inner.len()
    }

    /// As `futures::channel::mpsc::UnboundedSender::is_empty`.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.inner.is_empty()
    }
}

impl<T> Sender<T> {
    /// As `futures::channel::mpsc::Sender::close_channel`.
    pub fn close_channel(&mut self) {
        self.inner.close_channel();
    }
}

/// What both kinds of senders have.
macro_rules! sender {
    ($sender:ident) => {
        impl<T> $sender<T> {
            #[doc = concat!("As `futures::channel::mpsc::", stringify!($sender), "::is_closed`.")]
            #[must_use]
            pub fn is_closed(&self) -> bool {
                self.inner.is_closed()
            }

            #[doc = concat!("As `futures::channel::mpsc::", stringify!($sender), "::disconnect`.")]
            pub fn disconnect(&mut self) {
                self.inner.disconnect();
            }

            #[doc = concat!("As `futures::channel::mpsc::", stringify!($sender), "::same_receiver`.")]
            #[must_use]
            pub fn same_receiver(&self, other: &Self) -> bool {
                self.inner.same_receiver(&other.inner)
            }
        }

        impl<T> Sink<T> for $sender<T> {
            type Error = SendError;

            fn poll_ready(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), SendError>> {
                $sender::poll_ready(self.get_mut(), context)
            }

            fn start_send(self: Pin<&mut Self>, value: T) -> Result<(), SendError> {
                $sender::start_send(self.get_mut(), value)
            }

            fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), SendError>> {
                Pin::new(&mut self.get_mut().inner).poll_flush(context)
            }

            fn poll_close(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), SendError>> {
                Pin::new(&mut self.get_mut().inner).poll_close(context)
            }
        }
    };
}

sender!(Sender);
sender!(UnboundedSender);

/// What both kinds of receivers have.
macro_rules! receiver {
    ($receiver:ident) => {
        impl<T> $receiver<T> {
            #[doc = concat!("As `futures::channel::mpsc::", stringify!($receiver), "::recv`.")]
            ///
            /// # Errors
            /// If the channel is empty and closed.
            pub async fn recv(&mut self) -> Result<T, RecvError> {
                Awaited::new(self.channel, Side::Receiver, self.inner.recv()).await.map(Stamped::received)
            }

            #[doc = concat!("As `futures::channel::mpsc::", stringify!($receiver), "::try_recv`.")]
            ///
            /// # Errors
            /// If the channel is empty.
            pub fn try_recv(&mut self) -> Result<T, TryRecvError> {
                self.inner.try_recv().map(Stamped::received)
            }

            #[doc = concat!("As `futures::channel::mpsc::", stringify!($receiver), "::close`.")]
            pub fn close(&mut self) {
                self.inner.close();
            }
        }

        impl<T> Stream for $receiver<T> {
            type Item = T;

            fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
                let this = self.get_mut();
                let poll = Pin::new(&mut this.inner).poll_next(context);
                this.waiting.note(poll).map(|message| message.map(Stamped::received))
            }

            fn size_hint(&self) -> (usize, Option<usize>) {
                self.inner.size_hint()
            }
        }

        impl<T> FusedStream for $receiver<T> {
            fn is_terminated(&self) -> bool {
                self.inner.is_terminated()
            }
        }
    };
}

receiver!(Receiver);
receiver!(UnboundedReceiver);

/// The error of a channel that is full, or whose receiver is gone: nobody else can make one.
#[cold]
fn send_error(is_full: bool) -> SendError {
    let (mut sender, receiver) = mpsc::channel(0);
    let _kept = is_full.then_some(receiver);
    loop {
        if let Err(error) = sender.try_send(()) {
            return error.into_send_error();
        }
    }
}

impl<T> TrySendError<T> {
    /// Whether there was no room.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.is_full
    }

    /// Whether the receiver is closed or gone.
    #[must_use]
    pub fn is_disconnected(&self) -> bool {
        !self.is_full
    }

    /// Returns the message.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }

    /// Drops the message.
    #[must_use]
    pub fn into_send_error(self) -> SendError {
        send_error(self.is_full)
    }
}

impl<T> fmt::Debug for TrySendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrySendError").field("is_full", &self.is_full).finish_non_exhaustive()
    }
}

impl<T> fmt::Display for TrySendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        send_error(self.is_full).fmt(f)
    }
}

impl<T> std::error::Error for TrySendError<T> {}
