//! The thread that talks to Redis for the whole process.
//!
//! Its own runtime makes the store work under every executor and under none, for sync functions too, and keeps
//! connections alive when the runtime of a caller ends, as each test's does. One connection carries the commands of all
//! threads, so that none of them waits for another's answer.

use std::sync::OnceLock;

use tokio::runtime::{Builder, Handle};

/// The runtime; what is spawned on it runs whether or not somebody waits for it.
pub(super) fn runtime() -> Result<&'static Handle, String> {
    static RUNTIME: OnceLock<Result<Handle, String>> = OnceLock::new();
    RUNTIME.get_or_init(start).as_ref().map_err(Clone::clone)
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
