//! `#[derive(Guard)]`: on every path the exit runs once with the right outcome, and the fields are dropped once.
#![forbid(unsafe_code)]

mod panics;
mod shapes;

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};

use festoon::{Entered, Guard, Outcome, OutcomeKind};
use futures::FutureExt;

use crate::events;

/// What happened, in order.
#[derive(Default)]
struct Log(RefCell<Vec<String>>);

impl Log {
    fn add(&self, event: impl Into<String>) {
        self.0.borrow_mut().push(event.into());
    }

    fn take(&self) -> Vec<String> {
        self.0.take()
    }
}

/// A field that tells when it is dropped.
struct Part<'a>(&'static str, &'a Log);

impl Drop for Part<'_> {
    fn drop(&mut self) {
        self.1.add(format!("drop {}", self.0));
    }
}

#[derive(Guard)]
#[guard(exit = Self::end)]
struct Tx<'a> {
    log: &'a Log,
    _first: Part<'a>,
    _second: Part<'a>,
}

impl Tx<'_> {
    fn end(&mut self, how: OutcomeKind) {
        self.log.add(how.name());
    }
}

fn tx(log: &Log) -> Tx<'_> {
    Tx { log, _first: Part("first", log), _second: Part("second", log) }
}

fn ended(how: &str) -> [String; 3] {
    [how.to_owned(), "drop first".to_owned(), "drop second".to_owned()]
}

/// Runs this, panic or not, and gives what it logged.
fn logged(body: impl FnOnce(&Log)) -> Vec<String> {
    let log = Log::default();
    let _ = catch_unwind(AssertUnwindSafe(|| body(&log)));
    log.take()
}

#[test]
fn the_end_of_the_scope_is_left() {
    assert_eq!(logged(|log| drop(tx(log))), ended("dropped"));
    let leave_early = |log: &Log| -> Option<()> {
        let _tx = tx(log);
        None?;
        unreachable!()
    };
    assert_eq!(logged(|log| assert!(leave_early(log).is_none())), ended("dropped"));
    assert_eq!(
        logged(|log| {
            for _ in 0..9 {
                let _tx = tx(log);
                if log.0.borrow().is_empty() {
                    break;
                }
            }
        }),
        ended("dropped")
    );
}

#[test]
fn a_panic_is_a_panic() {
    assert_eq!(
        logged(|log| {
            let _tx = tx(log);
            panic!("on purpose");
        }),
        ended("panic")
    );
}

#[test]
fn finish_tells_how_and_the_exit_does_not_run_again() {
    for how in [OutcomeKind::Success, OutcomeKind::Error, OutcomeKind::Cancelled] {
        assert_eq!(logged(|log| tx(log).finish(how)), ended(how.name()));
    }
}

#[test]
fn finish_with_tells_success_and_error_of_any_result() {
    assert_eq!(logged(|log| tx(log).finish_with(&Ok::<_, ()>(3))), ended("success"));
    assert_eq!(logged(|log| tx(log).finish_with(&Err::<(), _>("no"))), ended("error"));
}

#[test]
fn defuse_drops_the_fields_alone() {
    assert_eq!(logged(|log| tx(log).defuse()), ["drop first", "drop second"]);
}

#[test]
fn the_fields_can_be_taken_out() {
    let log = Log::default();
    let (_, first, second) = tx(&log).into_fields();
    assert_eq!((first.0, second.0), ("first", "second"));
    drop(second);
    assert_eq!(log.take(), ["drop second"]);
}

#[test]
fn a_future_that_is_dropped_leaves_its_guards() {
    let log = Log::default();
    let mut future = Box::pin(async {
        let _tx = tx(&log);
        std::future::pending::<()>().await;
    });
    assert!(future.as_mut().now_or_never().is_none());
    drop(future);
    assert_eq!(log.take(), ended("dropped"));
}

#[derive(Guard)]
#[guard(exit = Self::close, error = String)]
struct File<'a> {
    log: &'a Log,
    /// What the exit itself ends with.
    fails: Option<&'static str>,
    _part: Part<'a>,
}

