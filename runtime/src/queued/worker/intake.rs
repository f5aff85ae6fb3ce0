//! Where a worker's jobs come from, on the thread that talks to Redis: new ones, and those of workers that are gone.

use std::collections::HashSet;
use std::pin::pin;
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::sleep;

use crate::cached::jobs::{self, Delivered, Inlet, Jobs};
use crate::cached::{StoreError, StoreErrorKind, pause};
use crate::queued::call::AbortOnDrop;
use crate::queued::error::QueueError;
use crate::sync::lock;

/// How long one command waits for a job; the end of a worker waits for it.
const WAIT: Duration = Duration::from_millis(500);

/// The same if several queues share a place.
const SHORT_WAIT: Duration = Duration::from_millis(20);

/// What the parts of a worker share.
pub(super) struct Shared {
    /// Its name among the workers of a queue.
    id: String,
    places: Arc<Semaphore>,
    concurrency: usize,
    stopped: watch::Sender<bool>,
    /// Why it cannot start.
    refusal: OnceLock<StoreError>,
}

impl Shared {
    pub(super) fn new(concurrency: usize) -> Arc<Self> {
        let concurrency = concurrency.min(Semaphore::MAX_PERMITS);
        let (places, stopped) = (Arc::new(Semaphore::new(concurrency)), watch::Sender::new(false));
        Arc::new(Shared { id: Jobs::fresh_id(), places, concurrency, stopped, refusal: OnceLock::new() })
    }

    /// Removes the worker's name from these queues. If the server is unreachable, another worker does so.
    pub(super) async fn leave(&self, queues: &[Arc<Jobs>]) {
        for jobs in queues {
            let _ = jobs.leave(&self.id).await;
        }
    }

    /// No more jobs.
    pub(super) fn stop(&self) {
        self.stopped.send_replace(true);
    }

    pub(super) fn is_stopped(&self) -> bool {
        *self.stopped.borrow()
    }

    /// This will not get better with time.
    fn refuse(&self, error: StoreError) {
        let _ = self.refusal.set(error);
        self.stop();
    }

    pub(super) fn refusal(&self) -> Option<StoreError> {
        self.refusal.get().cloned()
    }

    /// A place for a job; none once it is stopped.
    async fn place(&self) -> Option<OwnedSemaphorePermit> {
        let mut stopped = self.stopped.subscribe();
        let (stop, place) = (stopped.wait_for(|stopped| *stopped), Arc::clone(&self.places).acquire_owned());
        match select(pin!(stop), pin!(place)).await {
            Either::Left(_) => None,
            Either::Right((place, _)) => place.ok(),
        }
    }

    /// Waits this long, unless it is stopped.
    async fn pause(&self, length: Duration) {
        let mut stopped = self.stopped.subscribe();
        let _ = select(pin!(stopped.wait_for(|stopped| *stopped)), pin!(sleep(length))).await;
    }
}

/// A job that this worker has, until it is dropped.
pub(super) struct Taken {
    pub(super) jobs: Arc<Jobs>,
    pub(super) job: Delivered,
    held: Arc<Mutex<HashSet<String>>>,
    _place: OwnedSemaphorePermit,
}

impl Taken {
    /// Until the deadline of its caller.
    pub(super) async fn time_left(&self) -> Option<Duration> {
        let deadline = self.job.deadline?;
        let now = self.jobs.now().await.ok()?;
        Some(Duration::from_millis(deadline.saturating_sub(now)))
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        lock(&self.held).remove(&self.job.entry);
    }
}

/// Ends what [`start`] has started.
pub(super) struct Stops {
    shared: Arc<Shared>,
    _tasks: Vec<AbortOnDrop<()>>,
}

impl Drop for Stops {
    fn drop(&mut self) {
        self.shared.stop();
    }
}

/// Starts to take the jobs of these queues.
pub(super) fn start(
    shared: &Arc<Shared>,
    queues: &[Arc<Jobs>],
) -> Result<(Stops, UnboundedReceiver<Taken>), QueueError> {
    let (sender, taken) = unbounded_channel();
    let wait = if shared.concurrency < queues.len() { SHORT_WAIT } else { WAIT };
    stop_at_signal(shared)?;
    let mut tasks = Vec::new();
    for queue in queues {
        let inlet = Inlet::new(queue)?;
        let intake = Intake { jobs: Arc::clone(queue), shared: Arc::clone(shared), held: Arc::default() };
        let intake = Arc::new(intake);
        tasks.push(AbortOnDrop(jobs::spawn(Arc::clone(&intake).keep())?));
        drop(jobs::spawn(Arc::clone(&intake).reclaim(sender.clone()))?);
        drop(jobs::spawn(intake.take(inlet, wait, sender.clone()))?);
    }
    Ok((Stops { shared: Arc::clone(shared), _tasks: tasks }, taken))
}

