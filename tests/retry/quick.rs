//! Calls that do not wait and that nothing observes take another path, which only their duration shows. No virtual
//! clock, which would observe them.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use festoon::{Advice, Decorated, Retryable, retry};

use super::Flaky;

#[retry(attempts = 4, wait = fixed(0ms))]
fn inner(log: &RefCell<Vec<u32>>) -> Result<(), u32> {
    log.borrow_mut().push(festoon::attempt().number);
    Err(festoon::attempt().number)
}

#[retry(attempts = 2, wait = fixed(0ms))]
fn outer(log: &RefCell<Vec<u32>>) -> Result<(), u32> {
    let failed = inner(log);
    log.borrow_mut().push(10 * festoon::attempt().number);
    failed
}

#[test]
fn attempts_are_numbered_inside_of_each_other() {
    for _ in 0..3 {
        let log = RefCell::new(Vec::new());
        assert_eq!(outer(&log), Err(4));
        assert_eq!(log.into_inner(), [1, 2, 3, 4, 10, 1, 2, 3, 4, 20]);
        assert_eq!(festoon::attempt().number, 1);
    }
    let (inner, outer) = (inner.retries(), outer.retries());
    assert_eq!((inner.calls, inner.retried, inner.gave_up), (6, 18, 6));
    assert_eq!((outer.calls, outer.retried, outer.gave_up), (3, 3, 3));
}

#[retry(attempts = 5, wait = fixed(0ms))]
fn recovers(flaky: &Flaky) -> Result<u32, String> {
    assert!(flaky.calls.get() < 3, "too many");
    flaky.call()
}

#[test]
fn counts_survive_a_recovery_and_a_panic() {
    assert_eq!(recovers(&Flaky::new(0)), Ok(1));
    assert_eq!(recovers(&Flaky::new(2)), Ok(3));
    assert!(catch_unwind(AssertUnwindSafe(|| recovers(&Flaky::new(9)))).is_err());
    assert_eq!(festoon::attempt().number, 1);
    let retries = recovers.retries();
    assert_eq!((retries.calls, retries.retried, retries.recovered, retries.gave_up), (3, 5, 1, 0));
}

struct Sometimes(Cell<u32>);

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
fn steps(sometimes: &Sometimes) -> Result<(), Step> {
    sometimes.0.set(sometimes.0.get() + 1);
    assert_eq!(sometimes.0.get(), festoon::attempt().number);
    Err(Step(sometimes.0.get()))
}

#[test]
fn an_error_that_has_more_to_say_is_heard_in_the_middle() {
    assert_eq!(steps(&Sometimes(Cell::new(0))).unwrap_err().0, 5);
    let retries = steps.retries();
    assert_eq!((retries.retried, retries.refused, retries.slept), (4, 1, Duration::from_micros(1)));
}

#[test]
fn who_listens_is_told_of_the_end() {
    #[retry(attempts = 3, wait = fixed(0ms))]
    fn told(flaky: &Flaky) -> Result<u32, String> {
        flaky.call()
    }
    let _ = told(&Flaky::new(0));
    let events = crate::events::of(|| _ = told(&Flaky::new(3)));
    assert!(
        events.last().is_some_and(|last| last.contains("gave up") && last.contains("error=failure 3")),
        "{events:?}"
    );
}