impl File<'_> {
    fn close(&mut self, how: Outcome<'_, String>) -> Result<(), &'static str> {
        self.log.add(how.name());
        if let Outcome::Error(error) = how {
            error.push_str(", and the file is gone");
        }
        self.fails.map_or(Ok(()), Err)
    }
}

fn file<'a>(log: &'a Log, fails: Option<&'static str>) -> File<'a> {
    File { log, fails, _part: Part("part", log) }
}

#[test]
fn finish_with_lets_the_exit_amend_the_error() {
    let log = Log::default();
    let mut result: Result<(), _> = Err("disk full".to_owned());
    file(&log, None).finish_with(&mut result);
    assert_eq!(result, Err("disk full, and the file is gone".to_owned()));
    assert_eq!(log.take(), ["error", "drop part"]);
}

#[test]
fn an_error_of_the_exit_takes_the_place_of_ok_alone() {
    let log = Log::default();
    let mut result = Ok(3);
    file(&log, Some("cannot rename")).finish_with(&mut result);
    assert_eq!(result, Err("cannot rename".to_owned()));
    assert_eq!(log.take(), ["success", "drop part"]);

    let mut result: Result<(), _> = Err("disk full".to_owned());
    let reports = events::of(|| file(&log, Some("cannot remove")).finish_with(&mut result));
    assert_eq!(result, Err("disk full, and the file is gone".to_owned()));
    assert!(reports[0].contains("cannot remove") && reports[0].contains("File"), "{reports:?}");
}

#[test]
fn an_error_of_the_exit_is_reported_where_nobody_takes_it() {
    let log = Log::default();
    let reports = events::of(|| {
        drop(file(&log, Some("cannot close")));
        file(&log, Some("cannot finish")).finish(OutcomeKind::Success);
        file(&log, None).finish(OutcomeKind::Success);
    });
    assert_eq!(reports.len(), 2, "{reports:?}");
    assert!(reports[0].contains("cannot close") && reports[1].contains("cannot finish"), "{reports:?}");
}

#[test]
fn an_error_that_is_only_named_is_told_as_left() {
    assert_eq!(logged(|log| file(log, None).finish(OutcomeKind::Error)), ["dropped", "drop part"]);
}

#[test]
fn every_shape_of_struct_is_a_guard() {
    let runs = Cell::new(0);
    drop(shapes::Defer(|| runs.set(runs.get() + 1)));
    shapes::Defer(|| runs.set(runs.get() + 1)).defuse();
    assert_eq!(runs.get(), 1);

    let seen = Cell::new(0);
    shapes::Everything { seen: &seen, value: "abc", array: [shapes::Hidden; 4] }.finish(OutcomeKind::Success);
    assert_eq!(seen.get(), "\"abc\"".len() + 4);

    shapes::Unit.finish(OutcomeKind::Success);
    assert_eq!(shapes::last(), Some(OutcomeKind::Success));
    shapes::Unit.defuse();
    assert_eq!(shapes::last(), None);
    drop(shapes::Unit);
    assert_eq!(shapes::last(), Some(OutcomeKind::Dropped));

    let how = Cell::new(OutcomeKind::Dropped);
    shapes::Closure(&how).finish_with(&mut Err::<(), _>(std::fmt::Error));
    assert_eq!(how.get(), OutcomeKind::Error);

    let seen = Cell::new(0);
    drop(shapes::Packed { small: 3, boxed: Box::new(5), seen: &seen });
    shapes::Packed { small: 4, boxed: Box::new(5), seen: &seen }.finish(OutcomeKind::Success);
    shapes::Packed { small: 5, boxed: Box::new(5), seen: &seen }.defuse();
    assert_eq!(seen.get(), 7);
}

#[test]
fn guards_made_by_macro_rules() {
    macro_rules! guard {
        ($name:ident, $exit:expr) => {
            #[derive(Guard)]
            #[guard(exit = $exit)]
            struct $name<'a>(&'a Cell<bool>);

            impl $name<'_> {
                fn end(&mut self) {
                    self.0.set(true);
                }
            }
        };
    }

    guard!(Made, Self::end);
    let ended = Cell::new(false);
    drop(Made(&ended));
    assert!(ended.get());
}
