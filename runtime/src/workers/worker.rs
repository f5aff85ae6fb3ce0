//! The worker's side: this program, started again.

use std::io::Write;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicU8, Ordering};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Resource, Rlimit, Signal, getpid, kill_process_group, nice, setrlimit};

use super::entry::{Entry, TestWorker};
use super::frame::{self, LARGE, Request};
use super::pool::Settings;
use crate::calls::Reply;
use crate::deadline;

/// In front of a worker's settings, among its arguments.
const ARGUMENT: &str = "festoon-worker=";

/// The first byte that a worker sends.
pub(super) const READY: u8 = b'r';

static ROLE: AtomicU8 = AtomicU8::new(UNKNOWN);
const UNKNOWN: u8 = 0;
const PARENT: u8 = 1;
const WORKER: u8 = 2;

/// Call it first in `main` of a program with `#[offload(process)]` functions; `#[festoon::main]` does so.
///
/// A worker process is this program, started again: there, `init` serves the calls and never returns. In the program
/// itself it returns at once. A call without it fails with [`WorkerError::NotStarted`](super::WorkerError::NotStarted).
///
/// ```no_run
/// festoon::process::init();
/// // ..
/// ```
pub fn init() {
    match settings() {
        Some(settings) => work(&settings),
        None => ROLE.store(PARENT, Ordering::Relaxed),
    }
}

/// What `festoon_worker` does: nothing, unless it runs in a worker process.
pub fn serve_tests() {
    if let Some(settings) = settings() {
        work(&settings);
    }
}

fn settings() -> Option<String> {
    std::env::args_os().find_map(|argument| Some(argument.to_str()?.strip_prefix(ARGUMENT)?.to_owned()))
}

/// Is this a worker process?
///
/// A call of an `#[offload(process)]` function runs right here then: workers start no workers.
#[must_use]
pub fn is_worker() -> bool {
    ROLE.load(Ordering::Relaxed) == WORKER
}

/// Would a copy of this program become a worker?
pub(super) fn is_initialised() -> bool {
    ROLE.load(Ordering::Relaxed) != UNKNOWN || test_worker().is_some()
}

/// The test that calls [`init`], without the name of its crate.
fn test_worker() -> Option<&'static str> {
    inventory::iter::<TestWorker>().next().and_then(|worker| worker.path.split_once("::")).map(|(_, path)| path)
}

/// The arguments of a worker process.
pub(super) fn arguments(settings: &Settings) -> Vec<String> {
    let mut arguments = vec![format!("{ARGUMENT}{},{}", settings.memory, settings.nice)];
    if ROLE.load(Ordering::Relaxed) == UNKNOWN
        && let Some(test) = test_worker()
    {
        let others = ["--exact", "--nocapture", "--test-threads=1", "--quiet"];
        arguments.push(test.to_owned());
        arguments.extend(others.map(str::to_owned));
    }
    arguments
}

/// Does it run under a test harness, which prints what nobody wants to read?
pub(super) fn is_quiet() -> bool {
    ROLE.load(Ordering::Relaxed) == UNKNOWN
}

fn work(settings: &str) -> ! {
    ROLE.store(WORKER, Ordering::Relaxed);
    match begin(settings) {
        Ok(socket) => serve_all(&socket),
        Err(error) => {
            eprintln!("festoon: this is not a worker process of a running program: {error}");
            std::process::exit(2)
        }
    }
}

/// Takes the socket from standard input, and obeys the settings.
fn begin(settings: &str) -> std::io::Result<UnixStream> {
    let socket = UnixStream::from(std::io::stdin().as_fd().try_clone_to_owned()?);
    socket.peer_addr()?;
    rustix::stdio::dup2_stdin(std::fs::File::open("/dev/null")?)?;
    let (memory, niceness) = settings.split_once(',').unwrap_or((settings, "0"));
    limit(memory.parse().unwrap_or(0), niceness.parse().unwrap_or(0))?;
    watch(socket.try_clone()?)?;
    (&socket).write_all(&[READY])?;
    Ok(socket)
}

fn limit(memory: u64, niceness: i32) -> std::io::Result<()> {
    if niceness != 0 {
        nice(niceness)?;
    }
    if memory > 0 {
        setrlimit(Resource::As, Rlimit { current: Some(memory), maximum: Some(memory) })?;
    }
    Ok(())
}

/// Kills this process, and those that it started, as soon as its parent is gone, whatever it is doing.
fn watch(socket: UnixStream) -> std::io::Result<()> {
    let watching = move || {
        let mut hung_up = [PollFd::new(&socket, PollFlags::empty())];
        while poll(&mut hung_up, None).is_err() || hung_up[0].revents().is_empty() {}
        let _ = kill_process_group(getpid(), Signal::KILL);
        std::process::abort();
    };
    std::thread::Builder::new().name("festoon-watch".to_owned()).stack_size(64 * 1024).spawn(watching).map(drop)
}

fn serve_all(socket: &UnixStream) -> ! {
    let mut buffer = vec![0; LARGE + 1024];
    loop {
        match frame::receive(socket, &mut buffer) {
            Ok(Some(request)) if run(&request).send(request.number, socket).is_ok() => {}
            Ok(_) => std::process::exit(0),
            // Arguments that do not fit in the memory, for example.
            Err(error) => {
                eprintln!("festoon: a worker process cannot read its call: {error}");
                std::process::abort();
            }
        }
    }
}

fn run(request: &Request) -> Reply {
    let Some(entry) = Entry::find(request.entry, &request.name) else {
        let name = String::from_utf8_lossy(&request.name);
        return Reply::broken(format!(
            "the worker process has no function `{name}`: is it in a library loaded at run time?"
        ));
    };
    let _deadline = request.time_left.map(|left| deadline::enter(deadline::after(left)));
    (entry.run)(&request.arguments)
}

/// Lets the tests of a crate call `#[offload(process)]` functions: write it once, in any module.
///
/// It adds a test, `festoon_worker`, which the worker processes of the test program run.
///
/// ```
/// #[cfg(test)]
/// festoon::process::test_worker!();
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __test_worker {
    () => {
        #[::core::prelude::v1::test]
        fn festoon_worker() {
            $crate::__private::process::serve_tests();
        }

        $crate::__private::process::submit! {
            $crate::__private::process::TestWorker {
                path: ::core::concat!(::core::module_path!(), "::festoon_worker"),
            }
        }
    };
}
