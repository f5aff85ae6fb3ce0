//! The same as in `quick.rs` for the forms that cannot use its loop: async functions, hooks, arguments that move.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use festoon::{Advice, Decorated, Retryable, retry};

use super::Flaky;
use crate::context_manager::{block_on, cancel_after, pause};

#[retry(attempts = 4, wait = fixed(0ms))]
async fn inner(log: &RefCell<Vec<u32>>) -> Result<(), u32> {
    log.borrow_mut().push(festoon::attempt().number);
    pause().await;
    Err(festoon::attempt().number)
}

#[retry(attempts = 2, wait = fixed(0ms))]
async fn outer(log: &RefCell<Vec<u32>>) -> Result<(), u32> {
    let failed = inner(log).await;
    log.borrow_mut().push(10 * festoon::attempt().number);
    failed
}

#[test]
fn futures_are_numbered_inside_of_each_other() {
    for _ in 0..3 {
        let log = RefCell::new(Vec::new());
        assert_eq!(block_on(outer(&log)), Err(4));
        assert_eq!(log.into_inner(), [1, 2, 3, 4, 10, 1, 2, 3, 4, 20]);
        assert_eq!(festoon::attempt().number, 1);
    }
    let (inner, outer) = (inner.retries(), outer.retries());
    assert_eq!((inner.calls, inner.retried, inner.gave_up), (6, 18, 6));
    assert_eq!((outer.calls, outer.retried, outer.gave_up), (3, 3, 3));
}

#[retry(attempts = 5, wait = fixed(0ms))]
async fn recovers(flaky: &Flaky) -> Result<u32, String> {
    assert!(flaky.calls.get() < 3, "too many");
    let result = flaky.call();
    pause().await;
    result
}

#[test]
fn counts_of_futures_survive_a_recovery_a_panic_and_a_cancellation() {
    assert_eq!(block_on(recovers(&Flaky::new(0))), Ok(1));
    assert_eq!(block_on(recovers(&Flaky::new(2))), Ok(3));
    assert!(catch_unwind(AssertUnwindSafe(|| block_on(recovers(&Flaky::new(9))))).is_err());
    cancel_after(2, recovers(&Flaky::new(9)));
    assert_eq!(festoon::attempt().number, 1);
    let retries = recovers.retries();
    assert_eq!((retries.calls, retries.retried, retries.recovered, retries.gave_up), (4, 6, 1, 0));
}

#[test]
fn two_futures_on_one_thread_keep_their_own_numbers() {
    let (one, other) = (RefCell::new(Vec::new()), RefCell::new(Vec::new()));
    let both = async { futures::join!(inner(&one), inner(&other)) };
    assert_eq!(block_on(both), (Err(4), Err(4)));
    assert_eq!((one.into_inner(), other.into_inner()), (vec![1, 2, 3, 4], vec![1, 2, 3, 4]));
}

/// Each attempt has its own copy of the argument.
#[retry(attempts = 3, wait = fixed(0ms), clone(text))]
fn moved(text: String, flaky: &Flaky) -> Result<String, String> {
    assert_eq!(flaky.calls.get() + 1, festoon::attempt().number);
    flaky.call().map(|number| text + &number.to_string())
}

#[test]
fn arguments_that_move() {
    assert_eq!(moved("a".to_owned(), &Flaky::new(2)), Ok("a3".to_owned()));
    assert_eq!(moved("a".to_owned(), &Flaky::new(9)), Err("failure 3".to_owned()));
    assert_eq!(festoon::attempt().number, 1);
    let retries = moved.retries();
    assert_eq!((retries.calls, retries.retried, retries.recovered, retries.gave_up), (2, 4, 1, 1));
}

#[test]
fn a_panic_in_a_second_attempt_ends_it() {
    #[retry(attempts = 3, wait = fixed(0ms), clone(text))]
    fn panics(text: String) -> Result<(), String> {
        assert_eq!(festoon::attempt().number, 1);
        Err(text)
    }
    assert!(catch_unwind(|| panics(String::new())).is_err());
    assert_eq!(festoon::attempt().number, 1);
}

