//! `timing::channel`, `timing::stream`, `timing::future`: what is counted, and that nothing else changes.

mod futures_mpsc;
mod polled;
mod std_mpsc;
mod tokio_mpsc;

use std::time::Duration;

use festoon::timing;
use festoon::timing::watched::{ChannelFigures, FutureFigures, StreamFigures};

fn channel(name: &str) -> ChannelFigures {
    let mut of = timing::channels().into_iter().find(|of| of.name == name).expect("it is watched");
    [&mut of.latency, &mut of.max_latency, &mut of.send_wait, &mut of.receive_wait].into_iter().for_each(round);
    of
}

fn stream(name: &str) -> StreamFigures {
    let mut of = timing::streams().into_iter().find(|of| of.name == name).expect("it is watched");
    [&mut of.between, &mut of.max_between, &mut of.busy].into_iter().for_each(round);
    of
}

fn future(name: &str) -> FutureFigures {
    let mut of = timing::futures().into_iter().find(|of| of.name == name).expect("it is watched");
    [&mut of.busy, &mut of.longest_poll, &mut of.total].into_iter().for_each(round);
    of
}

/// Ticks are not whole nanoseconds.
fn round(time: &mut Duration) {
    *time = Duration::from_micros(u64::try_from((time.as_nanos() + 500) / 1000).unwrap());
}

/// `[sent, received, depth, max_depth]`
fn counts(name: &str) -> [u64; 4] {
    let of = channel(name);
    [of.sent, of.received, of.depth, of.max_depth]
}

const SECOND: Duration = Duration::from_secs(1);

/// Tells when it is dropped.
struct Told<'t>(&'t std::cell::Cell<u32>);

impl Drop for Told<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

#[test]
fn the_same_name_is_the_same_channel() {
    let (a, _a) = timing::channel("shared name", std::sync::mpsc::channel());
    let (b, _b) = timing::channel(String::leak("shared name".to_owned()), std::sync::mpsc::channel());
    a.send(1).unwrap();
    b.send("two").unwrap();
    assert_eq!(counts("shared name"), [2, 0, 2, 2]);
}

#[test]
fn every_format_has_them() {
    let (tx, rx) = timing::channel("formats \"c\"", std::sync::mpsc::channel());
    tx.send(1).unwrap();
    tx.send(2).unwrap();
    rx.recv().unwrap();
    futures::executor::block_on(timing::future("formats f", async {}));
    futures::executor::block_on_stream(timing::stream("formats s", futures::stream::iter([1, 2]))).for_each(drop);

    let report = timing::report();
    assert!(report.channels().iter().any(|of| of.name == "formats \"c\"" && of.sent == 2));
    assert!(report.streams().iter().any(|of| of.name == "formats s" && of.items == 2));
    assert!(report.futures().iter().any(|of| of.name == "formats f" && of.completed == 1));
    assert!(report.to_string().contains(" channel "), "{report}");
    let json: serde_json::Value = serde_json::from_str(&report.to_json()).unwrap();
    assert!(json["channels"].as_array().unwrap().iter().any(|of| of["name"] == "formats \"c\"" && of["depth"] == 1));
    assert!(report.to_html().contains("<h2>channels</h2>"));

    let metrics = festoon::metrics::collect();
    let text = metrics.to_prometheus();
    for line in [
        "festoon_channel_sent_total{channel=\"formats \\\"c\\\"\"} 2",
        "festoon_channel_depth{channel=\"formats \\\"c\\\"\"} 1",
        "festoon_channel_max_depth{channel=\"formats \\\"c\\\"\"} 2",
        "festoon_stream_items_total{stream=\"formats s\"} 2",
        "festoon_future_completed_total{future=\"formats f\"} 1",
        "festoon_future_running{future=\"formats f\"} 0",
    ] {
        assert!(text.lines().any(|other| other == line), "{line}\nin\n{text}");
    }
    let json: serde_json::Value = serde_json::from_str(&metrics.to_json()).unwrap();
    assert_eq!(json["festoon_channel_received_total"]["formats \"c\""], 1);

    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    metrics::with_local_recorder(&recorder, || metrics.record());
    let shown = recorder.handle().render();
    assert!(shown.contains("festoon_channel_sent_total{channel=\"formats \\\"c\\\"\"} 2"), "{shown}");
    assert!(shown.contains("festoon_stream_between_seconds{stream=\"formats s\"}"), "{shown}");
}

#[test]
fn a_recorder_of_a_test_shows_none() {
    let (tx, _rx) = timing::channel("recorded", std::sync::mpsc::channel());
    let _recorder = festoon::testing::recorder();
    tx.send(1).unwrap();
    assert!(timing::report().channels().is_empty());
    assert_eq!(counts("recorded"), [1, 0, 1, 1]);
}
