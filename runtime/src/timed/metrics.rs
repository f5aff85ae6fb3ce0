//! Feature `metrics`: every call goes to the recorder of the `metrics` facade.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, OnceLock};

use metrics::{Counter, Histogram, Key, Label, Level, Metadata, Recorder, Unit};

use super::observe::Call;
use super::recorder::Site;
use super::stats::OUTCOMES;
use crate::clock::{self, Watch};
use crate::outcome::OutcomeKind;
use crate::sync::lock;

const CALLS: &str = "festoon_calls_total";
const LATENCY: &str = "festoon_latency_seconds";

/// Switches the feeding of the [`metrics`](https://docs.rs/metrics/0.24) facade on or off. It is off at first. Feature
/// `metrics`.
///
/// While it is on, each call of a measured function that ends goes to the recorder that is installed:
///
/// | metric | type | labels | meaning |
/// |---|---|---|---|
/// | `festoon_calls_total` | counter | `function`, `outcome` | calls that ended so: `success`, `error`, `panic`, `cancelled` |
/// | `festoon_latency_seconds` | histogram | `function` | successful calls |
///
/// Functions that share a path (in blocks, made by a macro, in two versions of one crate) have a label `location` too:
/// `file:line:column, version`.
///
/// These are the names of [`Report::to_prometheus`](super::Report::to_prometheus) too: serve one of the two.
///
/// A function registers its handles on its first call under a recorder and keeps them: no call looks up a name or
/// allocates. The recorder may be installed before or after this, and after the first calls: a call asks only whether it
/// is still the same one, and registers with the new one if not. What ended before there was a recorder is not told
/// later.
///
/// A recorder of one thread (`metrics::with_local_recorder`) is served as well, which is for tests: handles are kept by
/// the recorder's address, so switch this on anew for each one, as another may have lain there before.
///
/// It costs about 20 ns a call and what the recorder takes (the Prometheus exporter 30 to 60 ns more, on one x86 machine).
/// While it is off, calls pay nothing for it.
///
/// ```
/// use festoon::{timed, timing};
///
/// #[timed]
/// fn work() {}
///
/// // metrics_exporter_prometheus::PrometheusBuilder::new().install()?;
/// timing::feed_metrics(true);
/// work();
/// ```
pub fn feed_metrics(on: bool) {
    static WATCH: Mutex<Option<Watch>> = Mutex::new(None);
    *lock(&WATCH) = on.then(Watch::new);
    EPOCH.store(if on { EPOCHS.fetch_add(1, Relaxed) + 1 } else { OFF }, Relaxed);
}

/// Which time it is that this is switched on, or `OFF`.
static EPOCH: AtomicU64 = AtomicU64::new(OFF);
static EPOCHS: AtomicU64 = AtomicU64::new(OFF);
const OFF: u64 = 0;

/// What one site has registered, with each recorder that it has met: nearly always one, or the one that does nothing
/// and one behind it.
pub(super) struct Handles(OnceLock<Box<Node>>);

struct Node {
    recorder: Id,
    /// In the order of `OUTCOMES`.
    calls: [Counter; 4],
    latency: Histogram,
    next: Handles,
}

/// A recorder, by where it lies since when.
#[derive(Clone, Copy, PartialEq)]
struct Id {
    epoch: u64,
    address: usize,
}

impl Handles {
    pub(super) const fn new() -> Self {
        Handles(OnceLock::new())
    }

    fn of(&self, site: &Site, id: Id, recorder: &dyn Recorder) -> &Node {
        let mut node = self.0.get_or_init(|| Box::new(Node::new(site, id, recorder)));
        while node.recorder != id {
            node = node.next.0.get_or_init(|| Box::new(Node::new(site, id, recorder)));
        }
        node
    }
}

impl Node {
    fn new(site: &Site, id: Id, recorder: &dyn Recorder) -> Self {
        describe(recorder);
        let metadata = Metadata::new("festoon", Level::INFO, Some(module_path!()));
        let mut labels = vec![Label::new("function", site.name())];
        if site.shares_path() {
            labels.push(Label::new("location", site.place.to_string()));
        }
        let counter = |kind: OutcomeKind| {
            let outcome = Label::from_static_parts("outcome", kind.name());
            let labels: Vec<_> = labels.iter().cloned().chain([outcome]).collect();
            recorder.register_counter(&Key::from_parts(CALLS, labels), &metadata)
        };
        let latency = recorder.register_histogram(&Key::from_parts(LATENCY, labels.clone()), &metadata);
        Node { recorder: id, calls: OUTCOMES.map(counter), latency, next: Handles::new() }
    }
}

fn describe(recorder: &dyn Recorder) {
    recorder.describe_counter(CALLS.into(), Some(Unit::Count), "Calls that ended, by outcome.".into());
    recorder.describe_histogram(LATENCY.into(), Some(Unit::Seconds), "Latency of successful calls.".into());
}

pub(super) fn ended(call: &Call, now: u64, outcome: OutcomeKind) {
    thread_local! {
        /// The recorder may call measured functions itself.
        static INSIDE: Cell<bool> = const { Cell::new(false) };
    }
    let epoch = EPOCH.load(Relaxed);
    if epoch == OFF || INSIDE.replace(true) {
        return;
    }
    metrics::with_recorder(|recorder| {
        let address = std::ptr::from_ref(recorder).cast::<()>().addr();
        let node = call.site.metrics.of(call.site, Id { epoch, address }, recorder);
        node.calls[(outcome as usize).min(3)].increment(1);
        if outcome == OutcomeKind::Success {
            node.latency.record(clock::duration(now.saturating_sub(call.start)));
        }
    });
    INSIDE.set(false);
}
