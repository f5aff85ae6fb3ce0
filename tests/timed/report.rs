//! The report and its forms.

use festoon::{Decorated, timed, timing};

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
