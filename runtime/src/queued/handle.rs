//! A queue from outside: its figures and dead letters.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::entry;
use super::error::QueueError;
use crate::cached::Redis;
use crate::cached::jobs::{Jobs, Letter};

/// A queue by name: how many jobs are in it, and those that have been given up.
///
/// ```no_run
/// # async fn f() -> Result<(), festoon::queue::QueueError> {
/// let mail = festoon::queue::Queue::new("mail");
/// for letter in mail.dead_letters(100).await? {
///     println!("{} {}: {}", letter.id, letter.function, letter.why);
///     mail.put_back(&letter.id).await?;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Queue {
    name: String,
    redis: Redis,
}

/// A job that has been given up.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeadLetter {
    /// The job's id.
    pub id: String,
    /// The name under which its function is registered.
    pub function: String,
    /// The text of its panic, or what happened to its workers.
    pub why: String,
    /// When it was given up.
    pub since: SystemTime,
}

/// The figures of a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct QueueStats {
    /// Jobs that wait for a worker.
    pub waiting: u64,
    /// Jobs that a worker has.
    pub running: u64,
    /// Dead letters.
    pub dead: u64,
    /// Jobs that have ended so far, other than as dead letters.
    pub done: u64,
    /// How often a job was delivered again, because its worker was not heard of: it may have run twice.
    pub redelivered: u64,
    /// Dead letters so far.
    pub buried: u64,
}

impl Queue {
    /// On the server that `FESTOON_REDIS_URL` names.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Queue { name: name.into(), redis: Redis::from_env() }
    }

    /// On this server.
    #[must_use]
    pub fn store(self, redis: Redis) -> Self {
        Queue { redis, ..self }
    }

    fn jobs(&self) -> Result<Arc<Jobs>, QueueError> {
        entry::jobs(&self.redis, &self.name)
    }

    /// At most this many dead letters, the oldest first.
    ///
    /// # Errors
    /// If the server cannot be reached.
    pub async fn dead_letters(&self, most: usize) -> Result<Vec<DeadLetter>, QueueError> {
        let letters = self.jobs()?.dead(most).await?;
        Ok(letters.into_iter().map(DeadLetter::read).collect())
    }

    /// Puts a dead letter back into the queue, where it counts as never delivered. Was there one with this id?
    ///
    /// # Errors
    /// If the server cannot be reached.
    pub async fn put_back(&self, id: &str) -> Result<bool, QueueError> {
        Ok(self.jobs()?.put_back(id).await?)
    }

    /// Removes a dead letter. Was there one with this id?
    ///
    /// # Errors
    /// If the server cannot be reached.
    pub async fn discard(&self, id: &str) -> Result<bool, QueueError> {
        Ok(self.jobs()?.discard(id).await?)
    }

    /// Its figures.
    ///
    /// # Errors
    /// If the server cannot be reached.
    pub async fn stats(&self) -> Result<QueueStats, QueueError> {
        let [waiting, running, dead, done, redelivered, buried] = self.jobs()?.stats().await?;
        Ok(QueueStats { waiting, running, dead, done, redelivered, buried })
    }
}

impl DeadLetter {
    fn read((id, function, _, why, since): Letter) -> Self {
        let since = SystemTime::UNIX_EPOCH + Duration::from_millis(since);
        DeadLetter { id, function, why: String::from_utf8_lossy(&why).into_owned(), since }
    }
}
