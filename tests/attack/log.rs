//! What is true, when it became true, and whether what a call returns could be true while the call ran.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicIsize, AtomicU32, AtomicU64, Ordering::SeqCst};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// The keys that threads share, and how many threads there are: each has as many keys of its own where caches are its own.
pub const KEYS: usize = 8;
pub const THREADS: usize = 6;
const ALL: usize = KEYS * THREADS;

/// How many readings exist.
pub static ALIVE: AtomicIsize = AtomicIsize::new(0);

/// What a function returns: the version that its key had when the body looked. It is counted, and its `Clone` may panic.
#[derive(Debug, Serialize, Deserialize)]
#[serde(from = "(usize, u64)", into = "(usize, u64)")]
pub struct Reading {
    pub key: usize,
    pub version: u64,
}

impl From<(usize, u64)> for Reading {
    fn from((key, version): (usize, u64)) -> Self {
        ALIVE.fetch_add(1, SeqCst);
        Reading { key, version }
    }
}

impl From<Reading> for (usize, u64) {
    fn from(reading: Reading) -> Self {
        (reading.key, reading.version)
    }
}

impl Clone for Reading {
    fn clone(&self) -> Self {
        if CLONES_PANIC.load(SeqCst) {
            sometimes_panic(300);
        }
        Reading::from((self.key, self.version))
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, SeqCst);
    }
}

static CLONES_PANIC: AtomicBool = AtomicBool::new(false);

/// The payload of the panics that belong to the attack. They are thrown past the panic hook, which would print them.
pub struct Deliberate;

fn sometimes_panic(one_in: u32) {
    if fastrand::u32(..one_in) == 0 {
        resume_unwind(Box::new(Deliberate));
    }
}

/// The error of a body. It is not kept.
#[derive(Debug)]
pub struct Failed;

pub type Answer = Result<Reading, Failed>;

/// The log of one function.
pub struct Log {
    versions: [AtomicU64; ALL],
    /// The version after the last write that has ended, its invalidation included.
    floors: [AtomicU64; ALL],
    /// One write of a key at a time, or an `insert` could come after a later write.
    writers: [Mutex<()>; ALL],
    /// The bodies that run now, and those that have returned a value in this round.
    running: [AtomicU32; ALL],
    returned: [AtomicU32; ALL],
    /// Nothing is written or refreshed, so that two bodies of one key never run at a time.
    calm: AtomicBool,
    reads: AtomicU64,
}

impl Log {
    pub const fn new() -> Self {
        Log {
            versions: [const { AtomicU64::new(0) }; ALL],
            floors: [const { AtomicU64::new(0) }; ALL],
            writers: [const { Mutex::new(()) }; ALL],
            running: [const { AtomicU32::new(0) }; ALL],
            returned: [const { AtomicU32::new(0) }; ALL],
            calm: AtomicBool::new(false),
            reads: AtomicU64::new(0),
        }
    }

    /// A round begins, with an empty cache.
    pub fn begin(&self, calm: bool) {
        self.calm.store(calm, SeqCst);
        CLONES_PANIC.store(!calm, SeqCst);
        self.returned.iter().for_each(|returned| returned.store(0, SeqCst));
    }

    pub fn reads(&self) -> u64 {
        self.reads.load(SeqCst)
    }

    /// How often a value of one key was computed in this round, at most.
    pub fn most_returned(&self) -> u32 {
        self.returned.iter().map(|returned| returned.load(SeqCst)).max().unwrap_or(0)
    }

    /// The body: it looks, takes a while, and then panics, fails or returns what it has seen.
    pub fn body(&self, key: usize) -> Answer {
        let _running = Running::begin(self, key);
        let_others();
        let version = self.versions[key].load(SeqCst);
        let_others();
        self.end(key, version)
    }

    /// The same, where it can also be cancelled.
    pub async fn async_body(&self, key: usize) -> Answer {
        let _running = Running::begin(self, key);
        pause(fastrand::u32(..3)).await;
        let version = self.versions[key].load(SeqCst);
        pause(fastrand::u32(..3)).await;
        self.end(key, version)
    }

    fn end(&self, key: usize, version: u64) -> Answer {
        sometimes_panic(20);
        if fastrand::u32(..10) == 0 {
            return Err(Failed);
        }
        self.returned[key].fetch_add(1, SeqCst);
        Ok(Reading::from((key, version)))
    }

    /// A write, and what makes the cache forget the old value.
    pub fn write(&self, key: usize, forget: impl FnOnce(Reading)) {
        let _writer = self.writers[key].lock().unwrap_or_else(PoisonError::into_inner);
        let version = self.versions[key].fetch_add(1, SeqCst) + 1;
        forget(Reading::from((key, version)));
        self.floors[key].fetch_max(version, SeqCst);
    }

    /// Each value is of this key, not older than the last write that had ended when the call began, and not newer than the
    /// last one that has begun now.
    pub fn check(&self, key: usize, call: impl FnOnce() -> Vec<Answer>) {
        let floor = self.floors[key].load(SeqCst);
        for reading in call().into_iter().flatten() {
            let (of, version, latest) = (reading.key, reading.version, self.versions[key].load(SeqCst));
            assert_eq!(of, key, "the value of another key was returned");
            assert!(version >= floor, "key {key}: {version} was returned, {floor} had been written before the call");
            assert!(version <= latest, "key {key}: {version} was returned, {latest} is the latest");
            self.reads.fetch_add(1, SeqCst);
        }
    }
}

/// Counts a body while it runs, however it ends.
struct Running<'a>(&'a AtomicU32);

impl<'a> Running<'a> {
    fn begin(log: &'a Log, key: usize) -> Self {
        let running = Running(&log.running[key]);
        let before = running.0.fetch_add(1, SeqCst);
        assert!(before == 0 || !log.calm.load(SeqCst), "key {key}: {} bodies at once", before + 1);
        running
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}

/// Every now and then, as it costs a turn on a busy machine.
fn let_others() {
    if fastrand::u32(..4) == 0 {
        std::thread::yield_now();
    }
}

/// Lets others run that often.
async fn pause(mut times: u32) {
    std::future::poll_fn(|context| {
        if times == 0 {
            return std::task::Poll::Ready(());
        }
        times -= 1;
        context.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await;
}