/// One task for the whole process, which tokio's handler belongs to for ever: the signal stops the workers, and without
/// one that still takes jobs it ends the process, as it would without us.
#[cfg(unix)]
fn stop_at_signal(shared: &Arc<Shared>) -> Result<(), QueueError> {
    static WORKERS: Mutex<Option<Vec<Weak<Shared>>>> = Mutex::new(None);
    let mut workers = lock(&WORKERS);
    let is_heard = workers.is_some();
    let all = workers.get_or_insert_default();
    all.retain(|worker| worker.strong_count() > 0);
    all.push(Arc::downgrade(shared));
    if is_heard {
        return Ok(());
    }
    let hear = async {
        let Ok(mut signal) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else { return };
        while signal.recv().await.is_some() {
            let workers: Vec<_> = lock(&WORKERS).iter().flatten().filter_map(Weak::upgrade).collect();
            let mut takes_jobs = workers.iter().filter(|worker| !worker.is_stopped()).peekable();
            if takes_jobs.peek().is_none() {
                std::process::exit(128 + 15);
            }
            takes_jobs.for_each(|worker| worker.stop());
        }
    };
    drop(jobs::spawn(hear)?);
    Ok(())
}

#[cfg(not(unix))]
fn stop_at_signal(_: &Arc<Shared>) -> Result<(), QueueError> {
    Ok(())
}

/// One queue of a worker.
struct Intake {
    jobs: Arc<Jobs>,
    shared: Arc<Shared>,
    /// The entries of its jobs.
    held: Arc<Mutex<HashSet<String>>>,
}

impl Intake {
    /// New jobs. A command that waits for one is not interrupted: what it would return would be lost until its lease is
    /// over.
    async fn take(self: Arc<Self>, inlet: Inlet, wait: Duration, sender: UnboundedSender<Taken>) {
        let (mut is_known, mut failures) = (false, 0);
        while let Some(place) = self.shared.place().await {
            match inlet.take(&self.shared.id, wait).await {
                Ok(job) => {
                    (is_known, failures) = (true, 0);
                    if let Some(job) = job {
                        self.pass_on(job, place, &sender);
                    }
                }
                Err(error) if !is_known && error.kind() == StoreErrorKind::Configuration => {
                    return self.shared.refuse(error);
                }
                Err(error) => {
                    // Another queue may have jobs.
                    drop(place);
                    self.warn(&error, failures).await;
                    failures = failures.saturating_add(1);
                }
            }
        }
    }

    /// Jobs of workers that are gone, and those that were sent to this one when its connection broke.
    async fn reclaim(self: Arc<Self>, sender: UnboundedSender<Taken>) {
        loop {
            self.shared.pause(self.jobs.lease() / 3).await;
            let Some(place) = self.shared.place().await else { return };
            let mut places = vec![place];
            while let Ok(place) = Arc::clone(&self.shared.places).try_acquire_owned() {
                places.push(place);
            }
            match self.jobs.reclaim(&self.shared.id, places.len()).await {
                Ok(taken) => {
                    taken.into_iter().zip(places).for_each(|(job, place)| self.pass_on(job, place, &sender));
                }
                Err(error) => tracing::debug!(target: "festoon", %error, "cannot look for abandoned jobs"),
            }
        }
    }

    /// Says that the jobs are still running.
    async fn keep(self: Arc<Self>) {
        loop {
            sleep(self.jobs.lease() / 4).await;
            let entries: Vec<String> = lock(&self.held).iter().cloned().collect();
            if !entries.is_empty()
                && let Err(error) = self.jobs.heartbeat(&self.shared.id, entries).await
            {
                tracing::debug!(target: "festoon", %error, "cannot renew the leases of jobs");
            }
        }
    }

    /// A job that this worker is running already came back because the server was away for long.
    fn pass_on(&self, job: Delivered, place: OwnedSemaphorePermit, sender: &UnboundedSender<Taken>) {
        if lock(&self.held).insert(job.entry.clone()) {
            let (jobs, held) = (Arc::clone(&self.jobs), Arc::clone(&self.held));
            // If nobody runs it any more, its lease ends.
            drop(sender.send(Taken { jobs, job, held, _place: place }));
        }
    }

    async fn warn(&self, error: &StoreError, failures: u32) {
        tracing::warn!(target: "festoon", %error, "a worker cannot take jobs");
        self.shared.pause(pause(failures)).await;
    }
}
