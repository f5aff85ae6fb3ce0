//! `festoon::metrics`: the figures of every decorator, as Prometheus reads them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use festoon::{
    Decorated, Refused, bulkhead, cached, circuit_breaker, hedge, metrics, rate_limit, retry, testing, timed, timing,
};
use futures::executor::block_on;
use metrics_exporter_prometheus::PrometheusBuilder;

use crate::programs;
use crate::timed::promtool;

#[timed]
#[cached(max = 1)]
fn square(n: u64) -> u64 {
    n * n
}

#[cached]
fn cube(n: u64) -> u64 {
    n * n * n
}

#[cached]
fn thrice(n: u64) -> u64 {
    3 * n
}

#[cached(max_weight = 10, weigh = |n| *n)]
fn weighed(n: u64) -> u64 {
    n
}

#[timed]
#[cached]
fn doubled(n: u64) -> u64 {
    2 * n
}

#[retry(attempts = 2, wait = fixed(1500ms))]
fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
    text.parse()
}

#[derive(Debug)]
struct Failed;

impl From<Refused> for Failed {
    fn from(_: Refused) -> Self {
        Failed
    }
}

#[circuit_breaker(window = 1, minimum = 1, failure_rate = 1.0)]
fn broken() -> Result<(), Failed> {
    Err(Failed)
}

#[rate_limit(1 / 1h)]
fn rare(key: &str) -> Result<usize, Failed> {
    Ok(key.len())
}

#[bulkhead(3)]
fn narrow() -> Result<(), Failed> {
    assert!(value(&text(), "bulkhead_running", "narrow") == Some("1".into()));
    Ok(())
}

#[hedge(after = 1ms, idempotent)]
async fn fast() -> Result<(), Failed> {
    Ok(())
}

fn text() -> String {
    metrics::collect().to_prometheus()
}

/// The series of a function of this file.
fn value(text: &str, family: &str, function: &str) -> Option<String> {
    let start = format!("festoon_{family}{{function=\"main::metrics::{function}\"}} ");
    text.lines().find_map(|line| line.strip_prefix(&start)).map(ToOwned::to_owned)
}

/// The text after a few calls of everything, which are made once.
fn text_of_all() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        let _clock = testing::clock();
        let _ = (square(2), square(2), square(3), parse("x"), parse("1"));
        let _ = (broken(), broken(), rare("a"), rare("a"), narrow());
        block_on(fast()).unwrap();
        weighed(3);
        let (tx, _rx) = timing::channel("metrics", std::sync::mpsc::channel());
        tx.send(1).unwrap();
        text()
    });
    &TEXT
}

#[test]
fn every_decorator_has_its_series() {
    let text = text_of_all();
    for (family, function, expected) in [
        ("cache_hits_total", "square", "1"),
        ("cache_misses_total", "square", "2"),
        ("cache_evictions_total", "square", "1"),
        ("cache_entries", "square", "1"),
        ("cache_loads_total", "square", "2"),
        ("cache_expirations_total", "square", "0"),
        ("cache_weight", "weighed", "3"),
        ("retry_calls_total", "parse", "2"),
        ("retry_attempts_total", "parse", "3"),
        ("retry_gave_up_total", "parse", "1"),
        ("retry_slept_seconds_total", "parse", "1.500000000"),
        ("breaker_state", "broken", "2"),
        ("breaker_refused_total", "broken", "1"),
        ("rate_limit_refused_total", "rare", "1"),
        ("bulkhead_limit", "narrow", "3"),
        ("bulkhead_running", "narrow", "0"),
        ("hedge_started_total", "fast", "0"),
    ] {
        assert_eq!(value(text, family, function).as_deref(), Some(expected), "{family} of {function} in\n{text}");
    }
    assert!(text.contains("festoon_calls_total{function=\"main::metrics::square\",outcome=\"success\"} 3"));
    assert_eq!(broken.breaker().state(), festoon::BreakerState::Open);
}

#[test]
fn buckets_of_your_own() {
    #[timed(name = "bucketed")]
    fn bucketed() {}
    bucketed();
    let text = metrics::collect().prefix("shop").buckets([7, 70].map(std::time::Duration::from_secs)).to_prometheus();
    let of = |line: &&str| line.starts_with("shop_latency_seconds_bucket{function=\"bucketed\"");
    let lines: Vec<&str> = text.lines().filter(of).map(|line| line.split(",le=").nth(1).unwrap()).collect();
    assert_eq!(lines, ["\"7\"} 1", "\"70\"} 1", "\"+Inf\"} 1"]);
    promtool::assert_accepts(&text);
}

