//! The commands of a queue's callers and workers.
//!
//! A queue is a stream of Redis, whose consumer group knows which worker has which job, how often it was delivered, and
//! when it was last heard of. `scripts.rs` has what the server does atomically; `ends.rs` waits for the end of a job.

mod ends;
mod scripts;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use redis::streams::StreamReadReply;
use redis::{FromRedisValue, RedisError, Script, Value};
use tokio::time::timeout;

use self::ends::Ends;
use super::client::{Client, millis, token};
use super::connection::Line;
use super::{Redis, client, io};
use crate::cached::remote::application::{Application, Package};
use crate::cached::remote::backend::{Answer, Caller, How};
use crate::cached::remote::error::{StoreError, StoreErrorKind};

const GROUP: &str = "workers";

/// A queue on a server.
pub(crate) struct Jobs {
    client: Client,
    /// `festoon:queue:{mail}:`
    base: Arc<str>,
    stream: Arc<str>,
    ends: Ends,
    lease: Duration,
}

/// A job to be put into a queue.
pub(crate) struct New {
    pub(crate) id: String,
    /// The idempotency key; empty for none.
    pub(crate) key: String,
    pub(crate) name: &'static str,
    pub(crate) arguments: Vec<u8>,
    pub(crate) result_ttl: Duration,
    pub(crate) max_deliveries: u64,
    pub(crate) time_left: Option<Duration>,
}

/// A job that a worker has got.
pub(crate) struct Delivered {
    /// The entry in the stream.
    pub(crate) entry: String,
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) arguments: Vec<u8>,
    /// In milliseconds, of the server's clock.
    pub(crate) deadline: Option<u64>,
    pub(crate) deliveries: u64,
}

/// What is known about a job.
pub(crate) enum State {
    /// It waits, or runs.
    Waiting,
    /// How it ended: the kind, and the bytes.
    Ended(String, Vec<u8>),
    /// The server does not know it.
    Unknown,
}

/// An id, a name, a kind, a result, and a time in milliseconds.
pub(crate) type Letter = (String, String, String, Vec<u8>, u64);

impl Jobs {
    pub(crate) fn new(redis: &Redis, queue: &str) -> Result<Self, StoreError> {
        let application = Application::new(None, Package::default()).prefix;
        let queue: String = queue.chars().filter(|letter| !matches!(letter, '{' | '}')).collect();
        let base = format!("{application}:queue:{{{queue}}}:");
        Ok(Jobs {
            client: client(redis)?,
            stream: format!("{base}jobs").into(),
            ends: Ends::leaked(format!("{base}ended")),
            base: base.into(),
            lease: redis.lease,
        })
    }

    /// A name that no other job, and no other worker, has.
    pub(crate) fn fresh_id() -> String {
        token()
    }

    pub(crate) fn lease(&self) -> Duration {
        self.lease
    }

