//! `timing::compare` and `assert_no_slower!`: two reports.

use std::panic::catch_unwind;

use super::*;

#[timed(name = "compared::steady")]
fn steady(clock: &Handle) {
    takes(clock, 10);
}

#[timed(name = "compared::changing")]
fn changing(clock: &Handle, millis: u32) {
    takes(clock, millis);
}

#[timed(name = "compared::rare")]
fn rare(clock: &Handle, millis: u32) {
    takes(clock, millis);
}

/// A report of its own calls.
fn report(millis: u32, calls: u32) -> String {
    let test = testing::isolated();
    for _ in 0..calls {
        steady(test.clock());
        changing(test.clock(), millis);
    }
    rare(test.clock(), millis);
    timing::report().to_json()
}

#[test]
fn the_slowest_come_first_with_their_ratio() {
    let comparison = timing::compare(&report(10, 100), &report(15, 200)).unwrap();
    let names: Vec<&str> = comparison.changes().iter().map(|change| change.name.as_str()).collect();
    assert_eq!(names, ["compared::changing", "compared::rare", "compared::steady"]);
    let first = &comparison.changes()[0];
    assert!((first.ratio().unwrap() - 1.5).abs() < 0.03, "{first:?}");
    assert_eq!((first.before.unwrap().calls, first.after.unwrap().calls), (100, 200));
    assert_about(first.after.unwrap().mean, 15 * MS);
    let line = comparison.to_string().lines().nth(1).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(line.starts_with("compared::changing 100 200 10.0ms ") && line.contains(" 1.50 "), "{comparison}");
}

#[test]
fn a_slower_median_is_found_if_there_are_enough_calls() {
    let comparison = timing::compare(&report(10, 100), &report(15, 100)).unwrap();
    let slower = |tolerance, min_calls| {
        comparison.slower(tolerance, min_calls).into_iter().map(|change| change.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(slower(0.1, 100), ["compared::changing"]);
    assert_eq!(slower(0.1, 0), ["compared::changing", "compared::rare"]);
    assert!(slower(0.6, 0).is_empty() && slower(0.1, 101).is_empty());
}

#[test]
fn the_assertion_shows_what_is_slower_and_is_never_empty() {
    let (before, after) = (report(10, 100), report(15, 100));
    timing::assert_no_slower!(&after, &before);
    timing::assert_no_slower!(&before, &after, tolerance = 0.6);
    timing::assert_no_slower!(&before, &before, tolerance = 0.0, min_calls = 1);
    let message = |test: fn(&str, &str), after: &str| {
        let panic = catch_unwind(|| test(&before, after)).unwrap_err();
        panic.downcast_ref::<String>().unwrap().clone()
    };
    let text = message(|before, after| timing::assert_no_slower!(before, after), &after);
    assert!(text.starts_with("functions that are slower than before by more than 10 %:\n"), "{text}");
    assert!(text.contains("compared::changing") && !text.contains("compared::steady"), "{text}");
    let text = message(|before, after| timing::assert_no_slower!(before, after, min_calls = 1000), &after);
    assert!(text.starts_with("festoon: no function has 1000 successful calls in both reports"), "{text}");
    let text = message(|before, after| timing::assert_no_slower!(before, after), "{\"functions\": [{}]}");
    assert!(text.contains("the second text is not a report") && text.contains("lacks a field"), "{text}");
    let text = message(|before, after| timing::assert_no_slower!(before, after, tolerance = -0.5), &after);
    assert!(text.contains("a tolerance of -0.5 is not a share"), "{text}");
}

#[test]
fn functions_in_one_report_only_are_shown_and_have_no_ratio() {
    let before = report(10, 1);
    let after = {
        let test = testing::isolated();
        steady(test.clock());
        timing::report().to_json()
    };
    let comparison = timing::compare(&before, &after).unwrap();
    let gone = comparison.changes().iter().find(|change| change.name == "compared::changing").unwrap();
    assert!(gone.after.is_none() && gone.ratio().is_none() && gone.before.unwrap().calls == 1);
    assert!(timing::compare("", &after).unwrap_err().to_string().contains("the first text is not a report"));
    assert!(timing::compare(&after, "[]").is_err());
}
