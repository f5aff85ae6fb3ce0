//! The report and its formats.

use festoon::testing::Handle;
use festoon::{Decorated, cached, retry, timed, timing};

#[test]
fn the_name_of_the_report_can_be_chosen() {
    #[timed(name = "shop.checkout")]
    fn work() {}
    work();
    let report = timing::report();
    assert_eq!(report.row("shop.checkout").map(|row| row.outcomes.total()), Some(1));
    assert_eq!(work.timing().calls(), 1);
    assert!(report.to_string().contains("shop.checkout"));
}

#[test]
fn reports_come_as_json_prometheus_and_html() {
    #[timed(name = "forms")]
    fn work(fail: bool) -> Result<(), ()> {
        if fail { Err(()) } else { Ok(()) }
    }
    let _ = (work(false), work(true));
    let report = timing::report();
    let json: serde_json::Value = serde_json::from_str(&report.to_json()).unwrap();
    let functions = json["functions"].as_array().unwrap();
    let row = functions.iter().find(|row| row["name"] == "forms").unwrap();
    assert_eq!((&row["calls"], &row["outcomes"]["error"]["count"]), (&2.into(), &1.into()));
    assert!(report.to_prometheus().contains("festoon_calls_total{function=\"forms\",outcome=\"error\"} 1"));
    assert!(report.to_html().contains("<td>forms</td>"));
}

#[test]
fn a_stack_has_one_row_with_what_its_decorators_say() {
    let clock = festoon::testing::clock();
    #[timed(name = "stack")]
    #[cached(key = (key))]
    #[retry(attempts = 3, wait = fixed(10ms), jitter = none)]
    fn flaky(key: u32, fails: &std::cell::Cell<u32>, clock: &Handle) -> Result<u32, String> {
        clock.advance(std::time::Duration::from_millis(1));
        if fails.get() > 0 {
            fails.set(fails.get() - 1);
            return Err("again".into());
        }
        Ok(key)
    }
    let fails = std::cell::Cell::new(2);
    for _ in 0..4 {
        assert_eq!(flaky(7, &fails, &clock), Ok(7));
    }
    let report = timing::report();
    let row = report.row("stack").unwrap();
    let (cache, retry) = (row.cache.unwrap(), row.retry.unwrap());
    assert_eq!((row.outcomes.total(), cache.hits, cache.misses, retry.attempts), (4, 3, 1, 3));
    assert_eq!(retry.waited, std::time::Duration::from_millis(20));
    super::assert_about(row.in_body(), std::time::Duration::from_millis(3));
    assert!(report.to_string().contains("75%"), "{report}");
}
