//! Every shape of function that a user may decorate, also compiled as Rust 2018 and 2021 by `editions/`.

#[path = "shapes/arguments.rs"]
mod arguments;
#[path = "shapes/borrows.rs"]
mod borrows;
#[path = "shapes/boxed.rs"]
mod boxed;
#[path = "shapes/endings.rs"]
mod endings;
#[path = "shapes/futures.rs"]
mod futures;
#[path = "shapes/generators.rs"]
mod generators;
#[path = "shapes/kinds.rs"]
mod kinds;
#[path = "shapes/made_by_macros.rs"]
mod made_by_macros;
#[path = "shapes/methods.rs"]
mod methods;
#[path = "shapes/returns.rs"]
mod returns;

use festoon::{Decorated, OutcomeKind, timed};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Display;
use std::future::Future;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

/// Runs a future that never has to wait for anything.
fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}

/// Is pending once.
async fn pause() {
    let mut polled = false;
    std::future::poll_fn(|context| {
        if polled {
            return Poll::Ready(());
        }
        polled = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

thread_local! {
    static LOG: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

fn log(word: &'static str) {
    LOG.with(|log| log.borrow_mut().push(word));
}

fn take_log() -> Vec<&'static str> {
    LOG.with(|log| log.borrow_mut().drain(..).collect())
}

/// Writes its word when it is dropped.
struct Tell(&'static str);

impl Drop for Tell {
    fn drop(&mut self) {
        log(self.0);
    }
}
