//! `#[context_manager]`: a function around a `yield_!`.

mod lending;

use std::cell::Cell;
use std::num::ParseIntError;
use std::rc::Rc;

use festoon::{
    ExitStack, Guard, Manager, Outcome, OutcomeKind, Verdict, Yields, context, context_manager, with, within, yield_,
};

use super::{Failure, Log, failure, is_send, panic_of};

#[context_manager]
fn logged(log: &Log, name: &str) -> Yields<&mut String> {
    let mut buffer = String::from(name);
    log.add(format!("+{name}"));
    let how = yield_!(&mut buffer);
    log.add(format!("-{buffer}: {how}"));
}

/// Case B: before, value, after; the after also runs when the body fails. `ui/context_manager` has what never yields, or twice.
#[test]
fn what_stands_before_the_yield_is_the_enter_and_what_stands_behind_it_the_exit() {
    let log = Log::default();
    let manager = logged(&log, "a");
    assert!(log.take().is_empty(), "making it enters nothing");
    let ended = manager.scope(|buffer| {
        log.add("body");
        buffer.push('!');
        Ok::<_, Failure>(buffer.len())
    });
    assert_eq!(ended, Ok(2));
    assert_eq!(log.take(), ["+a", "body", "-a!: success"]);
    assert_eq!(logged(&log, "b").scope(|_| Err::<(), _>(failure("body"))), Err(failure("body")));
    assert_eq!(log.take(), ["+b", "-b: error"]);
    assert_eq!(
        panic_of(|| logged(&log, "c").scope(|_| -> Result<(), Failure> { panic!("body") })).as_deref(),
        Some("body")
    );
    assert_eq!(log.take(), ["+c", "-c: panic"]);
}

#[test]
fn entered_by_hand_it_is_a_guard() {
    let log = Log::default();
    {
        let mut buffer = logged(&log, "a").enter();
        buffer.push_str("bc");
        assert_eq!(format!("{buffer:?}"), "Yielded(\"abc\")");
    }
    assert_eq!(log.take(), ["+a", "-abc: dropped"]);
    drop(panic_of(|| {
        let _guard = logged(&log, "a").enter();
        panic!("x")
    }));
    assert_eq!(log.take(), ["+a", "-a: panic"]);
    let guard: Guard<_, Failure> = Guard::new(logged(&log, "a").enter());
    guard.finish(Outcome::Success).unwrap();
    assert_eq!(log.take(), ["+a", "-a: success"]);
}

fn within_with(log: &Log, texts: &[&str]) -> Result<u32, ParseIntError> {
    let mut sum = 0;
    for text in texts {
        with!(buffer = logged(log, text) => {
            buffer.push('.');
            match *text {
                "skip" => continue,
                "end" => return Ok(sum),
                _ => sum += text.parse::<u32>()?,
            }
        });
    }
    Ok(sum)
}

#[within(logged(log, "f"))]
fn decorated(log: &Log, depth: u8) -> Result<u8, Failure> {
    if depth == 0 { Err(failure("end")) } else { decorated(log, depth - 1) }
}

/// Case D: around a function that calls itself; more in `within.rs`.
#[test]
fn every_way_to_use_a_manager_takes_it() {
    let log = Log::default();
    assert_eq!(within_with(&log, &["1", "skip", "2", "end", "3"]), Ok(3));
    let told = log.take();
    assert_eq!(told[1..4], ["-1.: success", "+skip", "-skip.: success"]);
    assert_eq!(told.last().unwrap(), "-end.: success");
    assert!(within_with(&log, &["x"]).is_err());
    assert_eq!(log.take(), ["+x", "-x.: error"]);
    assert_eq!(decorated(&log, 10), Err(failure("end")));
    assert_eq!(log.take().iter().filter(|told| *told == "-f: error").count(), 11);
    let stacked = ExitStack::scope(|stack| {
        let Ok(first) = stack.enter(logged(&log, "a"));
        let second = stack.push(logged(&log, "b").enter());
        first.push_str(second);
        Err::<(), _>(failure("body"))
    });
    assert_eq!(stacked, Err(failure("body")));
    assert_eq!(log.take(), ["+a", "+b", "-b: error", "-ab: error"]);
}

/// Enters with an error, and fails to exit with another one.
#[context_manager]
fn number(log: &Log, text: &str, end: &str) -> Result<Yields<u32>, ParseIntError> {
    if text.is_empty() {
        log.add("refused");
        return Err("".parse::<u32>().unwrap_err());
    }
    let how = yield_!(text.parse()?);
    log.add(how.name());
    end.parse::<u32>()?;
    Ok(())
}

#[derive(Debug, PartialEq)]
struct Wrong(ParseIntError);

impl From<ParseIntError> for Wrong {
    fn from(error: ParseIntError) -> Self {
        Wrong(error)
    }
}

