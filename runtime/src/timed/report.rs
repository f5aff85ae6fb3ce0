//! All measured functions in one table.

use std::fmt;
use std::time::Duration;

use comfy_table::{CellAlignment, Table, presets};

use super::recorder::{SITES, Site};
use super::stats::{Outcomes, Stats};

/// What has been measured up to now, the function with the largest total first.
#[derive(Debug, Clone)]
pub struct Report {
    rows: Vec<Row>,
}

/// One function of a [`Report`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Row {
    /// Its path, or the `name` that `#[timed]` was given.
    pub name: String,
    /// How its calls ended.
    pub outcomes: Outcomes,
    /// The time in all calls, recursion counted once.
    pub total: Duration,
    /// The same without the time in other timed functions; for async functions, the busy time.
    pub self_time: Duration,
    /// Mean latency of the successful calls.
    pub mean: Duration,
    /// Median latency of the successful calls.
    pub p50: Duration,
    /// Their 90th percentile.
    pub p90: Duration,
    /// Their 99th percentile.
    pub p99: Duration,
    /// The longest of them.
    pub max: Duration,
    /// For async functions.
    pub polls: Option<Polls>,
}

/// How an async function used its thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Polls {
    /// How often it was polled.
    pub count: u64,
    /// The time inside of polls.
    pub busy: Duration,
    /// The longest one.
    pub longest: Duration,
}

/// Takes a snapshot of every site.
pub(crate) fn collect() -> Report {
    let mut rows: Vec<Row> = SITES.all().into_iter().map(|(name, site)| Row::of(name, site)).collect();
    rows.sort_by(|a, b| b.total.cmp(&a.total).then_with(|| a.name.cmp(&b.name)));
    Report { rows }
}

impl Row {
    fn of(name: String, site: &'static Site) -> Self {
        let stats = Stats::of(site);
        let is_async = site.is_async.load(std::sync::atomic::Ordering::Relaxed);
        Row {
            name: site.settings.name.map_or(name, ToOwned::to_owned),
            outcomes: stats.outcomes,
            total: stats.total(),
            self_time: stats.own(),
            mean: stats.mean(),
            p50: stats.quantile(0.5),
            p90: stats.quantile(0.9),
            p99: stats.quantile(0.99),
            max: stats.max(),
            polls: is_async.then(|| Polls { count: stats.polls, busy: stats.busy(), longest: stats.longest_poll() }),
        }
    }

    fn cells(&self) -> [String; 12] {
        let Row { name, outcomes, total, self_time, mean, p50, p90, p99, max, .. } = self;
        let count = |calls: u64| if calls == 0 { "-".to_owned() } else { calls.to_string() };
        [
            name.clone(),
            outcomes.total().to_string(),
            count(outcomes.error()),
            count(outcomes.panic()),
            count(outcomes.cancelled()),
            short(*total),
            short(*self_time),
            short(*mean),
            short(*p50),
            short(*p90),
            short(*p99),
            short(*max),
        ]
    }
}

const HEADER: [&str; 12] =
    ["function", "calls", "err", "panic", "cancelled", "total", "self", "mean", "p50", "p90", "p99", "max"];

impl Report {
    /// The functions, the one with the largest total first.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_header(HEADER);
        for row in &self.rows {
            table.add_row(row.cells());
        }
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        write!(f, "{table}")
    }
}

/// Three digits and a unit: `12.3ms`.
fn short(length: Duration) -> String {
    let nanos = length.as_nanos();
    let (scale, unit) = match nanos {
        0 => return "-".to_owned(),
        1..1_000 => (1, "ns"),
        1_000..1_000_000 => (1_000, "µs"),
        1_000_000..1_000_000_000 => (1_000_000, "ms"),
        _ => (1_000_000_000, "s"),
    };
    let (whole, hundredths) = (nanos / scale, nanos % scale * 100 / scale);
    match (whole, scale) {
        (_, 1) | (100.., _) => format!("{whole}{unit}"),
        (10.., _) => format!("{whole}.{}{unit}", hundredths / 10),
        _ => format!("{whole}.{hundredths:02}{unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_three_digits() {
        let text = |nanos| short(Duration::from_nanos(nanos));
        assert_eq!([text(0), text(7), text(999)], ["-", "7ns", "999ns"]);
        assert_eq!([text(1_000), text(12_345), text(999_999)], ["1.00µs", "12.3µs", "999µs"]);
        assert_eq!([text(1_500_000), text(61_000_000_000)], ["1.50ms", "61.0s"]);
    }
}
