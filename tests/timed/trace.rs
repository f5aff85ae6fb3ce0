//! `timing::record_trace`: the content of the file.

use std::future::pending;
use std::panic::catch_unwind;
use std::path::PathBuf;
use std::pin::pin;

use serde_json::Value;

use super::*;

/// A file that is gone after the test.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> Self {
        File(std::env::temp_dir().join(format!("festoon-trace-{}-{name}.json", std::process::id())))
    }

    /// All events, each as the format wants it.
    fn events(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(&self.0).unwrap();
        let events: Vec<Value> = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in\n{text}"));
        events.iter().for_each(check);
        events
    }

    /// The events of the functions whose names begin so: what other tests did meanwhile is in the file too.
    fn events_of(&self, start: &str) -> Vec<Value> {
        let is_mine = |event: &Value| text(event, "name").starts_with(start);
        self.events().into_iter().filter(is_mine).collect()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The keys that each phase must have, and the types of their values.
fn check(event: &Value) {
    let keys = match text(event, "ph") {
        "X" => "name cat ts dur pid tid",
        "b" | "e" => "name cat id ts pid tid",
        "M" => "name pid tid args",
        phase => panic!("an unknown phase {phase:?}: {event}"),
    };
    for key in keys.split(' ') {
        let value = &event[key];
        let fits = match key {
            "name" | "cat" | "id" => value.is_string(),
            "ts" | "dur" => value.as_f64().is_some_and(|micros| micros >= 0.0),
            "pid" | "tid" => value.is_u64(),
            _ => value.is_object(),
        };
        assert!(fits, "{key} of {event}");
    }
    if text(event, "ph") == "M" {
        assert!(["process_name", "thread_name"].contains(&text(event, "name")) && event["args"]["name"].is_string());
    }
}

fn text<'a>(event: &'a Value, key: &str) -> &'a str {
    event[key].as_str().unwrap_or_else(|| panic!("no {key} in {event}"))
}

/// From when to when, in microseconds.
fn span(event: &Value) -> (f64, f64) {
    let from = event["ts"].as_f64().unwrap();
    (from, from + event["dur"].as_f64().unwrap_or(0.0))
}

#[track_caller]
fn assert_spans(event: &Value, from_ms: f64, to_ms: f64) {
    let (from, to) = span(event);
    // The virtual clock's ticks are converted to a part in ten thousand.
    let is = |actual: f64, expected: f64| (actual - expected * 1000.0).abs() <= expected * 0.2 + 0.01;
    assert!(is(from, from_ms) && is(to, to_ms), "{from} to {to} us, not {from_ms} to {to_ms} ms");
}

/// Of any two slices of one thread, one is inside of the other or behind it.
fn assert_nested(slices: &[Value]) {
    for (at, a) in slices.iter().enumerate() {
        for b in &slices[at + 1..] {
            let ((a0, a1), (b0, b1)) = (span(a), span(b));
            // Sums of decimal fractions.
            let le = |x: f64, y: f64| x <= y + 0.000_5;
            let apart = le(a1, b0) || le(b1, a0);
            let inside = le(a0, b0) && le(b1, a1) || le(b0, a0) && le(a1, b1);
            assert!(a["tid"] != b["tid"] || apart || inside, "{a} and {b} overlap");
        }
    }
}

