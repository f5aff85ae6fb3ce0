//! Several exits of one scope: each receives the outcome as the exits before it left it. Called by
//! `#[derive(ContextManager)]`.

use std::any::{Any, type_name};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread;

use super::exit::{lost, reported, told, told_async};
use super::scope_async::caught;
use super::{AsyncExit, Exit, Verdict};
use crate::Outcome;

/// The current outcome.
#[derive(Debug)]
pub struct Chain<'o, E> {
    how: Outcome<'o, E>,
    /// Was the scope's own error swallowed?
    is_swallowed: bool,
    /// An error of an exit, if the scope had none.
    made: Option<E>,
    panic: Option<Box<dyn Any + Send>>,
}

impl<'o, E> Chain<'o, E> {
    /// A scope with this outcome.
    pub fn new(how: Outcome<'o, E>) -> Self {
        Chain { how, is_swallowed: false, made: None, panic: None }
    }

    /// Calls the next exit.
    pub fn exit<A: Exit<E>>(&mut self, active: A) {
        let how = self.outcome();
        let exited = catch_unwind(AssertUnwindSafe(|| told(active, how)));
        self.exited(type_name::<A>(), exited);
    }

    /// Awaits the next exit.
    pub async fn exit_async<A: AsyncExit<E>>(&mut self, active: A)
    where
        E: Send,
    {
        let exited = caught(told_async(active, self.outcome())).await;
        self.exited(type_name::<A>(), exited);
    }

    fn outcome(&mut self) -> Outcome<'_, E> {
        if let Some(panic) = &mut self.panic {
            return Outcome::Panic(Some(&mut **panic));
        }
        match (&mut self.made, &mut self.how) {
            (Some(error), _) => Outcome::Error(error),
            (None, Outcome::Error(_)) if self.is_swallowed => Outcome::Success,
            (None, Outcome::Error(error)) => Outcome::Error(error),
            (None, Outcome::Panic(payload)) => Outcome::Panic(payload.as_deref_mut()),
            (None, Outcome::Success) => Outcome::Success,
            (None, Outcome::Cancelled) => Outcome::Cancelled,
            (None, Outcome::Dropped) => Outcome::Dropped,
        }
    }

    fn exited(&mut self, name: &str, exited: thread::Result<Result<Verdict<E>, E>>) {
        match exited {
            Err(panic) if self.panic.is_some() || matches!(self.how, Outcome::Panic(_)) => reported(name, panic),
            Err(panic) => self.panic = Some(panic),
            Ok(Ok(Verdict::Pass)) => {}
            Ok(Ok(Verdict::Swallow)) => {
                self.made = None;
                self.is_swallowed = true;
            }
            Ok(Err(error) | Ok(Verdict::Replace(error))) if self.takes_errors() => self.replace(error),
            Ok(exited) => lost(name, &exited),
        }
    }

    /// Does anything receive an error?
    fn takes_errors(&self) -> bool {
        self.panic.is_none() && matches!(self.how, Outcome::Success | Outcome::Error(_))
    }

    fn replace(&mut self, error: E) {
        match &mut self.how {
            Outcome::Error(own) if !self.is_swallowed => **own = error,
            _ => self.made = Some(error),
        }
    }

    /// The combined result of all exits. Resumes a panic of an exit.
    ///
    /// # Errors
    ///
    /// The error of an exit, if the scope had none.
    pub fn verdict(self) -> Result<Verdict<E>, E> {
        match (self.panic, self.made) {
            (Some(panic), _) if thread::panicking() => {
                reported("a context manager", panic);
                Ok(Verdict::Pass)
            }
            (Some(panic), _) => resume_unwind(panic),
            (None, Some(error)) if self.is_swallowed => Ok(Verdict::Replace(error)),
            (None, Some(error)) => Err(error),
            (None, None) if self.is_swallowed => Ok(Verdict::Swallow),
            (None, None) => Ok(Verdict::Pass),
        }
    }
}

/// The error of entering, after everything entered before was exited; nothing can swallow it.
pub fn rolled_back<E>(error: E, verdict: Result<Verdict<E>, E>) -> E {
    match verdict {
        Ok(Verdict::Replace(other)) | Err(other) => other,
        Ok(Verdict::Pass | Verdict::Swallow) => error,
    }
}