#[test]
fn an_error_before_the_yield_is_one_of_entering_and_behind_it_one_of_the_exit() {
    let log = Log::default();
    let scope = |text, end| number(&log, text, end).scope(|number| Ok::<u32, Wrong>(**number));
    assert_eq!(scope("7", "0"), Ok(7));
    assert_eq!(log.take(), ["success"]);
    assert_eq!(scope("", "0"), Err(Wrong("".parse::<u32>().unwrap_err())));
    assert_eq!(log.take(), ["refused"]);
    assert!(scope("x", "0").is_err());
    assert!(log.take().is_empty());
    assert!(scope("7", "x").is_err());
    assert_eq!(log.take(), ["success"]);
    assert!(number(&log, "x", "0").enter().is_err());
    let ended = |text| -> Result<u32, ParseIntError> {
        let number = with!(number = number(&log, text, "x") => -> Result<u32, ParseIntError> {
            if **number == 8 { return "y".parse(); }
            **number
        });
        Ok(number)
    };
    assert_eq!(ended("8"), "y".parse(), "the body's error wins");
    assert_eq!(ended("9"), "x".parse());
}

/// Sees the error, changes it, swallows it or puts another one in its place.
#[context_manager(error = Failure)]
fn judge(verdict: &str) -> Yields<()> {
    match yield_!() {
        Outcome::Error(error) => {
            error.0 = "seen";
            match verdict {
                "swallow" => Verdict::Swallow,
                "replace" => Verdict::Replace(failure("other")),
                _ => Verdict::Pass,
            }
        }
        _ => Verdict::Pass,
    }
}

/// As Python's `try: yield` with an `except` that raises the same.
#[context_manager(error = Failure)]
fn raises(log: &Log) -> Result<Yields<()>, Failure> {
    if let Outcome::Panic(Some(payload)) = yield_!() {
        log.add(*payload.downcast_ref::<&str>().unwrap());
        return Ok(());
    }
    Err(failure("exit"))
}

/// Case B: it may end the error, raise the same or another one; what it does not touch keeps its identity.
#[test]
fn the_exit_sees_the_error_and_decides_about_it() {
    let run = |verdict| judge(verdict).scope_opt(|_| Err::<(), _>(failure("body")));
    assert_eq!(run("pass"), Err(failure("seen")));
    assert_eq!(run("replace"), Err(failure("other")));
    assert_eq!(run("swallow"), Ok(None));
    let log = Log::default();
    assert_eq!(raises(&log).scope(|_| Err::<(), _>(failure("body"))), Err(failure("body")));
    assert_eq!(raises(&log).scope(|_| Ok::<_, Failure>(())), Err(failure("exit")));
    assert_eq!(panic_of(|| raises(&log).scope(|_| -> Result<(), Failure> { panic!("body") })).as_deref(), Some("body"));
    assert_eq!(log.take(), ["body"]);
    drop(raises(&log).enter().unwrap());
}

/// Case B: an error of the kind that the machinery uses is an error as any other.
#[test]
fn an_outcome_that_is_an_error_is_not_taken_for_the_machinerys() {
    #[context_manager(error = OutcomeKind)]
    fn passes() -> Yields<()> {
        let how = yield_!();
        assert!(matches!(how, Outcome::Error(OutcomeKind::Success)));
    }
    assert_eq!(passes().scope(|_| Err::<(), _>(OutcomeKind::Success)), Err(OutcomeKind::Success));
    let nested = passes().scope(|_| passes().scope(|_| Err::<(), _>(OutcomeKind::Success)));
    assert_eq!(nested, Err(OutcomeKind::Success));
}

/// `yield_!` in both branches, in a loop that it leaves, behind a `let` with an `else`.
#[context_manager]
fn branches(log: &Log, which: Option<u8>, mut tries: u8) -> Result<Yields<u8>, Failure> {
    let Some(which) = which else { return Err(failure("none")) };
    let how = if which == 0 {
        yield_!(10)
    } else {
        loop {
            if tries == 0 {
                break yield_!(which);
            }
            tries -= 1;
        }
    };
    log.add(how.name());
    Ok(())
}

fn stop() -> ! {
    panic!("stopped")
}

#[context_manager]
fn stops(which: u8) -> Yields<u8> {
    match which {
        0 => drop(yield_!(1)),
        1 => stop(),
        2 => panic!("two"),
        _ => {
            let _: OutcomeKind = yield_!(2);
        }
    }
}

#[test]
fn each_way_may_have_a_yield_of_its_own() {
    let log = Log::default();
    let value = |which, tries| branches(&log, which, tries).scope(|value| Ok::<u8, Failure>(**value));
    assert_eq!((value(Some(0), 3), value(Some(4), 3), value(None, 0)), (Ok(10), Ok(4), Err(failure("none"))));
    assert_eq!(log.take(), ["success", "success"]);
    assert_eq!((*stops(0).enter(), *stops(3).enter()), (1, 2));
    assert_eq!(panic_of(|| *stops(1).enter()).as_deref(), Some("stopped"));
    assert_eq!(panic_of(|| *stops(2).enter()).as_deref(), Some("two"));
}

/// Names of ours, and of what the expansion calls.
#[context_manager(error = Failure)]
#[allow(non_snake_case, reason = "names of types")]
fn clashing(told: u8, yielder: u8, how: u8, argument0: u8, Generator: u8, done: u8, self_: u8) -> Yields<u8> {
    let value = told + yielder + how + argument0 + Generator + done + self_;
    let outcome = yield_!(value);
    let _ = (told, yielder, outcome);
}

