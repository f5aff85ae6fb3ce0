//! The figures of every decorator, for a monitoring system.

#[cfg(feature = "metrics")]
mod facade;

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::time::Duration;

use crate::label::escaped;

/// Collects the figures of all decorated functions that have been called: caches, retries, breakers, rate limits,
/// bulkheads and hedges; of watched channels, streams and futures; and with the feature `report` those of `#[timed]`.
///
/// ```
/// # #[cfg(feature = "cached")] {
/// use festoon::cached;
///
/// #[cached]
/// fn square(n: u64) -> u64 {
///     n * n
/// }
///
/// square(3);
/// let text = festoon::metrics::collect().to_prometheus();
/// assert!(text.contains("# TYPE festoon_cache_misses_total counter"));
/// assert!(text.lines().any(|line| line.starts_with("festoon_cache_misses_total{function=") && line.ends_with(" 1")));
/// # }
/// ```
///
/// Collecting stops nothing, and adds no cost to any function.
#[must_use]
pub fn collect() -> Metrics {
    #[cfg_attr(
        not(any(feature = "timed", feature = "cached", feature = "retry", feature = "resilience")),
        expect(unused_mut, reason = "nothing adds to it")
    )]
    let mut metrics = Metrics {
        prefix: PREFIX.to_owned(),
        families: Vec::new(),
        #[cfg(feature = "report")]
        timing: crate::timing::report(),
        #[cfg(feature = "report")]
        buckets: None,
    };
    #[cfg(feature = "cached")]
    caches(&mut metrics);
    #[cfg(feature = "retry")]
    retries(&mut metrics);
    #[cfg(feature = "resilience")]
    policies(&mut metrics);
    #[cfg(feature = "timed")]
    watched(&mut metrics);
    metrics
}

const PREFIX: &str = "festoon";

/// The figures of all decorated functions at one moment; see [`collect`].
///
/// Names follow Prometheus' conventions. Each family has one series per function, with its path in the label
/// `function`. Functions that share a path are added up, and so are the policies for all keys of a function, so there
/// are no more series than functions.
///
/// | families | types |
/// |---|---|
/// | `festoon_cache_hits_total`, `_misses_total`, `_evictions_total`, `_refused_total`, `_refreshes_total`, `_store_errors_total`, `_expirations_total`, `_loads_total`, `_load_seconds_total` | counter |
/// | `festoon_cache_entries`, `festoon_cache_in_flight`, and with `max_weight` `festoon_cache_weight` | gauge |
/// | `festoon_retry_calls_total`, `_attempts_total`, `_recovered_total`, `_gave_up_total`, `_refused_total`, `_slept_seconds_total` | counter |
/// | `festoon_breaker_state`: 0 closed, 1 half-open, 2 open | gauge |
/// | `festoon_breaker_refused_total`, `festoon_rate_limit_refused_total`, `festoon_bulkhead_refused_total` | counter |
/// | `festoon_bulkhead_running`, `festoon_bulkhead_waiting`, `festoon_bulkhead_limit` | gauge |
/// | `festoon_hedge_started_total`, `festoon_hedge_won_total` | counter |
/// | `festoon_channel_sent_total`, `_received_total`, `_latency_seconds_total`, `_send_wait_seconds_total`, `_receive_wait_seconds_total`, by `channel` | counter |
/// | `festoon_channel_depth`, `festoon_channel_max_depth`, by `channel` | gauge |
/// | `festoon_stream_items_total`, `_between_seconds_total`, `_polls_total`, `_busy_seconds_total`, by `stream` | counter |
/// | `festoon_future_completed_total`, `_cancelled_total`, `_time_seconds_total`, `_polls_total`, `_busy_seconds_total`, by `future` | counter |
/// | `festoon_future_running`, by `future` | gauge |
/// | those of [`Report::to_prometheus`](crate::timing::Report::to_prometheus), with the feature `report` | |
#[derive(Debug, Clone)]
pub struct Metrics {
    prefix: String,
    families: Vec<Family>,
    #[cfg(feature = "report")]
    timing: crate::timing::Report,
    /// The upper bounds of the histograms, if they were selected.
    #[cfg(feature = "report")]
    buckets: Option<Vec<Duration>>,
}

#[derive(Debug, Clone)]
struct Family {
    name: &'static str,
    kind: Kind,
    help: &'static str,
    /// What the samples are named by: `function`, `channel`, `stream` or `future`.
    label: &'static str,
    /// By function, or whatever the label is.
    samples: BTreeMap<String, Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Counter,
    Gauge,
}

