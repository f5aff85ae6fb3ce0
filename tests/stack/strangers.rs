//! Attributes of other crates among festoon's.

use super::*;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber, instrument};

/// Logs entering and leaving of spans.
struct Spans;

impl Subscriber for Spans {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {
        log("span");
    }
    fn exit(&self, _: &Id) {
        log("-span");
    }
}

fn traced<R>(run: impl FnOnce() -> R) -> (R, String) {
    let value = tracing::subscriber::with_default(Spans, run);
    (value, take_log())
}

#[decorate(layer = A)]
#[instrument]
#[decorate(layer = B)]
fn between() {
    log("body");
}

#[decorate(layer = A)]
#[timed]
#[instrument]
fn below() -> Result<u8, String> {
    log("body");
    Ok(1)
}

#[decorate(layer = A)]
#[instrument(ret)]
async fn below_later() -> u8 {
    log("body");
    1
}

#[instrument]
#[decorate(layer = A)]
fn above() {
    log("body");
}

#[test]
fn attributes_of_others_are_inside_wherever_they_stand() {
    assert_eq!(traced(below), (Ok(1), "a span body -span -a".to_owned()));
    assert_eq!(traced(|| block_on(below_later())).0, 1);
    assert_eq!(traced(between).1, "a b span body -span -b -a");
    assert_eq!(traced(above).1, "a span body -span -a");
    assert_eq!(below.timing().calls(), 1);
}

#[test]
fn an_instrumented_future_is_inside_too() {
    let log = traced(|| block_on(below_later())).1;
    assert!(log.starts_with("a span body -span") && log.ends_with("-a"), "{log}");
}
