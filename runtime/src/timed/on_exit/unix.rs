//! Ends of the process that drop nothing: `exit`, and signals.
//!
//! This does not use the crate `signal-hook`: its handlers are shared, so it cannot tell whether the program has one of
//! its own, as with `tokio::signal`. Here a handler that the program has, or will install, is left alone.
#![allow(unsafe_code, reason = "signals need the C library")]

use std::ffi::c_int;
use std::io::{self, PipeReader, Read};
use std::mem::MaybeUninit;
use std::os::fd::IntoRawFd;
use std::panic::catch_unwind;
use std::ptr;
use std::sync::Once;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

/// The signals with which users and service managers end a program.
const SIGNALS: [c_int; 3] = [libc::SIGINT, libc::SIGTERM, libc::SIGHUP];

/// The end of the pipe that the handler writes to, and the process whose thread reads from it.
static WRITER: AtomicI32 = AtomicI32::new(-1);
static PROCESS: AtomicI32 = AtomicI32::new(0);

/// Once per process.
pub(super) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: an `extern "C"` function of ours, which does not unwind. If it cannot be registered, that is not a
        // failure.
        unsafe { libc::atexit(at_exit) };
        // No pipe or no thread: signals end the program as if festoon were not there.
        let _ = listen();
    });
}

extern "C" fn at_exit() {
    // A panic cannot be reported from here.
    let _ = catch_unwind(super::write_all);
}

fn listen() -> io::Result<()> {
    let (reader, writer) = io::pipe()?;
    thread::Builder::new().name("festoon-report".to_owned()).spawn(|| serve(reader))?;
    WRITER.store(writer.into_raw_fd(), Relaxed);
    PROCESS.store(process(), Relaxed);
    SIGNALS.into_iter().filter(|signal| is_default(*signal)).for_each(handle);
    Ok(())
}

/// Waits for signals. A signal that the program handles in another way by now is ignored.
fn serve(mut reader: PipeReader) {
    let mut signal = [0];
    while reader.read_exact(&mut signal).is_ok() {
        let signal = c_int::from(signal[0]);
        if is_default(signal) {
            let _ = catch_unwind(super::write_all);
            end(signal);
        }
    }
}

/// The default action, which `SA_RESETHAND` has restored.
fn end(signal: c_int) {
    let process = process();
    // SAFETY: a signal to this process.
    unsafe { libc::kill(process, signal) };
    if process == 1 {
        // In the first process of a container, the kernel's default action is to do nothing. SAFETY: ends the process.
        unsafe { libc::_exit(128 + signal) };
    }
}

fn process() -> c_int {
    // SAFETY: has no conditions.
    unsafe { libc::getpid() }
}

/// The process's current action for a signal.
fn action(signal: c_int) -> Option<libc::sigaction> {
    let mut action = MaybeUninit::uninit();
    // SAFETY: only queries; fills `action` if it returns zero.
    (unsafe { libc::sigaction(signal, ptr::null(), action.as_mut_ptr()) } == 0).then(|| unsafe { action.assume_init() })
}

fn is_default(signal: c_int) -> bool {
    action(signal).is_some_and(|action| action.sa_sigaction == libc::SIG_DFL)
}

/// Installs our handler for one signal: a second one ends the program, even if the report hangs.
fn handle(signal: c_int) {
    let Some(mut action) = action(signal) else { return };
    action.sa_sigaction = on_signal as extern "C" fn(c_int) as usize;
    action.sa_flags = libc::SA_RESETHAND | libc::SA_RESTART;
    // SAFETY: the handler does only what a signal handler may; the mask is the existing one.
    unsafe { libc::sigaction(signal, &raw const action, ptr::null_mut()) };
}

/// It only calls `write`, `getpid` and `raise`, which may be called at any moment (`man 7 signal-safety`).
extern "C" fn on_signal(signal: c_int) {
    if process() != PROCESS.load(Relaxed) {
        // A child of `fork`, without our thread: on return the default action takes place. SAFETY: a signal to this
        // process.
        unsafe { libc::raise(signal) };
        return;
    }
    // All of `SIGNALS` are small.
    let byte = u8::try_from(signal).unwrap_or(0);
    // SAFETY: one byte from our stack.
    unsafe { libc::write(WRITER.load(Relaxed), (&raw const byte).cast(), 1) };
}
