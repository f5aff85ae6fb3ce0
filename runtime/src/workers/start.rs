//! A worker process, as its program sees it: started, fed, read from, killed and reaped.

use std::io::{self, BufReader, Read};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use super::error::WorkerError;
use super::frame::LARGE;
use super::pool::{Settings, Shared};
use super::worker::{self, READY};
use crate::calls::Reply;
use crate::oneshot::{self, Receiver, Sender};
use crate::sync::lock;

/// How long a new process may take to call `init`.
const PATIENCE: Duration = Duration::from_secs(10);

type Answer = Result<Reply, WorkerError>;

/// A running worker process.
pub(super) struct Worker {
    socket: UnixStream,
    /// The number of the call, and who waits for its reply.
    call: Mutex<Option<(u64, Sender<Answer>)>>,
    process: Mutex<Child>,
    is_reaped: AtomicBool,
    calls: AtomicU64,
    /// It gets no more calls: it was killed, retired, or has ended by itself.
    is_over: AtomicBool,
}

impl Worker {
    pub(super) fn socket(&self) -> &UnixStream {
        &self.socket
    }

    pub(super) fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Acquire)
    }

    /// From now on a reply with this number, or the end of the process, goes to this receiver; `None` if it has ended
    /// already.
    pub(super) fn expect_reply(&self) -> Option<(u64, Receiver<Answer>)> {
        let (sender, receiver) = oneshot::channel();
        let mut call = lock(&self.call);
        if self.is_over() {
            return None;
        }
        let number = self.calls.fetch_add(1, Ordering::Relaxed);
        *call = Some((number, sender));
        Some((number, receiver))
    }

    /// No more calls: it ends at the end of its input.
    pub(super) fn retire(&self) {
        self.is_over.store(true, Ordering::Release);
        let _ = self.socket.shutdown(std::net::Shutdown::Write);
    }

    /// Ends it at once, whatever it is doing, and what it started.
    pub(super) fn kill(&self) {
        self.is_over.store(true, Ordering::Release);
        let process = lock(&self.process);
        // Until it has been reaped, nobody else can have its number.
        if !self.is_reaped.load(Ordering::Relaxed) {
            let _ = kill_process_group(Pid::from_child(&process), Signal::KILL);
        }
    }

    /// Passes replies on until there are no more.
    fn read_replies(&self) {
        let mut replies = BufReader::with_capacity(LARGE, &self.socket);
        while let Ok((number, reply)) = Reply::receive(&mut replies) {
            // A process that the worker has forked may answer too.
            if let Some((_, call)) = lock(&self.call).take_if(|(expected, _)| *expected == number) {
                let _ = call.send(Ok(reply));
            }
        }
    }

    /// Its socket is closed: it has ended, or is of no use any more. Returns the call that still waits, and its error.
    fn reap(&self, pool: &Shared) -> Option<(Sender<Answer>, WorkerError)> {
        let was_killed = self.is_over();
        let call = {
            let mut call = lock(&self.call);
            self.is_over.store(true, Ordering::Release);
            call.take()
        };
        let status = self.end();
        let error = status.map_or_else(|error| WorkerError::NotStarted(error.to_string()), WorkerError::crashed);
        if call.is_some() && !was_killed {
            Shared::count(&pool.counts.crashed);
        }
        let (_, call) = call?;
        Some((call, error))
    }

    /// Kills what is left of it and of what it started. How did it end?
    fn end(&self) -> io::Result<ExitStatus> {
        self.kill();
        let mut process = lock(&self.process);
        self.is_reaped.store(true, Ordering::Relaxed);
        process.wait()
    }

    /// Closes the socket when the process has ended, since a process that it has forked may keep the other end open.
    fn watch(&self) -> io::Result<()> {
        let (pid, socket) = (Pid::from_child(&lock(&self.process)), self.socket.try_clone()?);
        let watching = move || {
            let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
            while matches!(waitid(WaitId::Pid(pid), options), Err(rustix::io::Errno::INTR)) {}
            let _ = socket.shutdown(std::net::Shutdown::Both);
        };
        std::thread::Builder::new().name("festoon-end".to_owned()).stack_size(64 * 1024).spawn(watching).map(drop)
    }
}

/// A thread that starts a worker, reads its replies, and starts the next one when it has ended.
pub(super) fn keep_one(pool: &'static Shared) {
    let keeping = move || keep(pool);
    let thread = std::thread::Builder::new().name("festoon-process".to_owned()).spawn(keeping);
    if let Err(error) = thread {
        pool.start_failed(&WorkerError::NotStarted(error.to_string()));
    }
}

fn keep(pool: &'static Shared) {
    loop {
        let worker = match start(&pool.settings) {
            Ok(worker) => Arc::new(worker),
            Err(error) => return pool.start_failed(&error),
        };
        pool.started();
        pool.give(Arc::clone(&worker));
        worker.read_replies();
        let crashed = worker.reap(pool);
        let goes_on = pool.wants_another(&worker);
        // Only now, so that the caller's next call waits for the new worker instead of starting one more.
        if let Some((call, error)) = crashed {
            let _ = call.send(Err(error));
        }
        if !goes_on {
            return;
        }
    }
}

fn start(settings: &Settings) -> Result<Worker, WorkerError> {
    let failed = |error: io::Error| WorkerError::NotStarted(error.to_string());
    let (socket, theirs) = UnixStream::pair().map_err(failed)?;
    let _ = rustix::net::sockopt::set_socket_send_buffer_size(&socket, 4 * LARGE);
    let process = command(settings, theirs).and_then(|mut command| command.spawn()).map_err(failed)?;
    let worker = Worker {
        socket,
        call: Mutex::new(None),
        process: Mutex::new(process),
        is_reaped: AtomicBool::new(false),
        calls: AtomicU64::new(0),
        is_over: AtomicBool::new(false),
    };
    worker.wait_until_ready(settings)?;
    worker.watch().map_err(failed)?;
    Ok(worker)
}

impl Worker {
    fn wait_until_ready(&self, settings: &Settings) -> Result<(), WorkerError> {
        let mut ready = [0];
        let _ = self.socket.set_read_timeout(Some(PATIENCE));
        let read = (&self.socket).read_exact(&mut ready);
        let _ = self.socket.set_read_timeout(None);
        if read.is_ok() && ready == [READY] {
            return Ok(());
        }
        let has_ended = matches!(&read, Err(error) if error.kind() == io::ErrorKind::UnexpectedEof);
        let how = match self.end() {
            Ok(status) if has_ended => format!("it ended ({status})"),
            _ => format!("{PATIENCE:?} passed"),
        };
        if settings.memory > 0 && has_ended {
            let memory = settings.memory;
            return Err(WorkerError::NotStarted(format!("{how} with {memory} bytes of memory: is that too little?")));
        }
        let help = "call `festoon::process::init()` first in `main`, or write `#[festoon::main]`";
        Err(WorkerError::NotStarted(format!("{how} before it was ready: {help}")))
    }
}

/// This program, with a socket for its standard input and in a group of its own, which the terminal's Ctrl-C does not
/// reach.
fn command(settings: &Settings, socket: UnixStream) -> io::Result<Command> {
    // The running program, even if its file has been replaced.
    let program = if cfg!(target_os = "linux") { "/proc/self/exe".into() } else { std::env::current_exe()? };
    let mut command = Command::new(program);
    command.args(worker::arguments(settings)).stdin(Stdio::from(OwnedFd::from(socket))).process_group(0);
    if let Some(name) = std::env::args_os().next() {
        command.arg0(name);
    }
    if worker::is_quiet() {
        command.stdout(Stdio::null());
    }
    Ok(command)
}
