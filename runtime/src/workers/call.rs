//! One call in a worker process.

use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_timer::Delay;

use super::entry::Entry;
use super::error::WorkerError;
use super::frame;
use super::pool::{Lease, Pool, Shared};
use super::result::Outcome;
use super::{is_worker, worker};
use crate::calls::{Codecs, Kind, Reply};
use crate::oneshot::Receiver;

/// A dead worker is noticed when it gets its next call, which has not begun then. More than a few in a row are a crash.
const TRIES: u32 = 3;

/// A request with these arguments.
///
/// # Errors
/// If they cannot be encoded.
pub fn encode<C: Codecs>(entry: &Entry, codecs: &C, arguments: C::References<'_>) -> Result<Vec<u8>, WorkerError> {
    let mut request = frame::begin(entry.name);
    match codecs.encode(arguments, &mut request) {
        Ok(()) => Ok(request),
        Err(error) => Err(WorkerError::Encoding(format!("an argument: {error}"))),
    }
}

/// Sends the request to a worker and awaits its result. A panic over there is resumed here.
pub async fn call<R>(
    pool: &'static Pool,
    entry: &'static Entry,
    outcome: Outcome<R>,
    timeout: Option<Duration>,
    request: Result<Vec<u8>, WorkerError>,
) -> R {
    let reply = match request {
        Ok(request) => reply(pool.shared(), entry, timeout, request).await,
        Err(error) => Err(error),
    };
    let value = reply.and_then(value_of).and_then(|bytes| outcome.decode(&bytes).map_err(WorkerError::Encoding));
    value.unwrap_or_else(outcome.failed)
}

fn value_of(reply: Reply) -> Result<Vec<u8>, WorkerError> {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    match reply.kind {
        Kind::Value => Ok(reply.bytes),
        Kind::Panic => resume_unwind(Box::new(text(reply.bytes))),
        Kind::Broken => Err(WorkerError::Encoding(text(reply.bytes))),
    }
}

async fn reply(
    pool: &'static Shared,
    entry: &'static Entry,
    timeout: Option<Duration>,
    mut request: Vec<u8>,
) -> Result<Reply, WorkerError> {
    if is_worker() {
        return Ok((entry.run)(frame::arguments(&request, entry.name)));
    }
    if !worker::is_initialised() {
        let help = "call `festoon::process::init()` first in `main`, or write `#[festoon::main]`; \
                    in tests, write `festoon::process::test_worker!();` in a module";
        return Err(WorkerError::NotStarted(help.to_owned()));
    }
    Shared::count(&pool.counts.calls);
    let running = send(pool, entry, &mut request).await?;
    drop(request);
    match timeout {
        None => running.await,
        Some(limit) => Limited { running, limit, timer: Delay::new(limit) }.await,
    }
}

/// Starts the call on a worker.
async fn send(pool: &'static Shared, entry: &'static Entry, request: &mut [u8]) -> Result<Running, WorkerError> {
    let unknown = || WorkerError::NotStarted(format!("`{}` is not in the list of functions", entry.name));
    let index = entry.index().ok_or_else(unknown)?;
    for _ in 0..TRIES {
        let lease = pool.acquire().await?;
        let Some((number, receiver)) = lease.worker().expect_reply() else { continue };
        let running = Running { receiver, lease, is_over: false, pool };
        if frame::send(running.lease.worker().socket(), request, entry.name, index, number).is_ok() {
            return Ok(running);
        }
    }
    Err(WorkerError::NotStarted("it ended before it got its first call".to_owned()))
}

/// A call with a time limit, in real time: a worker knows no virtual clock, and neither does what hangs in it.
struct Limited {
    running: Running,
    limit: Duration,
    timer: Delay,
}

impl Future for Limited {
    type Output = Result<Reply, WorkerError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Poll::Ready(answer) = Pin::new(&mut self.running).poll(context) {
            return Poll::Ready(answer);
        }
        let limit = self.limit;
        Pin::new(&mut self.timer).poll(context).map(|()| Err(WorkerError::TimedOut { after: limit }))
    }
}

/// A call that waits for its reply. Dropping it kills the worker.
struct Running {
    receiver: Receiver<Result<Reply, WorkerError>>,
    lease: Lease,
    is_over: bool,
    pool: &'static Shared,
}

impl Future for Running {
    type Output = Result<Reply, WorkerError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let answer = ready!(Pin::new(&mut self.receiver).poll(context));
        self.is_over = true;
        Poll::Ready(answer.unwrap_or(Err(WorkerError::Crashed { signal: None, code: None })))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.is_over {
            Shared::count(&self.pool.counts.killed);
            self.lease.worker().kill();
        }
    }
}
