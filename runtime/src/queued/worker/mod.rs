//! A worker: takes jobs from queues, runs them, and tells how they ended.
//!
//! `intake` takes the jobs and keeps their leases, on the thread that talks to Redis, so that a job that keeps the
//! executor busy does not lose its lease. The jobs run where [`Worker::run`] is awaited.

mod intake;

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Poll, ready};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream::poll_fn;
use tokio::runtime::Handle;
use tokio::sync::mpsc::UnboundedReceiver;

use self::intake::{Shared, Taken};
use super::call::{AbortOnDrop, EXPIRED};
use super::entry::{self, Entry};
use super::error::QueueError;
use crate::cached::Redis;
use crate::cached::jobs::{self, Jobs};
use crate::calls::{Kind, Reply};

/// While the server is away, the end of a job is told again after this long.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves the jobs of `#[offload(queue)]` functions that are linked into this program.
///
/// ```no_run
/// # async fn f() -> Result<(), festoon::queue::QueueError> {
/// let served = festoon::worker().concurrency(4).queue("mail").run().await?;
/// println!("{} jobs", served.jobs);
/// # Ok(())
/// # }
/// ```
pub fn worker() -> Worker {
    Worker { concurrency: 1, queues: BTreeSet::new(), redis: None, until: None }
}

/// A worker that has not started; see [`worker`].
#[must_use = "it serves no job until `run` is awaited"]
pub struct Worker {
    concurrency: usize,
    queues: BTreeSet<String>,
    redis: Option<Redis>,
    until: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

/// What a worker has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Served {
    /// The jobs that it has run.
    pub jobs: u64,
    /// How many of them had been delivered before, so that they may have run twice.
    pub redelivered: u64,
}

impl Worker {
    /// Runs this many jobs at a time; one by default. In a tokio runtime, each is a task of its own. Plain functions run
    /// on a thread each.
    ///
    /// # Panics
    /// If it is zero.
    pub fn concurrency(self, concurrency: usize) -> Self {
        assert!(concurrency > 0, "festoon: a worker without concurrency would never run a job");
        Worker { concurrency, ..self }
    }

    /// Serves this queue, and others that are named. Without a name, it serves those of all functions of the program.
    ///
    /// # Panics
    /// If the name is empty.
    pub fn queue(mut self, name: impl Into<String>) -> Self {
        let name = name.into();
        assert!(!name.is_empty(), "festoon: a queue needs a name");
        self.queues.insert(name);
        self
    }

    /// Takes the jobs from this server, rather than from those of the functions.
    pub fn store(self, redis: Redis) -> Self {
        Worker { redis: Some(redis), ..self }
    }

    /// Ends as at `SIGTERM` when the future does.
    pub fn until(self, end: impl Future<Output = ()> + Send + 'static) -> Self {
        Worker { until: Some(Box::pin(end)), ..self }
    }

    /// Takes and runs jobs until the process receives `SIGTERM` (on Unix). Then it takes no more, finishes those that run,
    /// and returns. A second signal ends the process.
    ///
    /// While the server is away, it waits for it to come back, and asks after longer and longer pauses of up to 10 s. If the future is dropped, other workers get its jobs when
    /// the lease is over.
    ///
    /// # Errors
    /// If two functions have the same name, an address is wrong, or a server rejects the credentials from the start.
    pub async fn run(self) -> Result<Served, QueueError> {
        let names = entry::by_name()?;
        self.warn_of_unknown(&names);
        let queues = self.jobs(&names)?;
        let shared = Shared::new(self.concurrency);
        let (_stops, taken) = intake::start(&shared, &queues)?;
        let running = Running { names, shared, jobs: AtomicU64::new(0), redelivered: AtomicU64::new(0) };
        running.all(taken, self.concurrency, self.until).await;
        running.shared.leave(&queues).await;
        if let Some(error) = running.shared.refusal() {
            return Err(error.into());
        }
        Ok(Served {
            jobs: running.jobs.load(Ordering::Relaxed),
            redelivered: running.redelivered.load(Ordering::Relaxed),
        })
    }

    /// A misspelt name is the likely reason. Or their calls may be from another version of the program.
    fn warn_of_unknown(&self, names: &HashMap<&'static str, &'static Entry>) {
        let known: BTreeSet<_> = names.values().map(|entry| entry.spec.queue).collect();
        if known.is_empty() {
            tracing::warn!(target: "festoon", "no function with `#[offload(queue)]` is linked into this worker");
        }
        for queue in self.queues.iter().filter(|queue| !known.is_empty() && !known.contains(queue.as_str())) {
            tracing::warn!(target: "festoon", queue, ?known, "no function of this worker has this queue");
        }
    }