#[test]
fn a_call_inside_of_a_second_attempt_has_its_own_number() {
    fn number() -> Result<u32, ()> {
        Ok(festoon::attempt().number)
    }

    #[retry(attempts = 3, wait = fixed(0ms))]
    fn inside() -> Result<u32, ()> {
        number()
    }

    #[retry(attempts = 3, wait = fixed(0ms), clone(log))]
    fn outside(mut log: Vec<u32>) -> Result<Vec<u32>, ()> {
        log.extend([festoon::attempt().number, inside()?, festoon::attempt().number]);
        if log[0] < 3 { Err(()) } else { Ok(log) }
    }

    let _ = inside();
    assert_eq!(outside(Vec::new()), Ok(vec![3, 1, 3]));
}

#[test]
fn hooks_are_called_with_the_attempt_that_they_belong_to() {
    fn number() -> u32 {
        festoon::attempt().number
    }

    #[retry(
        attempts = 3,
        wait = fixed(0ms),
        before = |attempt| log.borrow_mut().push(format!("before {} {}", attempt.number, number())),
        after = |result| log.borrow_mut().push(format!("after {} {}", number(), result.is_ok())),
        before_sleep = |error, wait| log.borrow_mut().push(format!("{error}, {wait:?}, {}", number())),
        on_give_up = |error| { log.borrow_mut().push(format!("gave up {error} {}", number())); },
    )]
    fn hooked(flaky: &Flaky, log: &RefCell<Vec<String>>) -> Result<u32, String> {
        flaky.call()
    }

    let log = RefCell::new(Vec::new());
    assert_eq!(hooked(&Flaky::new(1), &log), Ok(2));
    let expected =
        ["before 1 1", "after 1 false", "failure 1, 0ns, 1", "before 2 2", "after 2 true"].map(str::to_owned);
    assert_eq!(log.take(), expected);
    assert_eq!(hooked(&Flaky::new(9), &log), Err("failure 3".to_owned()));
    assert_eq!(log.take().last().unwrap(), "gave up failure 3 3");
    assert_eq!(festoon::attempt().number, 1);
}

#[derive(Debug)]
struct Step(u32);

impl Retryable for Step {
    fn advice(&self) -> Advice {
        match self.0 {
            3 => Advice::After(Duration::from_micros(1)),
            5 => Advice::Never,
            _ => Advice::Transient,
        }
    }
}

#[retry(attempts = 9, wait = fixed(0ms))]
async fn steps(count: &Cell<u32>) -> Result<(), Step> {
    count.set(count.get() + 1);
    assert_eq!(count.get(), festoon::attempt().number);
    Err(Step(count.get()))
}

#[test]
fn a_future_whose_error_has_more_to_say_is_heard_in_the_middle() {
    assert_eq!(block_on(steps(&Cell::new(0))).unwrap_err().0, 5);
    let retries = steps.retries();
    assert_eq!((retries.retried, retries.refused, retries.slept), (4, 1, Duration::from_micros(1)));
}

#[test]
fn an_error_that_refuses_is_final() {
    #[retry(attempts = 9, wait = fixed(0ms), when = |error| error.ends_with('1'))]
    async fn refused(flaky: &Flaky) -> Result<u32, String> {
        flaky.call()
    }
    assert_eq!(block_on(refused(&Flaky::new(9))), Err("failure 2".to_owned()));
    let retries = refused.retries();
    assert_eq!((retries.retried, retries.refused, retries.gave_up), (1, 1, 0));
}

#[test]
fn who_listens_from_the_middle_on_is_told_the_rest() {
    #[retry(attempts = 4, wait = fixed(0ms), clone(text))]
    fn told(text: String, second: &dyn Fn()) -> Result<String, String> {
        if festoon::attempt().number == 2 {
            second();
        }
        Err(text + &festoon::attempt().number.to_string())
    }
    let heard = RefCell::new(None);
    let listen = || *heard.borrow_mut() = Some(crate::events::from_now_on());
    assert_eq!(told("n".to_owned(), &listen), Err("n4".to_owned()));
    let (guard, events) = heard.into_inner().unwrap();
    let words: Vec<_> = events().iter().map(|event| event.split_once(" function").unwrap().0.to_owned()).collect();
    drop(guard);
    let again = "DEBUG festoon message=retrying";
    assert_eq!(words, [again, again, "WARN festoon message=gave up"]);
    assert_eq!(festoon::attempt().number, 1);
    assert_eq!((told.retries().retried, told.retries().gave_up), (3, 1));
    let events = crate::events::of(|| _ = told("n".to_owned(), &|| ()));
    assert!(events.last().is_some_and(|last| last.contains("gave up") && last.contains("error=n4")), "{events:?}");
}
