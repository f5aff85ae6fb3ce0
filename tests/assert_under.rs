//! `testing::assert_under!`: limits as a user writes them, and the messages of failures.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use festoon::testing::{self, assert_under};
use festoon::timed;

/// What the assertion says when it fails.
fn message(assertion: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(assertion)).expect_err("the assertion should fail");
    panic.downcast_ref::<String>().expect("a message").clone()
}

#[test]
fn limits_have_units_or_are_expressions() {
    const LIMIT: Duration = Duration::from_millis(11);
    #[timed]
    fn work(clock: &testing::Handle, millis: u64) {
        clock.advance(Duration::from_millis(millis));
    }
    let clock = testing::clock();
    (1..=10).for_each(|millis| work(&clock, millis));
    assert_under!(work, mean < 5.6ms, p50 < 5.1ms, p90 < 9.2ms, p95 < LIMIT, p99 < LIMIT * 2, max < 10_001us,);
    testing::assert_under!(work, max < 1s);
}

#[test]
fn methods_and_generic_functions_go_by_their_paths() {
    struct Shop(bool);
    impl Shop {
        #[timed]
        fn open(&mut self) {
            self.0 = true;
        }
    }
    #[timed]
    fn twice<T: Copy, U>(value: T, _: U) -> (T, T) {
        (value, value)
    }
    Shop(false).open();
    twice(1, "x");
    assert_under!(Shop::open, max < 1h);
    assert_under!(twice::<u8, &str>, max < 1h);
}

#[test]
fn a_failure_tells_every_figure() {
    #[timed]
    fn slow(clock: &testing::Handle) {
        clock.advance(Duration::from_millis(30));
    }
    let clock = testing::clock();
    slow(&clock);
    let message = message(|| assert_under!(slow, p95 < 20ms, mean < 30s, max < 10ms));
    assert!(message.contains("::slow`: p95 is 30.0ms, not under 20ms; max is 30.0ms, not under 10ms\n"), "{message}");
    assert!(message.contains("of its 1 successful calls: mean 30.0ms, p50 30.0ms, p90"), "{message}");
}

#[test]
fn nothing_measured_is_a_failure() {
    #[timed]
    fn never() {}
    #[timed]
    fn fails() -> Result<(), ()> {
        Err(())
    }
    let _ = fails();
    assert!(message(|| assert_under!(never, max < 1s)).contains("has no successful call to compare: 0 failed"));
    assert!(message(|| assert_under!(fails, max < 1s)).contains("has no successful call to compare: 1 failed"));
}

#[test]
fn the_limit_itself_is_not_under_it() {
    #[timed]
    fn work(clock: &testing::Handle) {
        clock.advance(Duration::from_millis(30));
    }
    let clock = testing::clock();
    work(&clock);
    let exactly = festoon::Decorated::timing(&work).max();
    assert!(message(|| assert_under!(work, max < exactly)).contains("max is 30.0ms, not under"));
}
