//! The rules that all ways of exiting share: the body's error wins, and keeps the exit's.

use std::any::{Any, type_name};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{AsyncExit, Exit, Verdict};
use crate::guard::report;
use crate::{Outcome, unwinding};

impl<'a, E> Outcome<'a, E> {
    /// How a body ended that gave this.
    #[inline]
    pub(crate) fn of<R>(result: &'a mut Result<R, E>) -> Self {
        result.as_mut().err().map_or(Outcome::Success, Outcome::Error)
    }
}

/// Exits. An `Err` is given only where there was no error to keep it.
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

/// What the scope gives; `None` when its error was swallowed.
#[inline]
pub(crate) fn settled<R, E>(result: Result<R, E>, verdict: Result<Verdict<E>, E>) -> Result<Option<R>, E> {
    match (result, verdict) {
        (_, Err(error) | Ok(Verdict::Replace(error))) | (Err(error), Ok(Verdict::Pass)) => Err(error),
        (Ok(value), Ok(_)) => Ok(Some(value)),
        (Err(_), Ok(Verdict::Swallow)) => Ok(None),
    }
}

/// Exits where a panic is on its way, or nobody can take an error: both are reported, and neither ends the process.
pub(super) fn told_in_vain<E>(name: &'static str, exit: impl FnOnce() -> Result<Verdict<E>, E>) {
    match catch_unwind(AssertUnwindSafe(exit)) {
        Ok(exited) => lost(name, &exited),
        Err(panic) => reported(name, panic),
    }
}

/// Exits in a `drop`. A panic of it goes on, unless the thread unwinds already.
pub(super) fn told_in_drop<E>(name: &'static str, exit: impl FnOnce() -> Result<Verdict<E>, E>) {
    if std::thread::panicking() { told_in_vain(name, exit) } else { lost(name, &exit()) }
}

/// An error that nobody can take.
pub(super) fn lost<E>(name: &str, exited: &Result<Verdict<E>, E>) {
    if matches!(exited, Err(_) | Ok(Verdict::Replace(_))) {
        report(name, &format!("it failed with a `{}`", type_name::<E>()));
    }
}

/// A panic beside another one.
pub(super) fn reported(name: &str, panic: Box<dyn Any + Send>) {
    let text = format!("panicked: {}", unwinding::text(&*panic));
    unwinding::swallow(|| drop(panic));
    unwinding::swallow(|| report(name, &text));
}
