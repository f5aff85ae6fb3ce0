//! The thread that writes to a file. Changes that arrive while it writes go into one transaction, which waits for the
//! disk only once.

use std::future::ready;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use futures_channel::oneshot;

use super::file::File;
use crate::cached::remote::backend::Answer;
use crate::cached::remote::error::{StoreError, StoreErrorKind};
use crate::sync::lock;

/// A change. Its answer is whether there was an entry.
#[derive(Debug)]
pub(super) enum Write {
    Put {
        name: String,
        entry: Vec<u8>,
        /// The time of day, in milliseconds.
        written: u64,
        /// The time of expiry.
        until: u64,
    },
    Remove {
        name: String,
    },
    /// Only if it is still this entry.
    Discard {
        name: String,
        entry: Vec<u8>,
    },
    Clear {
        prefix: String,
    },
}

type Job = (Write, oneshot::Sender<Result<bool, StoreError>>);

/// When this many changes are waiting, no more entries are written: a disk that is too slow loses some. Removals are
/// never lost.
const WAITING: usize = 4096;

/// The maximum number of changes in one transaction.
const TOGETHER: usize = 256;

/// See the module.
#[derive(Debug)]
pub(super) struct Writer {
    file: Arc<File>,
    /// Set by the first change.
    jobs: Mutex<Option<Sender<Job>>>,
    waiting: Arc<AtomicUsize>,
}

impl Writer {
    pub(super) fn new(file: Arc<File>) -> Self {
        Writer { file, jobs: Mutex::new(None), waiting: Arc::default() }
    }

    /// Changes are applied in the order in which they are sent, whether or not the caller waits.
    pub(super) fn send(&self, write: Write) -> Answer<bool> {
        let (sender, receiver) = oneshot::channel();
        let refused = |why: &str| Err(StoreError::new(StoreErrorKind::Unavailable, why));
        if matches!(write, Write::Put { .. } | Write::Discard { .. }) && self.waiting.load(Relaxed) >= WAITING {
            return Box::pin(ready(refused("the disk is too slow")));
        }
        let jobs = match self.jobs() {
            Ok(jobs) => jobs,
            Err(error) => return Box::pin(ready(refused(&error.to_string()))),
        };
        self.waiting.fetch_add(1, Relaxed);
        // If its thread has ended, the receiver is gone.
        let _ended = jobs.send((write, sender));
        Box::pin(async move { receiver.await.unwrap_or_else(|_| refused("its thread has ended")) })
    }

    fn jobs(&self) -> std::io::Result<Sender<Job>> {
        let mut jobs = lock(&self.jobs);
        if let Some(jobs) = &*jobs {
            return Ok(jobs.clone());
        }
        let (sender, receiver) = channel();
        let (file, waiting) = (Arc::clone(&self.file), Arc::clone(&self.waiting));
        let write = move || write_all(&file, &receiver, &waiting);
        std::thread::Builder::new().name("festoon-disk".to_owned()).spawn(write)?;
        *jobs = Some(sender.clone());
        Ok(sender)
    }
}

fn write_all(file: &File, jobs: &Receiver<Job>, waiting: &AtomicUsize) {
    while let Ok(first) = jobs.recv() {
        let more = jobs.try_iter().take(TOGETHER - 1);
        let (writes, senders): (Vec<Write>, Vec<_>) = std::iter::once(first).chain(more).unzip();
        waiting.fetch_sub(writes.len(), Relaxed);
        let mut results = match file.write(&writes) {
            Ok(results) => results.into_iter(),
            Err(error) => vec![Err(error); senders.len()].into_iter(),
        };
        for sender in senders {
            let _ = results.next().map(|result| sender.send(result));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::clock::{Clock, machine};
    use super::*;
    use crate::sync::block_on;

    /// A stuck disk accepts no more entries after a while, but it still accepts removals.
    #[test]
    fn a_slow_disk_loses_entries_and_no_removal() {
        let (jobs, received) = channel();
        let file = Arc::new(File::new("slow.redb".into(), 1, Clock::new(machine)));
        let writer = Writer { file, jobs: Mutex::new(Some(jobs)), waiting: Arc::default() };
        let name = || "name".to_owned();
        let put = || writer.send(Write::Put { name: name(), entry: Vec::new(), written: 0, until: 0 });
        let accepted: Vec<_> = (0..WAITING).map(|_| put()).collect();
        assert_eq!(block_on(put()).unwrap_err().kind(), StoreErrorKind::Unavailable);
        let removals = [writer.send(Write::Remove { name: name() }), writer.send(Write::Clear { prefix: name() })];
        let jobs: Vec<_> = received.try_iter().collect();
        assert_eq!(jobs.len(), accepted.len() + removals.len());
        for (_, answer) in jobs {
            answer.send(Ok(true)).unwrap();
        }
        assert!(accepted.into_iter().chain(removals).all(|answer| block_on(answer).unwrap()));
    }
}
