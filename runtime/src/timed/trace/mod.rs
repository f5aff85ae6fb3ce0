//! `timing::record_trace(path)`: a file for Perfetto.
//!
//! In: polls and calls that have ended, as an observer. Out: the file, which `file.rs` writes.

mod file;

use std::cell::RefCell;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

use self::file::TraceFile;
use super::observer::{Call, Observer};
use super::observers::Observing;
use super::thread::{Thread, thread};
use crate::clock;
use crate::outcome::OutcomeKind;
use crate::sync::lock;

/// Writes every call of a measured function to a file, until the returned guard is dropped.
///
/// The file is in the [Trace Event Format], which you can open with [Perfetto](https://ui.perfetto.dev) and
/// `chrome://tracing`: one row per thread with the sync calls and the polls of the async ones, nested as they ran; one
/// row per async call, from its first poll to its end. Each call contains how it ended (`outcome`), each poll the id of
/// its call.
///
/// Times are in microseconds since the recording started, with nanoseconds as decimals. Events of different threads are
/// not sorted, which the format allows. Each thread collects 1,024 events (64 KB) before it writes them. So memory does
/// not grow with the length of the recording, but the file does, by about 130 bytes per call: measure fewer of the
/// functions that are called a million times a second, see [`set_enabled`](super::set_enabled). `sample` does not
/// matter here: all calls are measured during a recording. Writing takes the thread about a microsecond per event, for
/// its 1,024 events at once, and shows as time of the function that was calling at that moment; the recorded calls do
/// not get longer. Without a recording calls pay nothing.
///
/// # Limitations
///
/// A call is written when it ends. A call that was running when the recording started, or is still running when it
/// ends, is left out; the polls of an async one in between are included. If the process is killed, the last events of
/// each thread are lost, but you can still open the file: the format does not need the closing bracket.
///
/// Several recordings may run at the same time.
///
/// # Errors
///
/// If the file cannot be created or written. A later error is returned by [`TraceGuard::finish`].
///
/// ```
/// use festoon::{timed, timing};
///
/// #[timed]
/// fn work() {}
///
/// # fn main() -> std::io::Result<()> {
/// # let path = std::env::temp_dir().join("festoon-doc-trace.json");
/// let trace = timing::record_trace(&path)?;
/// work();
/// trace.finish()?;
/// assert!(std::fs::read_to_string(&path)?.contains(r#""ph":"X","name":""#));
/// # std::fs::remove_file(path)
/// # }
/// ```
///
/// [Trace Event Format]: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
pub fn record_trace(path: impl AsRef<Path>) -> io::Result<TraceGuard> {
    let file = TraceFile::new(File::create(path)?)?;
    let trace = Trace { start: clock::ticks(), file: Mutex::new(file), buffers: Mutex::default() };
    let trace = Arc::new(trace);
    lock(&TRACES).push(Arc::clone(&trace));
    CHANGES.fetch_add(1, Relaxed);
    Ok(TraceGuard { trace, _watch: Observing::new() })
}

/// A running recording; see [`record_trace`]. Dropping it completes the file.
#[derive(Debug)]
#[must_use = "the recording ends when this guard is dropped"]
pub struct TraceGuard {
    trace: Arc<Trace>,
    _watch: Observing,
}

impl TraceGuard {
    /// Completes the file, and returns whether all of it could be written. (A drop reports an error as a `tracing`
    /// event.)
    ///
    /// # Errors
    ///
    /// The first error since the recording started.
    pub fn finish(self) -> io::Result<()> {
        self.trace.finish()
    }
}

impl Drop for TraceGuard {
    fn drop(&mut self) {
        // After `finish` there is nothing left to do.
        if let Err(error) = self.trace.finish() {
            tracing::warn!(target: "festoon", %error, "the trace is incomplete");
        }
    }
}

/// The running recordings.
static TRACES: Mutex<Vec<Arc<Trace>>> = Mutex::new(Vec::new());
/// How often `TRACES` has changed: a thread keeps its buffers until the next change.
static CHANGES: AtomicU64 = AtomicU64::new(0);