    fn jobs(&self, names: &HashMap<&'static str, &'static Entry>) -> Result<Vec<Arc<Jobs>>, QueueError> {
        let specs = || names.values().map(|entry| &entry.spec);
        let mut queues = self.queues.clone();
        if queues.is_empty() {
            queues.extend(specs().map(|spec| spec.queue.to_owned()));
        }
        let mut all: Vec<Arc<Jobs>> = Vec::new();
        for queue in &queues {
            let mut servers: Vec<Redis> = self.redis.iter().cloned().collect();
            if servers.is_empty() {
                servers.extend(specs().filter(|spec| spec.queue == queue).map(entry::Spec::redis));
            }
            if servers.is_empty() {
                servers.push(Redis::from_env());
            }
            for redis in servers {
                let jobs = entry::jobs(&redis, queue)?;
                if !all.iter().any(|other| Arc::ptr_eq(other, &jobs)) {
                    all.push(jobs);
                }
            }
        }
        Ok(all)
    }
}

struct Running {
    names: HashMap<&'static str, &'static Entry>,
    shared: Arc<Shared>,
    jobs: AtomicU64,
    redelivered: AtomicU64,
}

impl Running {
    async fn all(
        &self,
        mut taken: UnboundedReceiver<Taken>,
        concurrency: usize,
        mut until: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    ) {
        let taken = poll_fn(move |context| taken.poll_recv(context));
        let mut ended = taken.map(|taken| self.perform(taken)).buffer_unordered(concurrency);
        std::future::poll_fn(|context| {
            if until.as_mut().is_some_and(|end| end.as_mut().poll(context).is_ready()) {
                until = None;
                self.shared.stop();
            }
            while ready!(ended.poll_next_unpin(context)).is_some() {}
            Poll::Ready(())
        })
        .await;
    }

    async fn perform(&self, taken: Taken) {
        let Some(entry) = self.names.get(&*taken.job.name) else { return self.put_back(taken).await };
        let time_left = match taken.time_left().await {
            Some(Duration::ZERO) => return self.tell(taken, EXPIRED.to_owned(), Vec::new(), false).await,
            left => left,
        };
        let Some(reply) = run(entry, taken.job.arguments.clone(), time_left).await else { return };
        self.jobs.fetch_add(1, Ordering::Relaxed);
        self.redelivered.fetch_add(u64::from(taken.job.deliveries > 1), Ordering::Relaxed);
        let Reply { kind, bytes } = reply;
        self.tell(taken, (kind as u8).to_string(), bytes, kind != Kind::Value).await;
    }

    /// Another worker may know the function: it gets the job when the lease is over.
    async fn put_back(&self, taken: Taken) {
        let (name, id) = (taken.job.name.clone(), taken.job.id.clone());
        tracing::warn!(target: "festoon", name, id, "this worker does not know the function of a job, and puts it back");
        let noted = taken.jobs.note(&id, &format!("no worker knew `{name}`")).await;
        if let Err(error) = noted {
            tracing::warn!(target: "festoon", name, id, %error, "cannot tell why the job was put back");
        }
    }

    /// Tells how a job ended, as soon as the server is there. If the caller drops `run`, this goes on.
    async fn tell(&self, taken: Taken, kind: String, bytes: Vec<u8>, is_dead: bool) {
        let shared = Arc::clone(&self.shared);
        let telling = jobs::spawn(async move {
            let mut stopped: Option<Instant> = None;
            while let Err(error) = taken.jobs.finish(&taken.job.entry, &kind, &bytes, is_dead).await {
                stopped = stopped.or_else(|| shared.is_stopped().then(Instant::now));
                if stopped.is_some_and(|at| at.elapsed() > taken.jobs.lease()) {
                    tracing::warn!(target: "festoon", id = taken.job.id, %error, "cannot tell how a job ended");
                    return;
                }
                tokio::time::sleep(PAUSE).await;
            }
        });
        if let Ok(telling) = telling {
            let _ = telling.await;
        }
    }
}

/// In a tokio runtime on its threads, else right here.
async fn run(entry: &'static Entry, arguments: Vec<u8>, time_left: Option<Duration>) -> Option<Reply> {
    let running = (entry.run)(arguments, time_left);
    let Ok(runtime) = Handle::try_current() else { return running.await };
    let mut task = AbortOnDrop(runtime.spawn(running));
    (&mut task.0).await.ok().flatten()
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Worker");
        shown.field("concurrency", &self.concurrency).field("queues", &self.queues).field("store", &self.redis);
        shown.finish_non_exhaustive()
    }
}