#[test]
fn json_has_the_same_figures() {
    assert_eq!(thrice(2), 6);
    let json: serde_json::Value = serde_json::from_str(&metrics::collect().prefix("shop").to_json()).unwrap();
    assert_eq!(json["shop_cache_misses_total"]["main::metrics::thrice"], 1);
}

#[test]
fn a_recorder_of_the_facade_gets_the_same_figures() {
    #[cached]
    fn tripled(n: u64) -> u64 {
        3 * n
    }
    #[retry(attempts = 3, wait = fixed(1250ms))]
    fn again(text: &str) -> Result<u32, std::num::ParseIntError> {
        text.parse()
    }
    let _clock = testing::clock();
    let _ = (tripled(5), tripled(5), again("x"));
    let recorder = PrometheusBuilder::new().build_recorder();
    for _ in 0..2 {
        ::metrics::with_local_recorder(&recorder, || metrics::collect().record());
    }
    let text = recorder.handle().render();
    promtool::assert_accepts(&text);
    for (family, function, expected) in [
        ("cache_hits_total", "tripled", "1"),
        ("cache_entries", "tripled", "1"),
        ("retry_attempts_total", "again", "3"),
        ("retry_slept_seconds", "again", "2.5"),
    ] {
        let function = format!("a_recorder_of_the_facade_gets_the_same_figures::{function}");
        assert_eq!(value(&text, family, &function).as_deref(), Some(expected), "{family} in\n{text}");
    }
    assert!(
        text.contains("# TYPE festoon_cache_hits_total counter") && text.contains("# TYPE festoon_cache_entries gauge")
    );
}

/// What the dashboard and the rules in `docs/monitoring/` name.
fn names_in(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != ':');
    words.filter(|word| word.starts_with("festoon_")).collect()
}

#[test]
fn the_dashboard_and_the_rules_name_metrics_that_exist() {
    let monitoring = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/monitoring");
    let dashboard = fs::read_to_string(monitoring.join("dashboard.json")).unwrap();
    let rules = fs::read_to_string(monitoring.join("rules.yml")).unwrap();
    let parsed: serde_json::Value = serde_json::from_str(&dashboard).unwrap();
    assert!(parsed["panels"].as_array().unwrap().len() > 10 && parsed["schemaVersion"].is_u64());
    let text = text_of_all();
    let exists = |name: &&str| text.lines().any(|line| line.starts_with(&format!("{name}{{")));
    for file in [&dashboard, &rules] {
        let unknown: Vec<_> = names_in(file).into_iter().filter(|name| !exists(name)).collect();
        assert!(unknown.is_empty() && names_in(file).len() > 5, "{unknown:?}");
    }
}

#[test]
fn the_dashboard_is_what_its_script_writes() {
    let monitoring = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/monitoring");
    let Ok(output) = programs::output(Command::new("python3").arg(monitoring.join("dashboard.py"))) else {
        eprintln!("skipped: python3 is not installed");
        return;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let written = fs::read_to_string(monitoring.join("dashboard.json")).unwrap();
    assert_eq!(written, String::from_utf8_lossy(&output.stdout), "run docs/monitoring/dashboard.py > dashboard.json");
}

#[test]
fn promtool_accepts_the_rules_and_they_fire() {
    let monitoring = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/monitoring");
    for args in [["check", "rules", "rules.yml"], ["test", "rules", "rules_test.yml"]] {
        let Ok(output) = programs::output(Command::new("promtool").args(args).current_dir(&monitoring)) else {
            eprintln!("skipped: promtool is not installed");
            return;
        };
        let says = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(output.status.success(), "{args:?}: {says}");
    }
}

#[test]
fn handles_show_their_figures() {
    let _ = doubled(1);
    let shown = format!("{:?} {:?}", doubled.timing(), doubled.cache());
    assert!(shown.contains("outcomes: Outcomes { calls: [1, 0, 0, 0] }") && shown.contains("misses: 1"), "{shown}");
    assert!(format!("{:?}", broken.breaker()).contains("Breaker"), "{:?}", broken.breaker());
}

#[test]
fn prometheus_accepts_it_under_any_prefix() {
    cube(7);
    let text = metrics::collect().prefix("shop").to_prometheus();
    promtool::assert_accepts(&text);
    assert!(
        text.lines().all(|line| line.trim_start_matches("# HELP ").trim_start_matches("# TYPE ").starts_with("shop_"))
    );
    assert!(std::panic::catch_unwind(|| metrics::collect().prefix("1 x")).is_err());
}
