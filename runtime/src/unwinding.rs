//! The user's code in a `drop`: a second panic during unwinding would abort the process.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a closure. During unwinding its panic is caught, and `tell` receives its message.
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

/// The message of a panic.
pub(crate) fn text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or(panic.downcast_ref::<&str>().copied()).unwrap_or("a payload that is not a string")
}

/// Runs a closure and ignores its panic, since there is nothing left that could report it.
pub(crate) fn swallow(run: impl FnOnce()) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(run)) {
        // Its own `drop` could panic.
        std::mem::forget(panic);
    }
}

/// An error or a panic of an exit that nobody receives.
#[cold]
#[inline(never)]
pub(crate) fn report(guard: &str, text: &str) {
    tracing::error!(guard, "the exit of a guard failed where its error cannot be returned: {text}");
}
