//! The thread that talks to Redis for the whole process.
//!
//! With a runtime of its own, the store works under every executor and without one, also for sync functions, and keeps
//! connections alive when a caller's runtime ends, as after each test. One connection carries the commands of all
//! threads, and no thread waits for another's answer.

use std::sync::Mutex;

use tokio::runtime::{Builder, Handle};

use crate::sync::lock;

/// The runtime; its tasks run whether or not the caller waits for them. A forked process has none of its parent's
/// threads, and starts its own.
pub(super) fn runtime() -> Result<Handle, String> {
    static RUNTIME: Mutex<Option<(u32, Result<Handle, String>)>> = Mutex::new(None);
    let (me, mut runtime) = (std::process::id(), lock(&RUNTIME));
    match &*runtime {
        Some((process, started)) if *process == me => started.clone(),
        _ => {
            let started = start();
            *runtime = Some((me, started.clone()));
            started
        }
    }
}

fn start() -> Result<Handle, String> {
    let runtime = Builder::new_current_thread().enable_io().enable_time().build().map_err(|error| error.to_string())?;
    let handle = runtime.handle().clone();
    let thread = std::thread::Builder::new().name("festoon-redis".to_owned());
    match thread.spawn(move || runtime.block_on(std::future::pending::<()>())) {
        Ok(_) => Ok(handle),
        Err(error) => Err(error.to_string()),
    }
}
