//! Watched channels of `std::sync::mpsc`.

use std::sync::mpsc::{self, RecvError, RecvTimeoutError, SendError, TryRecvError, TrySendError};
use std::time::Duration;

use super::channel::{Channel, ChannelPair, Sealed, Side, Stamped};

/// A watched [`std::sync::mpsc::Sender`].
#[derive(Debug)]
pub struct Sender<T> {
    inner: mpsc::Sender<Stamped<T>>,
    channel: &'static Channel,
}

/// A watched [`std::sync::mpsc::SyncSender`].
#[derive(Debug)]
pub struct SyncSender<T> {
    inner: mpsc::SyncSender<Stamped<T>>,
    channel: &'static Channel,
}

/// A watched [`std::sync::mpsc::Receiver`].
#[derive(Debug)]
pub struct Receiver<T> {
    inner: mpsc::Receiver<Stamped<T>>,
    channel: &'static Channel,
}

impl<T> Sealed for (mpsc::Sender<Stamped<T>>, mpsc::Receiver<Stamped<T>>) {}

#[diagnostic::do_not_recommend]
impl<T> ChannelPair<(Sender<T>, Receiver<T>)> for (mpsc::Sender<Stamped<T>>, mpsc::Receiver<Stamped<T>>) {
    fn watch(self, channel: &'static Channel) -> (Sender<T>, Receiver<T>) {
        (Sender { inner: self.0, channel }, Receiver { inner: self.1, channel })
    }
}

impl<T> Sealed for (mpsc::SyncSender<Stamped<T>>, mpsc::Receiver<Stamped<T>>) {}

#[diagnostic::do_not_recommend]
impl<T> ChannelPair<(SyncSender<T>, Receiver<T>)> for (mpsc::SyncSender<Stamped<T>>, mpsc::Receiver<Stamped<T>>) {
    fn watch(self, channel: &'static Channel) -> (SyncSender<T>, Receiver<T>) {
        (SyncSender { inner: self.0, channel }, Receiver { inner: self.1, channel })
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        Sender { inner: self.inner.clone(), channel: self.channel }
    }
}

impl<T> Clone for SyncSender<T> {
    fn clone(&self) -> Self {
        SyncSender { inner: self.inner.clone(), channel: self.channel }
    }
}

impl<T> Sender<T> {
    /// As [`std::sync::mpsc::Sender::send`].
    ///
    /// # Errors
    /// If the receiver is gone.
    pub fn send(&self, value: T) -> Result<(), SendError<T>> {
        let sent = self.inner.send(self.channel.stamp(value));
        sent.map(|()| self.channel.count_sent()).map_err(|error| SendError(error.0.refused()))
    }
}

impl<T> SyncSender<T> {
    /// As [`std::sync::mpsc::SyncSender::send`].
    ///
    /// # Errors
    /// If the receiver is gone.
    pub fn send(&self, value: T) -> Result<(), SendError<T>> {
        let sent = match self.inner.try_send(self.channel.stamp(value)) {
            Ok(()) => Ok(()),
            Err(TrySendError::Disconnected(message)) => Err(SendError(message)),
            Err(TrySendError::Full(message)) => self.channel.blocking(Side::Sender, || self.inner.send(message)),
        };
        sent.map(|()| self.channel.count_sent()).map_err(|error| SendError(error.0.refused()))
    }

    /// As [`std::sync::mpsc::SyncSender::try_send`].
    ///
    /// # Errors
    /// If there is no room, or the receiver is gone.
    pub fn try_send(&self, value: T) -> Result<(), TrySendError<T>> {
        let sent = self.inner.try_send(self.channel.stamp(value));
        sent.map(|()| self.channel.count_sent()).map_err(|error| match error {
            TrySendError::Full(message) => TrySendError::Full(message.refused()),
            TrySendError::Disconnected(message) => TrySendError::Disconnected(message.refused()),
        })
    }
}

impl<T> Receiver<T> {
    /// As [`std::sync::mpsc::Receiver::recv`].
    ///
    /// # Errors
    /// If the channel is empty and the senders are gone.
    pub fn recv(&self) -> Result<T, RecvError> {
        let message = match self.inner.try_recv() {
            Err(TryRecvError::Empty) => self.channel.blocking(Side::Receiver, || self.inner.recv()),
            message => message.map_err(|_| RecvError),
        };
        message.map(Stamped::received)
    }

    /// As [`std::sync::mpsc::Receiver::try_recv`].
    ///
    /// # Errors
    /// If the channel is empty.
    pub fn try_recv(&self) -> Result<T, TryRecvError> {
        self.inner.try_recv().map(Stamped::received)
    }

    /// As [`std::sync::mpsc::Receiver::recv_timeout`].
    ///
    /// # Errors
    /// If no message arrives in time, or the channel is empty and the senders are gone.
    pub fn recv_timeout(&self, timeout: Duration) -> Result<T, RecvTimeoutError> {
        let message = match self.inner.try_recv() {
            Err(TryRecvError::Empty) => self.channel.blocking(Side::Receiver, || self.inner.recv_timeout(timeout)),
            message => message.map_err(|_| RecvTimeoutError::Disconnected),
        };
        message.map(Stamped::received)
    }

    /// As [`std::sync::mpsc::Receiver::iter`].
    pub fn iter(&self) -> Iter<'_, T> {
        Iter(self)
    }

    /// As [`std::sync::mpsc::Receiver::try_iter`].
    pub fn try_iter(&self) -> impl Iterator<Item = T> + '_ {
        std::iter::from_fn(|| self.try_recv().ok())
    }
}

/// Waits for each message; see [`Receiver::iter`].
#[derive(Debug)]
pub struct Iter<'r, T>(&'r Receiver<T>);

impl<T> Iterator for Iter<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.0.recv().ok()
    }
}

/// Waits for each message, and owns the receiver.
#[derive(Debug)]
pub struct IntoIter<T>(Receiver<T>);

impl<T> Iterator for IntoIter<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.0.recv().ok()
    }
}

impl<'r, T> IntoIterator for &'r Receiver<T> {
    type Item = T;
    type IntoIter = Iter<'r, T>;

    fn into_iter(self) -> Iter<'r, T> {
        self.iter()
    }
}

impl<T> IntoIterator for Receiver<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;

    fn into_iter(self) -> IntoIter<T> {
        IntoIter(self)
    }
}