#[test]
fn sync_calls_are_slices_that_nest() {
    let (file, clock) = (File::new("sync"), testing::clock());
    #[timed(name = "nest.outer")]
    fn outer(clock: &Handle) -> u32 {
        takes(clock, 1);
        let _ = (inner(clock, 2), inner(clock, 3));
        catch_unwind(AssertUnwindSafe(|| broken(clock))).map_or(4, |()| 0)
    }
    #[timed(name = "nest.inner")]
    fn inner(clock: &Handle, millis: u32) -> Result<(), ()> {
        takes(clock, millis);
        if millis > 2 { Err(()) } else { Ok(()) }
    }
    #[timed(name = "nest.broken")]
    fn broken(clock: &Handle) {
        takes(clock, 1);
        panic!("as asked");
    }
    let trace = timing::record_trace(&file.0).unwrap();
    takes(&clock, 10);
    assert_eq!(outer(&clock), 4);
    trace.finish().unwrap();
    outer(&clock);

    let events = file.events_of("nest.");
    let told: Vec<_> = events.iter().map(|event| (text(event, "name"), text(&event["args"], "outcome"))).collect();
    let inner = [("nest.inner", "success"), ("nest.inner", "error")];
    assert_eq!(told, [inner[0], inner[1], ("nest.broken", "panic"), ("nest.outer", "success")]);
    for (event, (from, to)) in events.iter().zip([(11.0, 13.0), (13.0, 16.0), (16.0, 17.0), (10.0, 17.0)]) {
        assert_spans(event, from, to);
        assert_eq!((text(event, "ph"), text(event, "cat")), ("X", "festoon"));
        assert_eq!(event["pid"], std::process::id());
    }
    assert_nested(&events);
}

#[test]
fn an_async_call_is_a_pair_and_its_polls_are_slices() {
    let (file, clock) = (File::new("async"), testing::clock());
    #[timed(name = "pair.work")]
    async fn work(clock: &Handle) {
        takes(clock, 1);
        inside(clock);
        a_turn().await;
        takes(clock, 3);
    }
    #[timed(name = "pair.inside")]
    fn inside(clock: &Handle) {
        takes(clock, 1);
    }
    #[timed(name = "pair.wait")]
    async fn wait() {
        pending::<()>().await;
    }
    let trace = timing::record_trace(&file.0).unwrap();
    {
        let (mut first, mut second, mut third) = (pin!(work(&clock)), pin!(work(&clock)), pin!(wait()));
        assert!(poll_once(first.as_mut()).is_pending() && poll_once(second.as_mut()).is_pending());
        assert!(poll_once(third.as_mut()).is_pending());
        takes(&clock, 6);
        assert!(poll_once(first.as_mut()).is_ready() && poll_once(second.as_mut()).is_ready());
    }
    drop(trace);

    let events = file.events_of("pair.");
    let of = |phase, name| -> Vec<&Value> {
        events.iter().filter(|event| text(event, "ph") == phase && text(event, "name") == name).collect()
    };
    let (begins, ends, polls) = (of("b", "pair.work"), of("e", "pair.work"), of("X", "pair.work"));
    assert_eq!((begins.len(), ends.len(), polls.len(), of("X", "pair.inside").len()), (2, 2, 4, 2));
    for (call, (from, to)) in [(0.0, 13.0), (2.0, 16.0)].into_iter().enumerate() {
        assert_spans(begins[call], from, from);
        assert_spans(ends[call], to, to);
        assert_eq!(begins[call]["id"], ends[call]["id"]);
        assert_eq!(text(&begins[call]["args"], "outcome"), "success");
    }
    assert_ne!(begins[0]["id"], begins[1]["id"]);
    for (poll, (call, from, to)) in
        [(0, 0.0, 2.0), (1, 2.0, 4.0), (0, 10.0, 13.0), (1, 13.0, 16.0)].into_iter().enumerate()
    {
        assert_spans(polls[poll], from, to);
        assert_eq!(polls[poll]["args"]["poll_of"], begins[call]["id"]);
    }
    assert_eq!(text(&of("b", "pair.wait")[0]["args"], "outcome"), "cancelled");
    let slices: Vec<Value> = events.iter().filter(|event| text(event, "ph") == "X").cloned().collect();
    assert_nested(&slices);
}

