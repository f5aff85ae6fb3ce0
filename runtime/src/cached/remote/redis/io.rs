//! The thread that talks to Redis for the whole process.
//!
//! Its own runtime makes the store work under every executor and under none, for sync functions too, and keeps
//! connections alive when the runtime of a caller ends, as each test's does. One connection carries the commands of all
//! threads, so that none of them waits for another's answer.

use std::sync::Mutex;

use tokio::runtime::{Builder, Handle};

use crate::sync::lock;

/// The runtime; what is spawned on it runs whether or not somebody waits for it. A process that has been forked has none of
/// the threads of the other one, and starts its own.
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
