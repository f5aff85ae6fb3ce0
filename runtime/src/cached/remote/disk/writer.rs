//! The thread that writes to a file. What has come in while it wrote goes into one transaction: a disk is waited for once.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};

use futures_channel::oneshot;

use super::file::File;
use crate::cached::remote::backend::Answer;
use crate::cached::remote::error::{StoreError, StoreErrorKind};
use crate::sync::lock;

/// A change. Its answer says whether there was an entry.
#[derive(Debug)]
pub(super) enum Write {
    Put {
        name: String,
        entry: Vec<u8>,
        /// The time of day, in milliseconds.
        written: u64,
        /// When it expires.
        until: u64,
    },
    Remove {
        name: String,
    },
    /// If it is still this one.
    Discard {
        name: String,
        entry: Vec<u8>,
    },
    Clear {
        prefix: String,
    },
}

type Job = (Write, oneshot::Sender<Result<bool, StoreError>>);

/// At most so many changes wait; a disk that is slower than that loses some.
const WAITING: usize = 4096;

/// At most so many changes go into one transaction.
const TOGETHER: usize = 256;

/// See the module.
#[derive(Debug)]
pub(super) struct Writer {
    file: Arc<File>,
    /// From the first change on.
    jobs: Mutex<Option<SyncSender<Job>>>,
}

impl Writer {
    pub(super) fn new(file: Arc<File>) -> Self {
        Writer { file, jobs: Mutex::new(None) }
    }

    /// Changes go through in the order in which they are sent, whether or not somebody waits.
    pub(super) fn send(&self, write: Write) -> Answer<bool> {
        let (sender, receiver) = oneshot::channel();
        let refused = |why: &str| Err(StoreError::new(StoreErrorKind::Unavailable, why));
        let sent = match self.jobs() {
            Ok(jobs) => jobs.try_send((write, sender)),
            Err(error) => return Box::pin(std::future::ready(refused(&error.to_string()))),
        };
        match sent {
            Ok(()) => Box::pin(async move { receiver.await.unwrap_or_else(|_| refused("its thread has ended")) }),
            Err(TrySendError::Full(_)) => Box::pin(std::future::ready(refused("the disk is too slow"))),
            Err(TrySendError::Disconnected(_)) => Box::pin(std::future::ready(refused("its thread has ended"))),
        }
    }

    fn jobs(&self) -> std::io::Result<SyncSender<Job>> {
        let mut jobs = lock(&self.jobs);
        if let Some(jobs) = &*jobs {
            return Ok(jobs.clone());
        }
        let (sender, receiver) = sync_channel(WAITING);
        let file = Arc::clone(&self.file);
        std::thread::Builder::new().name("festoon-disk".to_owned()).spawn(move || write_all(&file, &receiver))?;
        *jobs = Some(sender.clone());
        Ok(sender)
    }
}

fn write_all(file: &File, jobs: &Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        let more = jobs.try_iter().take(TOGETHER - 1);
        let (writes, senders): (Vec<Write>, Vec<_>) = std::iter::once(first).chain(more).unzip();
        let mut results = match file.write(&writes) {
            Ok(results) => results.into_iter(),
            Err(error) => vec![Err(error); senders.len()].into_iter(),
        };
        for sender in senders {
            let _ = results.next().map(|result| sender.send(result));
        }
    }
}
