//! Context managers: entered once, and exited once with the right outcome, however they are used.
#![deny(unsafe_code)]
#![allow(clippy::needless_continue, clippy::redundant_else, reason = "every way out of a block is taken")]

mod cancelled;
mod derive;
mod exit_stack;
mod files;
mod generator;
mod generator_async;
mod python;
mod ready_made;
mod scope;
mod scope_async;
mod table;
mod temporary;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use festoon::{AsyncExit, AsyncManager, Exit, Manager, Outcome, Verdict};

/// What happened, in order.
#[derive(Default)]
pub(crate) struct Log(Mutex<Vec<String>>);

impl Log {
    pub(crate) fn add(&self, event: impl Into<String>) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(event.into());
    }

    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

/// An error that keeps what was suppressed. `Send`, but not `Sync`.
#[derive(Debug, PartialEq, Default)]
struct Failure(&'static str, std::cell::Cell<bool>, Vec<Failure>);

fn failure(what: &'static str) -> Failure {
    Failure(what, false.into(), Vec::new())
}

/// What it does besides logging.
#[derive(Clone, Copy, PartialEq, Default)]
enum Does {
    #[default]
    Nothing,
    RefuseEntry,
    PanicOnEntry,
    PanicOnExit,
    FailOnExit,
    Replace,
    Swallow,
}

/// A context manager, sync and async, that logs `+name` and `-name: how`.
#[derive(Clone, Copy)]
struct Step<'a> {
    log: &'a Log,
    name: &'static str,
    does: Does,
}

impl Log {
    fn step(&self, name: &'static str) -> Step<'_> {
        Step { log: self, name, does: Does::Nothing }
    }

    fn that(&self, does: Does) -> Step<'_> {
        Step { log: self, name: "a", does }
    }
}

impl<'a> Step<'a> {
    fn entered(self) -> Result<Active<'a>, Failure> {
        match self.does {
            Does::RefuseEntry => return Err(failure("entry")),
            Does::PanicOnEntry => panic!("entry"),
            _ => self.log.add(format!("+{}", self.name)),
        }
        Ok(Active(self))
    }
}

/// A [`Step`] that has been entered.
struct Active<'a>(Step<'a>);

impl Active<'_> {
    fn left(self, how: &Outcome<'_, Failure>) -> Result<Verdict<Failure>, Failure> {
        self.0.log.add(format!("-{}: {}", self.0.name, how.name()));
        match self.0.does {
            Does::PanicOnExit => panic!("exit"),
            Does::FailOnExit => Err(failure("exit")),
            Does::Replace => Ok(Verdict::Replace(failure("other"))),
            Does::Swallow => Ok(Verdict::Swallow),
            _ => Ok(Verdict::Pass),
        }
    }
}

impl<'a> Manager for Step<'a> {
    type Active = Active<'a>;
    type EnterError = Failure;

    fn enter(self) -> Result<Active<'a>, Failure> {
        self.entered()
    }
}

impl Exit<Failure> for Active<'_> {
    const MAY_SWALLOW: bool = true;

    fn exit(self, how: Outcome<'_, Failure>) -> Result<Verdict<Failure>, Failure> {
        self.left(&how)
    }

    fn suppressed(error: &mut Failure, cleanup: Failure) {
        error.2.push(cleanup);
    }
}

/// A [`Step`] that awaits before it enters and before it exits.
#[derive(Clone, Copy)]
struct Slow<'a>(Step<'a>);

struct SlowActive<'a>(Active<'a>);

impl<'a> AsyncManager for Slow<'a> {
    type Active = SlowActive<'a>;
    type EnterError = Failure;

    async fn enter(self) -> Result<SlowActive<'a>, Failure> {
        pause().await;
        self.0.entered().map(SlowActive)
    }
}

impl AsyncExit<Failure> for SlowActive<'_> {
    async fn exit(self, how: Outcome<'_, Failure>) -> Result<Verdict<Failure>, Failure> {
        self.0.0.log.add("-");
        pause().await;
        self.0.left(&how)
    }

    fn cancelled(self) {
        self.0.0.log.add(format!("-{}: cancelled", self.0.0.name));
        assert!(self.0.0.does != Does::PanicOnExit, "cancelled");
    }

    fn suppressed(error: &mut Failure, cleanup: Failure) {
        error.2.push(cleanup);
    }
}

/// Waits for one more poll.
pub(crate) fn pause() -> impl Future<Output = ()> + Send {
    let mut was_polled = false;
    std::future::poll_fn(move |_| {
        if std::mem::replace(&mut was_polled, true) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
}

/// Polls it to its end.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    loop {
        if let std::task::Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

/// Polls it so many times, and drops it.
pub(crate) fn cancel_after<F: Future>(polls: usize, future: F) {
    let mut future = Box::pin(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    for _ in 0..polls {
        assert!(future.as_mut().poll(&mut context).is_pending(), "it is done before it could be cancelled");
    }
}

pub(crate) fn is_send<T: Send>(value: T) -> T {
    value
}

/// What its panic said, if there was one.
fn panic_of<R>(run: impl FnOnce() -> R) -> Option<String> {
    let payload = catch_unwind(AssertUnwindSafe(run)).err()?;
    Some(payload.downcast_ref::<&str>().map_or("?", |text| *text).to_owned())
}
