//! The handles that one function has registered with recorders of the `metrics` facade.

use std::sync::OnceLock;

use metrics::{Counter, Histogram, Key, Label, Level, Metadata, Recorder, Unit};

use super::outcomes::OUTCOMES;
use crate::outcome::OutcomeKind;

const CALLS: &str = "festoon_calls_total";
const LATENCY: &str = "festoon_latency_seconds";

/// The handles of one site with each recorder that it has met: nearly always one recorder, or the no-op one followed by
/// one other.
pub(super) struct Handles(OnceLock<Box<Node>>);

pub(super) struct Node {
    recorder: Id,
    /// In the order of `OUTCOMES`.
    pub(super) calls: [Counter; 4],
    pub(super) latency: Histogram,
    next: Handles,
}

/// A recorder, identified by its address and the epoch.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Id {
    pub(super) epoch: u64,
    pub(super) address: usize,
}

impl Handles {
    pub(super) const fn new() -> Self {
        Handles(OnceLock::new())
    }

    /// The handles with this recorder; `labels` are the function's.
    pub(super) fn of(&self, id: Id, recorder: &dyn Recorder, labels: impl Fn() -> Vec<Label>) -> &Node {
        let mut node = self.0.get_or_init(|| Box::new(Node::new(id, recorder, &labels())));
        while node.recorder != id {
            node = node.next.0.get_or_init(|| Box::new(Node::new(id, recorder, &labels())));
        }
        node
    }
}

impl Node {
    fn new(id: Id, recorder: &dyn Recorder, labels: &[Label]) -> Self {
        describe(recorder);
        let metadata = Metadata::new("festoon", Level::INFO, Some("festoon::timing"));
        let counter = |kind: OutcomeKind| {
            let outcome = Label::from_static_parts("outcome", kind.name());
            let labels: Vec<_> = labels.iter().cloned().chain([outcome]).collect();
            recorder.register_counter(&Key::from_parts(CALLS, labels), &metadata)
        };
        let latency = recorder.register_histogram(&Key::from_parts(LATENCY, labels.to_vec()), &metadata);
        Node { recorder: id, calls: OUTCOMES.map(counter), latency, next: Handles::new() }
    }
}

fn describe(recorder: &dyn Recorder) {
    recorder.describe_counter(CALLS.into(), Some(Unit::Count), "Calls that ended, by outcome.".into());
    recorder.describe_histogram(LATENCY.into(), Some(Unit::Seconds), "Latency of successful calls.".into());
}
