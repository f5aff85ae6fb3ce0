//! Feature `metrics`: what a recorder of the facade receives.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Mutex, MutexGuard, PoisonError};

use ::metrics::{self, Counter, Gauge, Histogram, Key, KeyName, Metadata, SharedString, Unit};
use metrics_exporter_prometheus::PrometheusBuilder;

use super::*;

/// The switch is one for the process.
struct Fed(#[allow(dead_code, reason = "compiling is the test")] MutexGuard<'static, ()>);

fn fed() -> Fed {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let lock = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    timing::feed_metrics(true);
    Fed(lock)
}

impl Drop for Fed {
    fn drop(&mut self) {
        timing::feed_metrics(false);
    }
}

/// *Output:* the body that Prometheus would get.
fn scrape(address: SocketAddr) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    body.to_owned()
}

/// *Input:* `festoon_calls_total` and what its labels are to contain. *Output:* its value.
fn value(text: &str, metric: &str, labels: &[&str]) -> Option<f64> {
    let is_it = |line: &&str| line.starts_with(metric) && labels.iter().all(|label| line.contains(label));
    text.lines().find(is_it)?.rsplit(' ').next()?.parse().ok()
}

#[test]
fn a_scrape_shows_calls_and_latencies_also_when_the_recorder_comes_late() {
    let (_fed, clock) = (fed(), testing::clock());
    #[timed(name = "scraped")]
    fn work(clock: &Handle, millis: u32) -> Result<(), ()> {
        takes(clock, millis);
        if millis > 100 { Err(()) } else { Ok(()) }
    }
    let _ = work(&clock, 1);
    // A port that is free, and very likely still is when the exporter takes it.
    let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    PrometheusBuilder::new().with_http_listener(address).set_buckets(&[0.01, 0.1]).unwrap().install().unwrap();
    let _ = (work(&clock, 4), work(&clock, 40), work(&clock, 400));

    let text = scrape(address);
    promtool::assert_accepts(&text);
    let calls = |outcome| value(&text, "festoon_calls_total{", &["function=\"scraped\"", outcome]);
    assert_eq!([calls("\"success\""), calls("\"error\"")], [Some(2.0), Some(1.0)], "{text}");
    assert_eq!([calls("\"panic\""), calls("\"cancelled\"")], [Some(0.0), Some(0.0)]);
    let latency = |what, label| value(&text, what, &["function=\"scraped\"", label]);
    assert_eq!(latency("festoon_latency_seconds_bucket", "le=\"0.01\""), Some(1.0));
    assert_eq!(latency("festoon_latency_seconds_count", ""), Some(2.0));
    assert!((latency("festoon_latency_seconds_sum", "").unwrap() - 0.044).abs() < 0.000_01, "{text}");
    assert!(text.contains("# TYPE festoon_calls_total counter\n") && text.contains("# HELP festoon_calls_total "));
}

#[test]
fn async_calls_and_local_recorders_are_served() {
    let _fed = fed();
    #[timed(name = "local")]
    async fn work() {
        a_turn().await;
    }
    for calls in 1..=2 {
        let recorder = PrometheusBuilder::new().build_recorder();
        timing::feed_metrics(true);
        metrics::with_local_recorder(&recorder, || {
            (0..calls).for_each(|_| ::futures::executor::block_on(work()));
            assert!(poll_once(std::pin::pin!(work()).as_mut()).is_pending());
        });
        let text = recorder.handle().render();
        let of = |outcome| value(&text, "festoon_calls_total{", &["\"local\"", outcome]);
        assert_eq!((of("\"success\""), of("\"cancelled\"")), (Some(f64::from(calls)), Some(1.0)), "{text}");
    }
}

#[test]
fn a_recorder_may_be_measured_itself() {
    struct Recorder;
    #[timed]
    impl metrics::Recorder for Recorder {
        fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
        fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
        fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
        fn register_counter(&self, _: &Key, _: &Metadata<'_>) -> Counter {
            Counter::noop()
        }
        fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
            Gauge::noop()
        }
        fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
            Histogram::noop()
        }
    }
    #[timed]
    fn work() {}
    let _fed = fed();
    metrics::with_local_recorder(&Recorder, || (0..3).for_each(|_| work()));
    assert_eq!((work.timing().calls(), <Recorder as metrics::Recorder>::register_counter.timing().calls()), (3, 4));
}

#[test]
fn nothing_is_fed_after_it_was_switched_off() {
    #[timed(name = "off")]
    fn work() {}
    let recorder = PrometheusBuilder::new().build_recorder();
    metrics::with_local_recorder(&recorder, || {
        let fed = fed();
        work();
        drop(fed);
        work();
    });
    assert_eq!(value(&recorder.handle().render(), "festoon_calls_total{", &["\"off\"", "\"success\""]), Some(1.0));
}

#[test]
fn functions_of_one_path_have_their_places_as_a_label() {
    let _fed = fed();
    let first = {
        #[timed]
        fn twin() {}
        twin as fn()
    };
    #[timed]
    fn twin() {}
    let recorder = PrometheusBuilder::new().build_recorder();
    metrics::with_local_recorder(&recorder, || [first, twin, twin].iter().for_each(|twin| twin()));
    let text = recorder.handle().render();
    let line = line!();
    let of = |above: u32| {
        let at = format!("location=\"tests/timed/metrics.rs:{}:", line - above);
        value(&text, "festoon_calls_total{", &["::twin\"", &at, "\"success\""])
    };
    assert_eq!((of(9), of(5)), (Some(1.0), Some(2.0)), "{text}");
    assert_eq!(twin.timing().calls(), 3, "all of that path");
}