struct Counter(Cell<u8>);

impl Counter {
    #[context_manager]
    fn counted(&self, (by, _): (u8, Rc<()>), #[cfg(any())] absent: Missing, _: u8) -> Yields<&Cell<u8>> {
        self.0.set(self.0.get() + by);
        yield_!(&self.0);
        self.0.set(self.0.get() - by);
    }

    #[context_manager]
    fn exclusive(&mut self) -> Yields<&mut Cell<u8>> {
        self.0.set(1);
        let how = yield_!(&mut self.0);
        self.0.set(u8::from(how == OutcomeKind::Success));
    }

    #[context_manager]
    fn owned(mut self, by: u8) -> Yields<Self> {
        self.0 = Cell::new(by);
        yield_!(self);
    }
}

/// Case B: arguments with the names of internals.
#[test]
fn names_methods_patterns_and_conditions() {
    assert_eq!(clashing(1, 2, 3, 4, 5, 6, 7).scope(|sum| Ok(**sum)), Ok(28));
    let mut counter = Counter(Cell::new(0));
    let alive = Rc::new(());
    let entered = counter.counted((2, alive.clone()), 0).enter();
    assert_eq!((entered.get(), Rc::strong_count(&alive)), (2, 2));
    drop(entered);
    assert_eq!((counter.0.get(), Rc::strong_count(&alive)), (0, 1));
    counter.exclusive().enter().set(9);
    assert_eq!(counter.0.get(), 0);
    assert_eq!(counter.owned(4).enter().0.get(), 4);
}

#[test]
fn it_goes_where_its_parts_go() {
    let log = Log::default();
    let guard = is_send(is_send(logged(&log, "a")).enter());
    fn is_sync<T: Sync>(_: &T) {}
    is_sync(&is_send(guard));
}

context! {
    /// Its body has a true `yield`.
    pub(super) fn squared(log: &Log, side: u32) -> Yields<u32> {
        let how = yield side * side;
        log.add(how.name());
    }

    #[context_manager(error = Failure)]
    fn forgiving() -> Result<Yields<()>, Failure> {
        let how = yield;
        Ok(if how.is_success() { Verdict::Pass } else { Verdict::Swallow })
    }
}

#[test]
fn a_true_yield() {
    let log = Log::default();
    assert_eq!(squared(&log, 3).scope(|area| Ok::<_, Failure>(**area)), Ok(9));
    assert_eq!(log.take(), ["success"]);
    assert_eq!(forgiving().scope_opt(|_| Err::<(), _>(failure("body"))), Ok(None));
}

/// The error of its own exit, a panic of it, and both ways out beside one another.
#[context_manager]
fn panics(when: &str) -> Yields<()> {
    assert!(when != "enter", "enter");
    yield_!();
    assert!(when != "exit", "exit");
}

#[test]
fn a_panic_of_its_own_is_the_callers() {
    let scope = |when| panic_of(|| panics(when).scope(|_| Ok::<_, Failure>(()))).is_some();
    assert_eq!((scope("enter"), scope("exit"), scope("")), (true, true, false));
    let both = panic_of(|| panics("exit").scope(|_| -> Result<(), Failure> { panic!("body") }));
    assert_eq!(both.as_deref(), Some("body"));
    let both = panic_of(|| {
        let _guard = panics("exit").enter();
        panic!("body")
    });
    assert_eq!(both.as_deref(), Some("body"));
    assert_eq!(panic_of(|| drop(panics("exit").enter())).as_deref(), Some("exit"));
}

macro_rules! wait {
    () => {
        std::future::pending::<()>().await
    };
}

#[context_manager]
fn hides_an_await(log: &Log, before: bool) -> Yields<()> {
    if before {
        wait!();
    }
    yield_!();
    log.add("exit");
    wait!();
}

#[test]
fn an_await_that_a_macro_hides_is_a_panic_and_no_hang() {
    let log = Log::default();
    assert!(panic_of(|| drop(hides_an_await(&log, true).enter())).is_some());
    assert!(log.take().is_empty());
    assert!(panic_of(|| drop(hides_an_await(&log, false).enter())).is_some());
    assert_eq!(log.take(), ["exit"]);
}

/// Case G: `mem::forget` leaks, and is sound.
#[test]
fn forgotten_it_leaks_and_nothing_else() {
    let alive = Rc::new(());
    let counter = Counter(Cell::new(0));
    std::mem::forget(counter.counted((1, alive.clone()), 0).enter());
    assert_eq!((counter.0.get(), Rc::strong_count(&alive)), (1, 2));
    drop(counter.counted((1, alive.clone()), 0));
    assert_eq!((counter.0.get(), Rc::strong_count(&alive)), (1, 2));
}

#[test]
fn a_manager_is_what_its_trait_enters_too() {
    let log = Log::default();
    let Ok(active) = Manager::enter(logged(&log, "a"));
    drop(active);
    assert_eq!(log.take(), ["+a", "-a: dropped"]);
}