#[test]
fn threads_have_their_names() {
    let file = File::new("threads");
    #[timed(name = "threads \"quoted\" \\ \n.work")]
    fn work() {}
    let trace = timing::record_trace(&file.0).unwrap();
    for name in ["red", "green"] {
        std::thread::Builder::new().name(format!("{name} thread")).spawn(work).unwrap().join().unwrap();
    }
    trace.finish().unwrap();
    let events = file.events_of("threads \"quoted\" \\ \n.work");
    assert_eq!(events.len(), 2);
    let all = file.events();
    let name_of = |event: &Value| {
        let named = |other: &&Value| other["name"] == "thread_name" && other["tid"] == event["tid"];
        all.iter().find(named).map(|named| text(&named["args"], "name").to_owned())
    };
    assert_eq!([name_of(&events[0]), name_of(&events[1])], [Some("red thread".into()), Some("green thread".into())]);
}

#[test]
fn a_long_recording_is_written_as_it_goes() {
    let file = File::new("long");
    #[timed(name = "long.work")]
    fn work() {}
    let trace = timing::record_trace(&file.0).unwrap();
    (0..2500).for_each(|_| work());
    // Cut between two events: the bracket is all that is missing.
    let early: Vec<Value> = serde_json::from_str(&(std::fs::read_to_string(&file.0).unwrap() + "]")).unwrap();
    let written = early.iter().filter(|event| event["name"] == "long.work").count();
    assert!((2 * 1024..2500).contains(&written), "{written}");
    trace.finish().unwrap();
    assert_eq!(file.events_of("long.").len(), 2500);
    assert_nested(&file.events_of("long.")[..200]);
}

#[test]
fn a_panic_completes_the_file_and_what_was_running_is_left_out() {
    let file = File::new("panic");
    #[timed(name = "panic.around")]
    fn around(file: &File) {
        let _trace = timing::record_trace(&file.0).unwrap();
        work();
        panic!("as asked");
    }
    #[timed(name = "panic.work")]
    fn work() {}
    let clock = testing::clock();
    takes(&clock, 1);
    assert!(catch_unwind(AssertUnwindSafe(|| around(&file))).is_err());
    let names: Vec<String> = file.events_of("panic.").iter().map(|event| text(event, "name").to_owned()).collect();
    assert_eq!(names, ["panic.work"]);
}

#[test]
fn a_call_that_began_before_is_left_out_but_not_its_later_polls() {
    let (file, clock) = (File::new("began"), testing::clock());
    #[timed(name = "began.sync")]
    fn around(file: &File, clock: &Handle) -> timing::TraceGuard {
        let mut future = pin!(later());
        assert!(poll_once(future.as_mut()).is_pending());
        takes(clock, 1);
        let trace = timing::record_trace(&file.0).unwrap();
        assert!(poll_once(future.as_mut()).is_ready());
        trace
    }
    #[timed(name = "began.async")]
    async fn later() {
        a_turn().await;
    }
    around(&file, &clock).finish().unwrap();
    let events = file.events_of("began.");
    let told: Vec<_> = events.iter().map(|event| (text(event, "ph"), text(event, "name"))).collect();
    assert_eq!(told, [("X", "began.async")]);
}

#[test]
fn two_recordings_at_once_each_see_all() {
    let (one, other) = (File::new("one"), File::new("other"));
    #[timed(name = "both.work")]
    fn work() {}
    let first = timing::record_trace(&one.0).unwrap();
    work();
    let second = timing::record_trace(&other.0).unwrap();
    work();
    first.finish().unwrap();
    work();
    second.finish().unwrap();
    assert_eq!((one.events_of("both.").len(), other.events_of("both.").len()), (2, 2));
}

#[test]
fn a_file_that_cannot_be_written_is_told_about() {
    assert!(timing::record_trace(std::env::temp_dir().join("festoon/no/such/directory")).is_err());
    #[cfg(target_os = "linux")]
    assert_eq!(timing::record_trace("/dev/full").unwrap_err().kind(), std::io::ErrorKind::StorageFull);
}
