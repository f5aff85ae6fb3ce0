//! `timing::scope!`: parts of functions.

use std::panic::catch_unwind;
use std::time::Duration;

use festoon::{Decorated, testing, timed, timing};

#[timed]
fn load(clock: &testing::Clock, fails: bool) {
    clock.advance(Duration::from_secs(1));
    {
        let _scope = timing::scope!("scope::parse");
        clock.advance(Duration::from_secs(2));
        assert!(!fails, "as asked");
    }
    let _scope = timing::scope!("scope::sum");
    clock.advance(Duration::from_secs(4));
}

fn generic<T: Default>() -> T {
    let _scope = timing::scope!("scope::generic");
    T::default()
}

#[test]
fn a_part_has_a_row_and_its_time_is_no_self_time_of_the_function() {
    let (clock, recorder) = (testing::clock(), testing::recorder());
    load(&clock, false);
    assert!(catch_unwind(|| load(&testing::clock(), true)).is_err());
    let _: (u8, String) = (generic(), generic());
    let report = timing::report();
    let row = |name: &str| report.rows().iter().find(|row| row.name == name).unwrap();
    let parse = row("scope::parse");
    assert_eq!((parse.outcomes.success(), parse.outcomes.panic()), (1, 1));
    // Ticks are rounded to nanoseconds.
    let seconds = |time: Duration| (time + Duration::from_micros(1)).as_secs();
    assert_eq!(seconds(row("scope::sum").total), 4);
    assert_eq!(row("scope::generic").outcomes.success(), 2);
    let own = load.timing();
    assert_eq!((seconds(own.total()), seconds(own.self_time())), (10, 2));
    drop(recorder);
}

#[test]
fn a_part_is_switched_by_its_path() {
    fn work() {
        let _scope = timing::scope!("scope::off");
    }
    timing::set_enabled("*::work::scope::off", false);
    let recorder = testing::recorder();
    work();
    assert!(!timing::report().rows().iter().any(|row| row.name == "scope::off" && row.outcomes.total() > 0));
    drop(recorder);
}
