//! The current outcome of a scope with many exits: each exit receives it as the exits before it left it.

use std::any::Any;
use std::panic::resume_unwind;
use std::thread;

use super::Verdict;
use super::exit::{lost, reported};
use crate::{Outcome, OutcomeKind};

/// The name of a stack in reports.
const STACK: &str = "ExitStack";

pub(super) enum Ending<E> {
    Success,
    Error(E),
    /// Without a payload in a `drop` during unwinding.
    Panic(Option<Box<dyn Any + Send>>),
    Cancelled,
    Dropped,
}

impl<E> Ending<E> {
    /// All that can be known in a `drop`.
    pub(super) fn in_drop(was_panicking: bool, otherwise: OutcomeKind) -> Self {
        match otherwise {
            _ if thread::panicking() && !was_panicking => Ending::Panic(None),
            OutcomeKind::Cancelled => Ending::Cancelled,
            _ => Ending::Dropped,
        }
    }

    pub(super) fn outcome(&mut self) -> Outcome<'_, E> {
        match self {
            Ending::Success => Outcome::Success,
            Ending::Error(error) => Outcome::Error(error),
            Ending::Panic(payload) => Outcome::Panic(payload.as_deref_mut()),
            Ending::Cancelled => Outcome::Cancelled,
            Ending::Dropped => Outcome::Dropped,
        }
    }

    /// Records the result of an exit.
    pub(super) fn exited(&mut self, exited: thread::Result<Result<Verdict<E>, E>>) {
        match (exited, &*self) {
            (Ok(Ok(Verdict::Pass)), _) => {}
            (Ok(Ok(Verdict::Swallow)), Ending::Error(_)) => *self = Ending::Success,
            (Ok(Err(error) | Ok(Verdict::Replace(error))), Ending::Success | Ending::Error(_)) => {
                *self = Ending::Error(error);
            }
            (Ok(exited), _) => lost(STACK, &exited),
            (Err(panic), Ending::Panic(_)) => reported(STACK, panic),
            (Err(panic), _) => *self = Ending::Panic(Some(panic)),
        }
    }

    /// The result of the scope; `None` if its error was swallowed. A panic is resumed.
    pub(super) fn result<R>(self, value: Option<R>) -> Result<Option<R>, E> {
        match self {
            Ending::Error(error) => Err(error),
            Ending::Panic(Some(payload)) => resume_unwind(payload),
            _ => Ok(value),
        }
    }

    /// At the end of a `drop`: resumes a panic of an exit, unless the thread is already unwinding.
    pub(super) fn dropped(self) {
        match self {
            Ending::Error(error) => lost::<E>(STACK, &Err(error)),
            Ending::Panic(Some(payload)) if thread::panicking() => reported(STACK, payload),
            Ending::Panic(Some(payload)) => resume_unwind(payload),
            _ => {}
        }
    }
}

/// The outcome of a body: its value and the ending.
pub(super) fn ended<R, E>(body: thread::Result<Result<R, E>>) -> (Option<R>, Ending<E>) {
    match body {
        Ok(Ok(value)) => (Some(value), Ending::Success),
        Ok(Err(error)) => (None, Ending::Error(error)),
        Err(payload) => (None, Ending::Panic(Some(payload))),
    }
}
