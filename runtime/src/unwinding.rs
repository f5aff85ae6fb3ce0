//! Code of the user's that runs in a `drop`: a second panic while the thread unwinds would abort the process.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs this. While the thread unwinds a panic of it is caught, and `tell` is told what it said.
pub(crate) fn shield(run: impl FnOnce(), tell: impl FnOnce(&str)) {
    if !std::thread::panicking() {
        return run();
    }
    if let Err(panic) = catch_unwind(AssertUnwindSafe(run)) {
        let text = text(&*panic).to_owned();
        swallow(|| drop(panic));
        swallow(|| tell(&text));
    }
}

/// What a panic said.
pub(crate) fn text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or(panic.downcast_ref::<&str>().copied()).unwrap_or("a payload that is no text")
}

/// Runs this and forgets a panic of it: there is nobody left to tell.
pub(crate) fn swallow(run: impl FnOnce()) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(run)) {
        // Its own `drop` could panic.
        std::mem::forget(panic);
    }
}