#[derive(Debug)]
struct Trace {
    start: u64,
    file: Mutex<TraceFile>,
    buffers: Mutex<Vec<Arc<Buffer>>>,
}

/// The events that one thread has not written yet.
#[derive(Debug)]
struct Buffer {
    thread: Arc<Thread>,
    events: Mutex<Vec<Event>>,
}

/// How many events a thread collects before it writes them.
const ROOM: usize = 1024;

/// A call, or a poll of one, that has ended.
struct Event {
    call: Call,
    /// The start of the poll, or of the call.
    from: u64,
    to: u64,
    /// `None` for a poll.
    outcome: Option<OutcomeKind>,
}

impl std::fmt::Debug for Event {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Event").field("from", &self.from).field("to", &self.to).finish_non_exhaustive()
    }
}

/// Passes each call to the running recordings.
pub(super) struct Traces;

impl Observer for Traces {
    fn was_polled(&self, call: &Call, from: u64, to: u64) {
        tell(call, from, to, None);
    }

    fn ended(&self, call: &Call, now: u64, outcome: OutcomeKind) {
        tell(call, call.start, now, Some(outcome));
    }
}

fn tell(call: &Call, from: u64, to: u64, outcome: Option<OutcomeKind>) {
    thread_local! {
        static MINE: RefCell<Mine> = const { RefCell::new(Mine { changes: 0, traces: Vec::new() }) };
    }
    // Unavailable while the thread is ending: calls by its last destructors are left out.
    let _gone = MINE.try_with(|mine| {
        let mut mine = mine.borrow_mut();
        mine.refresh();
        for (trace, buffer) in mine.traces.iter().filter(|(trace, _)| from >= trace.start) {
            trace.push(buffer, Event { call: *call, from, to, outcome });
        }
    });
}

/// This thread's buffers.
struct Mine {
    changes: u64,
    traces: Vec<(Arc<Trace>, Arc<Buffer>)>,
}

impl Mine {
    fn refresh(&mut self) {
        let changes = CHANGES.load(Relaxed);
        if changes == self.changes {
            return;
        }
        self.changes = changes;
        let Some(thread) = thread() else { return };
        let known = std::mem::take(&mut self.traces);
        let all = lock(&TRACES).clone();
        self.traces.extend(all.into_iter().map(|trace| {
            let buffer =
                known.iter().find(|(other, _)| Arc::ptr_eq(other, &trace)).map(|(_, buffer)| Arc::clone(buffer));
            let buffer = buffer.unwrap_or_else(|| trace.buffer(&thread));
            (trace, buffer)
        }));
    }
}

impl Trace {
    /// A thread's own buffer. Those of threads that have ended are written and dropped.
    fn buffer(&self, thread: &Arc<Thread>) -> Arc<Buffer> {
        let buffer = Arc::new(Buffer { thread: Arc::clone(thread), events: Mutex::new(Vec::with_capacity(ROOM)) });
        let mut buffers = lock(&self.buffers);
        for left in buffers.extract_if(.., |buffer| Arc::strong_count(buffer) == 1) {
            self.write(&left, &mut lock(&left.events));
        }
        buffers.push(Arc::clone(&buffer));
        lock(&self.file).thread(thread);
        buffer
    }

    fn push(&self, buffer: &Buffer, event: Event) {
        let mut events = lock(&buffer.events);
        events.push(event);
        if events.len() == ROOM {
            self.write(buffer, &mut events);
        }
    }

    fn write(&self, buffer: &Buffer, events: &mut Vec<Event>) {
        lock(&self.file).events(&buffer.thread, self.start, events);
        events.clear();
    }

    fn finish(self: &Arc<Self>) -> io::Result<()> {
        lock(&TRACES).retain(|trace| !Arc::ptr_eq(trace, self));
        CHANGES.fetch_add(1, Relaxed);
        for buffer in std::mem::take(&mut *lock(&self.buffers)) {
            self.write(&buffer, &mut lock(&buffer.events));
        }
        lock(&self.file).close()
    }
}