    fn ask<T>(&self, script: &'static LazyLock<Script>, arguments: Vec<Vec<u8>>) -> Answer<T>
    where
        T: FromRedisValue + Send + 'static,
    {
        let (base, stream) = (Arc::clone(&self.base), Arc::clone(&self.stream));
        let caller = Caller { how: How::Awaiting, left: self.client.limit() };
        self.client.command(caller, &self.base, move |mut connection| {
            let mut call = script.key(&*stream);
            call.arg(&*base);
            for argument in &arguments {
                call.arg(argument.as_slice());
            }
            async move { call.invoke_async(&mut connection).await }
        })
    }

    /// Returns the id of the job, which is that of an earlier one with the same key.
    pub(crate) async fn enqueue(&self, job: New) -> Result<String, StoreError> {
        let left = job.time_left.map(millis).unwrap_or_default();
        let most = job.max_deliveries.to_string().into_bytes();
        let ttl = millis(job.result_ttl);
        let (id, key, name) = (job.id.into_bytes(), job.key.into_bytes(), job.name.as_bytes().to_vec());
        self.ask(&scripts::ENQUEUE, vec![id, key, name, job.arguments, ttl, most, left]).await
    }

    pub(crate) async fn finish(&self, entry: &str, kind: &str, bytes: &[u8], dead: bool) -> Result<bool, StoreError> {
        let dead = u8::from(dead).to_string().into_bytes();
        self.ask(&scripts::FINISH, vec![entry.into(), kind.into(), bytes.to_vec(), dead]).await
    }

    pub(crate) async fn heartbeat(&self, worker: &str, entries: Vec<String>) -> Result<(), StoreError> {
        let entries = entries.into_iter().map(String::into_bytes);
        let _: u64 = self.ask(&scripts::HEARTBEAT, std::iter::once(worker.into()).chain(entries).collect()).await?;
        Ok(())
    }

    /// At most this many jobs of workers that have not been heard of for as long as a lease.
    pub(crate) async fn reclaim(&self, worker: &str, most: usize) -> Result<Vec<Delivered>, StoreError> {
        let arguments = vec![worker.into(), millis(self.lease), most.to_string().into_bytes()];
        let taken: Vec<(String, u64, HashMap<String, Vec<u8>>)> = self.ask(&scripts::RECLAIM, arguments).await?;
        let read = |(entry, deliveries, fields): (_, _, HashMap<_, _>)| Delivered::read(entry, deliveries, fields);
        Ok(taken.into_iter().filter_map(read).collect())
    }

    pub(crate) async fn note(&self, id: &str, why: &str) -> Result<(), StoreError> {
        let _: u64 = self.ask(&scripts::NOTE, vec![id.into(), why.into()]).await?;
        Ok(())
    }

    pub(crate) async fn leave(&self, worker: &str) -> Result<(), StoreError> {
        let _: u64 = self.ask(&scripts::LEAVE, vec![worker.into()]).await?;
        Ok(())
    }

    pub(crate) async fn dead(&self, most: usize) -> Result<Vec<Letter>, StoreError> {
        self.ask(&scripts::DEAD, vec![most.to_string().into_bytes()]).await
    }

    pub(crate) async fn put_back(&self, id: &str) -> Result<bool, StoreError> {
        self.ask(&scripts::PUT_BACK, vec![id.into()]).await
    }

    pub(crate) async fn discard(&self, id: &str) -> Result<bool, StoreError> {
        self.ask(&scripts::DISCARD, vec![id.into()]).await
    }

    pub(crate) async fn stats(&self) -> Result<[u64; 6], StoreError> {
        let (waiting, running, dead, done, redelivered, buried) = self.ask(&scripts::STATS, Vec::new()).await?;
        Ok([waiting, running, dead, done, redelivered, buried])
    }

    /// Ends a job whose caller has no time left, unless a worker has it.
    pub(crate) async fn expire(&self, id: &str, kind: &str) -> Result<bool, StoreError> {
        self.ask(&scripts::EXPIRE, vec![id.into(), kind.into()]).await
    }

    pub(crate) async fn state(&self, id: &str) -> Result<State, StoreError> {
        let told: (Option<String>, Option<String>, Option<Vec<u8>>) =
            self.ask(&scripts::STATE, vec![id.into()]).await?;
        Ok(match told {
            (None, ..) => State::Unknown,
            (_, Some(kind), result) => State::Ended(kind, result.unwrap_or_default()),
            (Some(_), ..) => State::Waiting,
        })
    }

    /// The time of day, in milliseconds, as the server knows it.
    pub(crate) async fn now(&self) -> Result<u64, StoreError> {
        let caller = Caller { how: How::Awaiting, left: self.client.limit() };
        let time: (u64, u64) = self
            .client
            .command(caller, &self.base, |mut connection| async move {
                redis::cmd("TIME").query_async(&mut connection).await
            })
            .await?;
        Ok(time.0 * 1000 + time.1 / 1000)
    }
}

impl Delivered {
    fn read(entry: String, deliveries: u64, mut fields: HashMap<String, Vec<u8>>) -> Option<Self> {
        let mut text = |name: &str| String::from_utf8(fields.remove(name)?).ok();
        let (id, name, deadline) = (text("id")?, text("name")?, text("deadline")?.parse().ok());
        Some(Delivered { entry, name, id, arguments: fields.remove("args")?, deadline, deliveries })
    }
}

/// A worker's own connection, which waits for jobs. To be used on the thread that talks to Redis.
pub(crate) struct Inlet {
    jobs: Arc<Jobs>,
    line: Arc<Line>,
}

impl Inlet {
    pub(crate) fn new(jobs: &Arc<Jobs>) -> Result<Self, StoreError> {
        Ok(Inlet { jobs: Arc::clone(jobs), line: jobs.client.another_line()? })
    }

    /// The next new job, if there is one in time.
    pub(crate) async fn take(&self, worker: &str, most: Duration) -> Result<Option<Delivered>, StoreError> {
        let limit = self.jobs.client.limit();
        // The connection does not wait longer for an answer.
        let wait = most.min(limit / 2).max(Duration::from_millis(1));
        let late = || StoreError::new(StoreErrorKind::TimedOut, &*self.jobs.stream);
        let made = self.line.connection().await.map_err(|error| self.jobs.client.explain(&error))?;
        let mut connection = made.connection;
        let mut read = redis::cmd("XREADGROUP");
        read.arg("GROUP").arg(GROUP).arg(worker).arg("COUNT").arg(1).arg("BLOCK").arg(millis(wait));
        read.arg("STREAMS").arg(&*self.jobs.stream).arg(">");
        let read = read.query_async::<Option<StreamReadReply>>(&mut connection);
        match timeout(limit, read).await {
            Ok(Ok(reply)) => Ok(reply.and_then(first)),
            Ok(Err(error)) if error.code() == Some("NOGROUP") => {
                create(&self.jobs, &mut connection).await.map_err(|error| self.jobs.client.explain(&error))?;
                Ok(None)
            }
            failed => {
                self.line.hang_up(made.number);
                Err(failed.map_or_else(
                    |_| late(),
                    |read| match read {
                        Err(error) => self.jobs.client.explain(&error),
                        Ok(_) => late(),
                    },
                ))
            }
        }
    }
}

/// Jobs that are in the stream already count.
async fn create(jobs: &Jobs, connection: &mut super::connection::Connection) -> Result<(), RedisError> {
    let mut create = redis::cmd("XGROUP");
    create.arg("CREATE").arg(&*jobs.stream).arg(GROUP).arg("0").arg("MKSTREAM");
    match create.query_async::<()>(connection).await {
        // Another worker was faster.
        Err(error) if error.code() == Some("BUSYGROUP") => Ok(()),
        created => created,
    }
}

fn first(reply: StreamReadReply) -> Option<Delivered> {
    let entry = reply.keys.into_iter().next()?.ids.into_iter().next()?;
    let bytes = |value: Value| redis::from_redis_value::<Vec<u8>>(value).ok();
    let fields = entry.map.into_iter().filter_map(|(name, value)| Some((name, bytes(value)?))).collect();
    Delivered::read(entry.id, 1, fields)
}

/// Runs this on the thread that talks to Redis.
pub(crate) fn spawn(
    work: impl Future<Output = ()> + Send + 'static,
) -> Result<tokio::task::JoinHandle<()>, StoreError> {
    let failed = |error: String| StoreError::new(StoreErrorKind::Unavailable, error);
    io::runtime().map(|runtime| runtime.spawn(work)).map_err(failed)
}