#[derive(Debug, Clone, Copy)]
enum Value {
    Count(u64),
    Seconds(Duration),
}

impl Metrics {
    /// Replaces the prefix `festoon` of every name.
    ///
    /// # Panics
    /// If a name cannot start with it: expected an ASCII letter, `_` or `:`, followed by more of these and digits.
    #[must_use]
    pub fn prefix(mut self, prefix: &str) -> Self {
        let is_letter = |c: char| c.is_ascii_alphabetic() || c == '_' || c == ':';
        let is_name = prefix.starts_with(is_letter) && prefix.chars().all(|c| is_letter(c) || c.is_ascii_digit());
        assert!(is_name, "festoon: `{prefix}` is not a valid beginning of a metric's name");
        prefix.clone_into(&mut self.prefix);
        self
    }

    /// Selects the upper bounds of the histograms of `#[timed]`. Without this, they are those of
    /// [`Report::to_prometheus`](crate::timing::Report::to_prometheus). Feature `report`.
    ///
    /// ```
    /// # use std::time::Duration;
    /// let text = festoon::metrics::collect().buckets([5, 50, 500].map(Duration::from_millis)).to_prometheus();
    /// ```
    ///
    /// # Panics
    /// If each bound is not larger than the one before it.
    #[cfg(feature = "report")]
    #[must_use]
    pub fn buckets(mut self, bounds: impl IntoIterator<Item = Duration>) -> Self {
        let bounds: Vec<Duration> = bounds.into_iter().collect();
        assert!(bounds.is_sorted_by(|one, next| one < next), "festoon: the bounds of a histogram have to increase");
        self.buckets = Some(bounds);
        self
    }

    /// Returns the text format that Prometheus scrapes: serve it as `text/plain; version=0.0.4`.
    #[must_use]
    pub fn to_prometheus(&self) -> String {
        let mut text = String::new();
        // Writing to a `String` cannot fail.
        let _ = self.write(&mut text);
        text
    }

    /// Returns JSON, `{"festoon_cache_hits_total": {"shop::price": 3}, ..}`, with times in seconds; without the figures
    /// of `#[timed]`, which are in [`Report::to_json`](crate::timing::Report::to_json). Feature `serde`.
    #[cfg(feature = "serde")]
    #[cfg_attr(docsrs, doc(cfg(feature = "serde")))]
    #[must_use]
    pub fn to_json(&self) -> String {
        let families = self.families.iter().filter(|family| !family.samples.is_empty()).map(|family| {
            let sample = |(function, value): (&String, &Value)| (function.clone(), value.to_json());
            let samples: serde_json::Map<_, _> = family.samples.iter().map(sample).collect();
            (format!("{}_{}", self.prefix, family.name), samples.into())
        });
        serde_json::Value::Object(families.collect()).to_string()
    }

    fn write(&self, out: &mut String) -> fmt::Result {
        #[cfg(feature = "report")]
        {
            let of = |bounds: &Vec<Duration>| self.timing.to_prometheus_with(bounds);
            let text = self.buckets.as_ref().map_or_else(|| self.timing.to_prometheus(), of);
            if self.prefix == PREFIX {
                *out = text;
            } else {
                text.lines().try_for_each(|line| writeln!(out, "{}", renamed(line, &self.prefix)))?;
            }
        }
        self.families.iter().filter(|family| !family.samples.is_empty()).try_for_each(|family| self.family(out, family))
    }

    fn family(&self, out: &mut String, family: &Family) -> fmt::Result {
        let (prefix, name) = (&self.prefix, family.name);
        let kind = if family.kind == Kind::Counter { "counter" } else { "gauge" };
        writeln!(out, "# HELP {prefix}_{name} {}\n# TYPE {prefix}_{name} {kind}", family.help)?;
        for (function, value) in &family.samples {
            writeln!(out, "{prefix}_{name}{{{}=\"{}\"}} {value}", family.label, escaped(function))?;
        }
        Ok(())
    }

    /// Adds to a function's series.
    fn add(&mut self, family: (&'static str, Kind, &'static str), function: &str, value: Value) {
        self.add_labelled("function", family, function, value);
    }

