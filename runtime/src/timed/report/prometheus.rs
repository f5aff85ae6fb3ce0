//! The report in Prometheus' text format.

use std::fmt::Write;
use std::time::Duration;

use super::{Report, Row};
use crate::timed::outcomes::OUTCOMES;

/// The upper bounds of the histogram in nanoseconds: 1, 2.5 and 5 of each power of ten from a microsecond to ten seconds.
const BOUNDS: [u64; 22] = [
    1_000,
    2_500,
    5_000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    25_000_000,
    50_000_000,
    100_000_000,
    250_000_000,
    500_000_000,
    1_000_000_000,
    2_500_000_000,
    5_000_000_000,
    10_000_000_000,
];

impl Report {
    /// The report in [Prometheus' text format](https://prometheus.io/docs/instrumenting/exposition_formats/), version
    /// 0.0.4, for a handler of your own that serves `/metrics`.
    ///
    /// | metric | type | labels | meaning |
    /// |---|---|---|---|
    /// | `festoon_calls_total` | counter | `function`, `outcome` | calls that ended so |
    /// | `festoon_call_time_seconds_total` | counter | `function`, `outcome` | the time in them |
    /// | `festoon_self_time_seconds_total` | counter | `function` | without other timed functions |
    /// | `festoon_latency_seconds` | histogram | `function` | successful calls |
    ///
    /// Functions that share a path (in blocks, made by a macro, in two versions of one crate) have a label `location` too:
    /// `file:line:column, version`.
    ///
    /// The histogram's bounds lie 1, 2.5 and 5 times each power of ten from a microsecond to ten seconds; a call that
    /// is nearer than 1.6 % to a bound may be counted on the other side of it.
    #[must_use]
    pub fn to_prometheus(&self) -> String {
        let mut text = String::new();
        // Writing to a `String` cannot fail.
        let _ = self.write_prometheus(&mut text);
        text
    }

    fn write_prometheus(&self, out: &mut String) -> std::fmt::Result {
        head(out, "festoon_calls_total", "counter", "Calls that ended, by outcome.")?;
        for (labels, outcome, row, at) in self.by_outcome() {
            let calls = row.outcomes.count(OUTCOMES[at]);
            writeln!(out, "festoon_calls_total{{{labels},outcome=\"{outcome}\"}} {calls}")?;
        }
        head(out, "festoon_call_time_seconds_total", "counter", "Time in the calls that ended so.")?;
        for (labels, outcome, row, at) in self.by_outcome() {
            let time = seconds(row.time_by_outcome[at]);
            writeln!(out, "festoon_call_time_seconds_total{{{labels},outcome=\"{outcome}\"}} {time}")?;
        }
        head(out, "festoon_self_time_seconds_total", "counter", "Time without other timed functions.")?;
        for row in &self.rows {
            let (labels, time) = (labels(row), seconds(row.self_time));
            writeln!(out, "festoon_self_time_seconds_total{{{labels}}} {time}")?;
        }
        head(out, "festoon_latency_seconds", "histogram", "Latency of successful calls.")?;
        self.rows.iter().try_for_each(|row| histogram(out, row))
    }

    /// Each row with each outcome: labels, outcome, row, the outcome's place.
    fn by_outcome(&self) -> impl Iterator<Item = (String, &'static str, &Row, usize)> {
        let each = |row| OUTCOMES.iter().enumerate().map(move |(at, kind)| (kind.name(), row, at));
        self.rows.iter().flat_map(each).map(|(outcome, row, at)| (labels(row), outcome, row, at))
    }
}

fn head(out: &mut String, name: &str, kind: &str, help: &str) -> std::fmt::Result {
    writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}")
}

fn histogram(out: &mut String, row: &Row) -> std::fmt::Result {
    let labels = labels(row);
    for bound in BOUNDS.map(Duration::from_nanos) {
        let below: u64 = row.histogram.iter().filter(|bucket| middle(bucket) <= bound).map(|bucket| bucket.count).sum();
        writeln!(out, "festoon_latency_seconds_bucket{{{labels},le=\"{}\"}} {below}", seconds(bound))?;
    }
    let count: u64 = row.histogram.iter().map(|bucket| bucket.count).sum();
    let sum = seconds(row.time_by_outcome[0]);
    writeln!(out, "festoon_latency_seconds_bucket{{{labels},le=\"+Inf\"}} {count}")?;
    writeln!(out, "festoon_latency_seconds_sum{{{labels}}} {sum}")?;
    writeln!(out, "festoon_latency_seconds_count{{{labels}}} {count}")
}

fn middle(bucket: &super::Bucket) -> Duration {
    bucket.from + (bucket.to.saturating_sub(bucket.from)) / 2
}

/// Without an exponent, and without zeros at the end.
fn seconds(length: Duration) -> String {
    let text = format!("{}.{:09}", length.as_secs(), length.subsec_nanos());
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// *Output:* `function="shop::price"`; where others share the path, `function="shop::price",location="src/shop.rs:12:1, 0.1.0"`.
fn labels(row: &Row) -> String {
    let function = format!("function=\"{}\"", escaped(&row.name));
    if !row.shares_name {
        return function;
    }
    format!("{function},location=\"{}\"", escaped(&row.place().to_string()))
}

/// A label's value: `\`, `"` and line ends are escaped.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::super::tests::report;

    #[test]
    fn counters_and_cumulative_buckets() {
        let text = report().to_prometheus();
        let has = |line: &str| assert!(text.lines().any(|other| other == line), "{line}\nin\n{text}");
        has("festoon_calls_total{function=\"app::load\",outcome=\"error\"} 1");
        has("festoon_call_time_seconds_total{function=\"app::load\",outcome=\"success\"} 0.006");
        has("festoon_latency_seconds_bucket{function=\"app::load\",le=\"0.001\"} 0");
        has("festoon_latency_seconds_bucket{function=\"app::load\",le=\"0.0025\"} 2");
        has("festoon_latency_seconds_bucket{function=\"app::load\",le=\"+Inf\"} 3");
        has("festoon_latency_seconds_sum{function=\"app::load\"} 0.006");
    }
}
