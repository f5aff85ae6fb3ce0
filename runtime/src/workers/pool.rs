//! Who gets a worker, and when.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use super::error::WorkerError;
use super::start::{self, Worker};
use crate::oneshot::{self, Receiver, Sender};
use crate::sync::lock;

/// What a pool's workers are like. Functions with equal settings share a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Zero for one per core.
    pub(super) workers: usize,
    /// In bytes; zero for no limit.
    pub(super) memory: u64,
    /// Zero for no limit.
    pub(super) max_calls: u64,
    pub(super) nice: i32,
}

impl Settings {
    /// The defaults.
    pub const NONE: Settings = Settings { workers: 0, memory: 0, max_calls: 0, nice: 0 };

    /// At most this many processes.
    ///
    /// # Panics
    /// If it is zero; in an expansion that is a compile error.
    #[must_use]
    pub const fn workers(self, workers: usize) -> Self {
        assert!(workers > 0, "`workers` has to be at least 1");
        Settings { workers, ..self }
    }

    /// The most memory of each, in bytes.
    ///
    /// # Panics
    /// If it is zero, or the system has no such limit.
    #[must_use]
    pub const fn memory(self, memory: u64) -> Self {
        let has_limit = cfg!(any(target_os = "linux", target_os = "android", target_os = "freebsd"));
        assert!(has_limit, "`memory` is not available on this system, which does not limit a process' memory");
        assert!(memory > 0, "`memory` has to be more than zero");
        Settings { memory, ..self }
    }

    /// How many calls each serves.
    ///
    /// # Panics
    /// If it is zero.
    #[must_use]
    pub const fn max_calls(self, max_calls: u64) -> Self {
        assert!(max_calls > 0, "`max_calls` has to be at least 1");
        Settings { max_calls, ..self }
    }

    /// How much lower their priority is.
    ///
    /// # Panics
    /// Outside of 0 to 19.
    #[must_use]
    pub const fn nice(self, nice: i32) -> Self {
        assert!(nice >= 0 && nice <= 19, "`nice` has to be between 0 and 19");
        Settings { nice, ..self }
    }
}

/// A function's pool, which it may share with others.
pub struct Pool {
    settings: Settings,
    shared: OnceLock<&'static Shared>,
}

impl Pool {
    /// With these settings; no process is started yet.
    #[must_use]
    pub const fn new(settings: Settings) -> Self {
        Pool { settings, shared: OnceLock::new() }
    }

    pub(super) fn shared(&self) -> &'static Shared {
        self.shared.get_or_init(|| Shared::of(self.settings))
    }
}

static ALL: Mutex<Vec<&'static Shared>> = Mutex::new(Vec::new());

pub(super) fn all() -> Vec<&'static Shared> {
    lock(&ALL).clone()
}

/// The workers of equal settings.
pub(super) struct Shared {
    pub(super) settings: Settings,
    pub(super) most: usize,
    state: Mutex<State>,
    pub(super) counts: Counts,
}

#[derive(Default)]
pub(super) struct Counts {
    pub(super) started: AtomicU64,
    pub(super) calls: AtomicU64,
    pub(super) crashed: AtomicU64,
    pub(super) killed: AtomicU64,
}

#[derive(Default)]
struct State {
    idle: Vec<Arc<Worker>>,
    waiting: VecDeque<Sender<Result<Lease, WorkerError>>>,
    /// Including those that are being started.
    alive: usize,
    starting: usize,
}

impl Shared {
    fn of(settings: Settings) -> &'static Self {
        let mut all = lock(&ALL);
        if let Some(known) = all.iter().find(|shared| shared.settings == settings) {
            return known;
        }
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let most = if settings.workers == 0 { cores() } else { settings.workers };
        let shared = Box::leak(Box::new(Shared { settings, most, state: Mutex::default(), counts: Counts::default() }));
        all.push(shared);
        shared
    }

    /// A worker for one call: an idle one, else a new one, else the next one that is free.
    pub(super) async fn acquire(&'static self) -> Result<Lease, WorkerError> {
        let receiver = match self.take_idle() {
            Ok(lease) => return Ok(lease),
            Err(receiver) => receiver,
        };
        receiver.await.unwrap_or_else(|_| Err(WorkerError::NotStarted("its thread could not be started".to_owned())))
    }

    fn take_idle(&'static self) -> Result<Lease, Receiver<Result<Lease, WorkerError>>> {
        let mut state = lock(&self.state);
        if let Some(worker) = state.idle.pop() {
            return Ok(Lease { worker: Some(worker), pool: self });
        }
        let (sender, receiver) = oneshot::channel();
        state.waiting.retain(|other| !other.is_canceled());
        state.waiting.push_back(sender);
        if state.alive < self.most && state.waiting.len() > state.starting {
            state.alive += 1;
            state.starting += 1;
            drop(state);
            start::keep_one(self);
        }
        Err(receiver)
    }

    /// Hands a worker to the next call that waits.
    pub(super) fn give(&'static self, worker: Arc<Worker>) {
        if worker.is_over() {
            return;
        }
        if worker.calls() == self.settings.max_calls && self.settings.max_calls > 0 {
            worker.retire();
            return;
        }
        let mut lease = Lease { worker: Some(worker), pool: self };
        loop {
            let mut state = lock(&self.state);
            let Some(sender) = state.waiting.pop_front() else {
                state.idle.extend(lease.worker.take());
                return;
            };
            drop(state);
            match sender.send(Ok(lease)) {
                Err(Ok(returned)) => lease = returned,
                _ => return,
            }
        }
    }

    /// A worker has ended. Should its thread start another one, so that the next call need not wait?
    pub(super) fn wants_another(&self, ended: &Arc<Worker>) -> bool {
        let mut state = lock(&self.state);
        state.idle.retain(|worker| !Arc::ptr_eq(worker, ended));
        let wants = ended.calls() > 0 || !state.waiting.is_empty();
        state.alive -= usize::from(!wants);
        state.starting += usize::from(wants);
        wants
    }

    pub(super) fn started(&self) {
        lock(&self.state).starting -= 1;
        Shared::count(&self.counts.started);
    }

    /// If no worker is left, the waiting calls will not get one.
    pub(super) fn start_failed(&self, error: &WorkerError) {
        let mut state = lock(&self.state);
        state.alive -= 1;
        state.starting -= 1;
        let waiting = if state.alive == 0 { std::mem::take(&mut state.waiting) } else { VecDeque::new() };
        drop(state);
        for sender in waiting {
            let _ = sender.send(Err(error.clone()));
        }
    }

    /// How many are alive, idle, and how many calls wait.
    pub(super) fn sizes(&self) -> (usize, usize, usize) {
        let state = lock(&self.state);
        let waiting = state.waiting.iter().filter(|sender| !sender.is_canceled()).count();
        (state.alive, state.idle.len(), waiting)
    }

    pub(super) fn count(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// A worker, for one call.
pub(super) struct Lease {
    worker: Option<Arc<Worker>>,
    pool: &'static Shared,
}

impl Lease {
    pub(super) fn worker(&self) -> &Worker {
        self.worker.as_ref().expect("a lease has its worker until it is dropped")
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(worker) = self.worker.take() {
            self.pool.give(worker);
        }
    }
}