    fn add_labelled(
        &mut self,
        label: &'static str,
        (name, kind, help): (&'static str, Kind, &'static str),
        function: &str,
        value: Value,
    ) {
        let at = self.families.iter().position(|family| family.name == name).unwrap_or_else(|| {
            self.families.push(Family { name, kind, help, label, samples: BTreeMap::new() });
            self.families.len() - 1
        });
        let samples = &mut self.families[at].samples;
        match samples.get_mut(function) {
            Some(sum) => sum.add(value),
            None => _ = samples.insert(function.to_owned(), value),
        }
    }
}

impl Value {
    #[cfg(feature = "serde")]
    fn to_json(self) -> serde_json::Value {
        match self {
            Value::Count(count) => count.into(),
            Value::Seconds(time) => time.as_secs_f64().into(),
        }
    }

    fn add(&mut self, more: Value) {
        match (self, more) {
            (Value::Count(sum), Value::Count(more)) => *sum = sum.saturating_add(more),
            (Value::Seconds(sum), Value::Seconds(more)) => *sum = sum.saturating_add(more),
            _ => unreachable!("festoon: a family has values of one type"),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Count(count) => count.fmt(f),
            // Without an exponent.
            Value::Seconds(time) => write!(f, "{}.{:09}", time.as_secs(), time.subsec_nanos()),
        }
    }
}

/// *Input:* `# TYPE festoon_calls_total counter` or `festoon_calls_total{..} 3`. *Output:* the same with another
/// prefix.
#[cfg(feature = "report")]
fn renamed(line: &str, prefix: &str) -> String {
    let (comment, rest) = match line.split_at_checked("# HELP ".len()) {
        Some((comment @ ("# HELP " | "# TYPE "), rest)) => (comment, rest),
        _ => ("", line),
    };
    let rest = rest.strip_prefix(PREFIX).unwrap_or(rest);
    format!("{comment}{prefix}{rest}")
}

#[cfg(feature = "cached")]
fn caches(metrics: &mut Metrics) {
    use Kind::{Counter, Gauge};
    use Value::{Count, Seconds};

    for cache in crate::cache::all() {
        let info = cache.info();
        let length = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
        let figures = [
            (("cache_hits_total", Counter, "Calls that returned a cached value."), Count(info.hits)),
            (("cache_misses_total", Counter, "Calls that ran the body."), Count(info.misses)),
            (("cache_loads_total", Counter, "Runs of the body that have ended."), Count(info.loads)),
            (("cache_load_seconds_total", Counter, "Time of these runs."), Seconds(info.load_time)),
            (("cache_evictions_total", Counter, "Values evicted to make room."), Count(info.evictions)),
            (("cache_expirations_total", Counter, "Expired values that were removed."), Count(info.expirations)),
            (("cache_refused_total", Counter, "Values too heavy to be cached."), Count(info.refused)),
            (("cache_refreshes_total", Counter, "Runs of the body in the background."), Count(info.refreshes)),
            (
                ("cache_store_errors_total", Counter, "Failures of a store outside of the process."),
                Count(info.store_errors),
            ),
            (("cache_entries", Gauge, "Cached values."), Count(length(info.len))),
            (("cache_in_flight", Gauge, "Values that are being computed."), Count(length(info.in_flight))),
        ];
        let weight = info.weight.map(|weight| (("cache_weight", Gauge, "Weight of the values."), Count(weight)));
        for (family, value) in figures.into_iter().chain(weight) {
            metrics.add(family, cache.name(), value);
        }
    }
}

