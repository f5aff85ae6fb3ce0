//! The rules that all ways of exiting share: the body's error wins, and can store the exit's.

use std::any::{Any, type_name};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{AsyncExit, Exit, Verdict};
use crate::unwinding::report;
use crate::{Outcome, unwinding};

impl<'a, E> Outcome<'a, E> {
    /// The outcome of a body that returned this.
    #[inline]
    pub(crate) fn of<R>(result: &'a mut Result<R, E>) -> Self {
        result.as_mut().err().map_or(Outcome::Success, Outcome::Error)
    }
}

/// Runs the exit. Returns an `Err` only if there was no error to store it in.
#[inline]
pub(crate) fn told<A: Exit<E>, E>(active: A, how: Outcome<'_, E>) -> Result<Verdict<E>, E> {
    let verdict = match how {
        Outcome::Error(error) => match active.exit(Outcome::Error(&mut *error)) {
            Err(cleanup) => {
                A::suppressed(error, cleanup);
                Verdict::Pass
            }
            Ok(verdict) => verdict,
        },
        how => active.exit(how)?,
    };
    Ok(permitted(verdict, A::MAY_SWALLOW))
}

/// The same, awaited.
pub(crate) async fn told_async<A: AsyncExit<E>, E: Send>(active: A, how: Outcome<'_, E>) -> Result<Verdict<E>, E> {
    let verdict = match how {
        Outcome::Error(error) => match active.exit(Outcome::Error(&mut *error)).await {
            Err(cleanup) => {
                A::suppressed(error, cleanup);
                Verdict::Pass
            }
            Ok(verdict) => verdict,
        },
        how => active.exit(how).await?,
    };
    Ok(permitted(verdict, A::MAY_SWALLOW))
}

fn permitted<E>(verdict: Verdict<E>, may_swallow: bool) -> Verdict<E> {
    if may_swallow || !matches!(verdict, Verdict::Swallow) { verdict } else { Verdict::Pass }
}

/// The result of the scope; `None` if its error was swallowed.
#[inline]
pub(crate) fn settled<R, E>(result: Result<R, E>, verdict: Result<Verdict<E>, E>) -> Result<Option<R>, E> {
    match (result, verdict) {
        (_, Err(error) | Ok(Verdict::Replace(error))) | (Err(error), Ok(Verdict::Pass)) => Err(error),
        (Ok(value), Ok(_)) => Ok(Some(value)),
        (Err(_), Ok(Verdict::Swallow)) => Ok(None),
    }
}

/// Runs an exit during a panic, or where its error cannot be returned: both are logged, and neither ends the process.
pub(super) fn told_in_vain<E>(name: &'static str, exit: impl FnOnce() -> Result<Verdict<E>, E>) {
    match catch_unwind(AssertUnwindSafe(exit)) {
        Ok(exited) => lost(name, &exited),
        Err(panic) => reported(name, panic),
    }
}

/// Runs an exit in a `drop`. Its panic propagates, unless the thread is already unwinding.
pub(super) fn told_in_drop<E>(name: &'static str, exit: impl FnOnce() -> Result<Verdict<E>, E>) {
    if std::thread::panicking() { told_in_vain(name, exit) } else { lost(name, &exit()) }
}

/// Logs an error that cannot be returned.
pub(super) fn lost<E>(name: &str, exited: &Result<Verdict<E>, E>) {
    if matches!(exited, Err(_) | Ok(Verdict::Replace(_))) {
        report(name, &format!("it failed with a `{}`", type_name::<E>()));
    }
}

/// Logs a panic during another one.
pub(super) fn reported(name: &str, panic: Box<dyn Any + Send>) {
    let text = format!("panicked: {}", unwinding::text(&*panic));
    unwinding::swallow(|| drop(panic));
    unwinding::swallow(|| report(name, &text));
}