/// Watched channels, streams and futures.
#[cfg(feature = "timed")]
fn watched(metrics: &mut Metrics) {
    use Kind::{Counter, Gauge};
    use Value::{Count, Seconds};

    for of in crate::timing::channels() {
        let figures = [
            (("channel_sent_total", Counter, "Messages sent."), Count(of.sent)),
            (("channel_received_total", Counter, "Messages received."), Count(of.received)),
            (("channel_depth", Gauge, "Messages in the channel."), Count(of.depth)),
            (("channel_max_depth", Gauge, "The most messages that were in the channel at once."), Count(of.max_depth)),
            (
                ("channel_latency_seconds_total", Counter, "Time that received messages were in it."),
                Seconds(of.latency),
            ),
            (("channel_send_wait_seconds_total", Counter, "Time that senders waited."), Seconds(of.send_wait)),
            (("channel_receive_wait_seconds_total", Counter, "Time that receivers waited."), Seconds(of.receive_wait)),
        ];
        for (family, value) in figures {
            metrics.add_labelled("channel", family, of.name, value);
        }
    }
    for of in crate::timing::streams() {
        let figures = [
            (("stream_items_total", Counter, "Items yielded."), Count(of.items)),
            (("stream_between_seconds_total", Counter, "Time from each item to the next."), Seconds(of.between)),
            (("stream_polls_total", Counter, "Polls."), Count(of.polls)),
            (("stream_busy_seconds_total", Counter, "Time in polls."), Seconds(of.busy)),
        ];
        for (family, value) in figures {
            metrics.add_labelled("stream", family, of.name, value);
        }
    }
    for of in crate::timing::futures() {
        let running = of.started.saturating_sub(of.completed).saturating_sub(of.cancelled);
        let figures = [
            (("future_completed_total", Counter, "Futures that were ready."), Count(of.completed)),
            (("future_cancelled_total", Counter, "Futures dropped before they were ready."), Count(of.cancelled)),
            (("future_running", Gauge, "Futures that have been polled and have not ended."), Count(running)),
            (("future_time_seconds_total", Counter, "Time from the first poll to the end."), Seconds(of.total)),
            (("future_polls_total", Counter, "Polls."), Count(of.polls)),
            (("future_busy_seconds_total", Counter, "Time in polls."), Seconds(of.busy)),
        ];
        for (family, value) in figures {
            metrics.add_labelled("future", family, of.name, value);
        }
    }
}

#[cfg(feature = "retry")]
fn retries(metrics: &mut Metrics) {
    use Kind::Counter;

    for row in crate::retry::all() {
        let retries = row.retries;
        let figures = [
            (("retry_calls_total", Counter, "Calls of retried functions."), retries.calls),
            (("retry_attempts_total", Counter, "Attempts, first ones included."), retries.calls + retries.retried),
            (("retry_recovered_total", Counter, "Calls that succeeded after a failed attempt."), retries.recovered),
            (("retry_gave_up_total", Counter, "Calls that failed in the end."), retries.gave_up),
            (("retry_refused_total", Counter, "Failures that were not worth another attempt."), retries.refused),
        ];
        for (family, value) in figures {
            metrics.add(family, &row.name, Value::Count(value));
        }
        let slept = ("retry_slept_seconds_total", Counter, "Time slept between attempts.");
        metrics.add(slept, &row.name, Value::Seconds(retries.slept));
    }
}

#[cfg(feature = "resilience")]
fn policies(metrics: &mut Metrics) {
    use Kind::{Counter, Gauge};

    use crate::BreakerState::{Closed, ForcedClosed, ForcedOpen, HalfOpen, Open};
    use crate::{Breaker, Bulkhead, Hedge, Policies, RateLimit};

    let mut add = |family, function: &str, value| metrics.add(family, function, Value::Count(value));
    for (function, breaker) in Policies::<Breaker>::all() {
        let mut state = 0;
        breaker.each(|breaker| {
            state = state.max(match breaker.state() {
                Closed | ForcedClosed => 0,
                HalfOpen => 1,
                Open | ForcedOpen => 2,
            });
        });
        add(("breaker_state", Gauge, "0 closed, 1 half-open, 2 open."), &function, state);
        let refused = breaker.sum(|breaker| breaker.stats().refused);
        add(("breaker_refused_total", Counter, "Calls that a breaker refused."), &function, refused);
    }
    for (function, limit) in Policies::<RateLimit>::all() {
        let refused = limit.sum(RateLimit::refused);
        add(("rate_limit_refused_total", Counter, "Calls above a rate limit."), &function, refused);
    }
    for (function, bulkhead) in Policies::<Bulkhead>::all() {
        let limit = bulkhead.sum(|bulkhead| u64::from(bulkhead.limit()));
        add(("bulkhead_running", Gauge, "Calls that are running."), &function, bulkhead.sum(Bulkhead::running));
        add(("bulkhead_waiting", Gauge, "Calls that wait to enter."), &function, bulkhead.sum(Bulkhead::waiting));
        add(("bulkhead_limit", Gauge, "Calls that may run."), &function, limit);
        let refused = bulkhead.sum(Bulkhead::refused);
        add(("bulkhead_refused_total", Counter, "Calls that a bulkhead refused."), &function, refused);
    }
    for (function, hedge) in Policies::<Hedge>::all() {
        add(("hedge_started_total", Counter, "Second calls."), &function, hedge.sum(Hedge::hedged));
        add(("hedge_won_total", Counter, "Second calls that ended first."), &function, hedge.sum(Hedge::won));
    }
}
