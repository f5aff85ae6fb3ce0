//! A snapshot of all measured functions, and its output formats.
//!
//! In: the counts of every site, through `stats.rs`. Out: a [`Report`] as a table, a page, JSON or Prometheus' text. Open
//! this file first, then the format that you want.

mod columns;
#[cfg(feature = "serde")]
mod compare;
mod flame;
mod html;
#[cfg(feature = "serde")]
mod json;
mod names;
mod neighbours;
mod prometheus;
mod table;
mod terminal;
mod tree;
mod watched;

use std::collections::BTreeMap;
use std::time::Duration;

use super::allocations::Allocations;
use super::histogram;
use super::outcomes::{OUTCOMES, Outcomes};
use super::scoped::{self, Scope};
use super::site::{SITES, TimedSite};
use super::stats::Stats;
use super::tree::walk;
use crate::clock;
use crate::site::Place;
#[cfg(feature = "serde")]
pub use compare::{Change, CompareError, Comparison, Figures, assert_no_slower, compare};
#[cfg(feature = "serve")]
pub(super) use html::escaped;
#[cfg(feature = "serde")]
pub(super) use json::nanos;
use neighbours::Neighbours;
pub use neighbours::{CacheUse, RetryUse};
pub use tree::{Tree, TreeNode};
use watched::Watched;

/// A snapshot of all measurements, the function with the largest total first.
///
/// `Display` is an aligned table without colours; [`print`](Report::print) fits it to the terminal. Other formats are
/// JSON (feature `serde`), Prometheus text and an HTML page.
#[derive(Debug, Clone)]
pub struct Report {
    rows: Vec<Row>,
    tree: Tree,
    watched: Watched,
}

/// One function of a [`Report`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Row {
    /// Its path, or the `name` of `#[timed]`.
    pub name: String,
    /// The source file of the function.
    pub file: &'static str,
    /// The line of its attribute.
    pub line: u32,
    /// The column of its attribute.
    pub column: u32,
    /// The version of its crate, if cargo builds it.
    pub crate_version: Option<&'static str>,
    /// How its calls ended.
    pub outcomes: Outcomes,
    /// The time of the calls by outcome, in the order success, error, panic, cancelled.
    pub time_by_outcome: [Duration; 4],
    /// The time of all calls; recursion counts once.
    pub total: Duration,
    /// The same without the time in other timed functions; for async functions, the busy time.
    pub self_time: Duration,
    /// Mean latency of the successful calls.
    pub mean: Duration,
    /// The median latency of the successful calls.
    pub p50: Duration,
    /// Their 90th percentile.
    pub p90: Duration,
    /// Their 99th percentile.
    pub p99: Duration,
    /// Their maximum.
    pub max: Duration,
    /// Their latencies, without the empty buckets.
    pub histogram: Vec<Bucket>,
    /// For async functions.
    pub polls: Option<Polls>,
    /// If calls are sampled, one in this many was measured: counts are exact, times are scaled, and the histogram is
    /// that of the measured calls.
    pub sample: Option<u32>,
    /// What its calls have allocated, if there is a [`timing::Allocator`](crate::timing::Allocator).
    pub allocations: Option<Allocations>,
    /// The statistics of `#[cached]` on the same function, over all instantiations.
    pub cache: Option<CacheUse>,
    /// The statistics of `#[retry]` on the same function.
    pub retry: Option<RetryUse>,
    /// Other functions have the same name, so its place is shown.
    shares_name: bool,
}

/// This many successful calls took at least `from` and less than `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Bucket {
    /// The lower bound, inclusive.
    #[cfg_attr(feature = "serde", serde(rename = "from_ns", serialize_with = "json::nanos"))]
    pub from: Duration,
    /// The upper bound, exclusive.
    #[cfg_attr(feature = "serde", serde(rename = "to_ns", serialize_with = "json::nanos"))]
    pub to: Duration,
    /// The number of calls.
    pub count: u64,
}

/// How an async function used its thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Polls {
    /// The number of polls.
    pub count: u64,
    /// The time inside polls.
    #[cfg_attr(feature = "serde", serde(rename = "busy_ns", serialize_with = "json::nanos"))]
    pub busy: Duration,
    /// The longest single poll.
    #[cfg_attr(feature = "serde", serde(rename = "longest_ns", serialize_with = "json::nanos"))]
    pub longest: Duration,
}

/// Takes a snapshot of every function.
pub(crate) fn collect() -> Report {
    let neighbours = Neighbours::collect();
    let row = |(name, sites): (String, Vec<_>)| Row::of(&name, &sites, Stats::of, &neighbours);
    Report::of(functions(|_| true).map(row).collect(), Tree::of(walk(None)), Watched::collect())
}

/// The same for what this thread sees: in a scope, only the functions that were called there.
pub(crate) fn collect_here() -> Report {
    scoped::current().map_or_else(collect, |scope| collect_within(&scope))
}

/// With those of `#[retry]`, and of caches that are only this test's.
pub(crate) fn collect_within(scope: &Scope) -> Report {
    let neighbours = Neighbours::within(scope);
    let row = |(name, sites): (String, Vec<_>)| Row::of(&name, &sites, |site| Stats::within(scope, site), &neighbours);
    let tree = scope.tree.known().map_or_else(Tree::default, |root| Tree::of(walk(Some(root))));
    Report::of(functions(|site| !scope.shards(site).is_empty()).map(row).collect(), tree, Watched::default())
}

/// The sites of each function. Sites that a macro has generated on one line cannot be distinguished, and are merged.
fn functions(is_wanted: impl Fn(&TimedSite) -> bool) -> impl Iterator<Item = (String, Vec<&'static TimedSite>)> {
    let mut all: BTreeMap<(String, Place), Vec<&'static TimedSite>> = BTreeMap::new();
    for (name, site) in SITES.all().into_iter().filter(|(_, site)| is_wanted(site)) {
        all.entry((name, site.place)).or_default().push(site);
    }
    all.into_iter().map(|((name, _), sites)| (name, sites))
}

impl Report {
    fn of(mut rows: Vec<Row>, tree: Tree, watched: Watched) -> Self {
        let mut names: BTreeMap<String, usize> = BTreeMap::new();
        for row in &rows {
            *names.entry(row.name.clone()).or_default() += 1;
        }
        for row in &mut rows {
            row.shares_name |= names[&row.name] > 1;
        }
        rows.sort_by(|a, b| b.total.cmp(&a.total).then_with(|| (&a.name, a.place()).cmp(&(&b.name, b.place()))));
        Report { rows, tree, watched }
    }

    /// Returns the functions, the one with the largest total first.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Returns the row of the function with this name; if several share a path, one of them.
    #[must_use]
    pub fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name)
    }
}

impl Row {
    fn of(
        name: &str,
        sites: &[&'static TimedSite],
        stats: impl Fn(&'static TimedSite) -> Stats,
        neighbours: &Neighbours<'_>,
    ) -> Self {
        let (site, stats) = (sites[0], Stats::all(sites.iter().map(|site| stats(site))));
        let is_async = site.is_async.load(std::sync::atomic::Ordering::Relaxed);
        Row {
            name: site.settings.name.unwrap_or(name).to_owned(),
            file: site.place.file,
            line: site.place.line,
            column: site.place.column,
            crate_version: site.place.version,
            outcomes: stats.outcomes,
            time_by_outcome: OUTCOMES.map(|kind| stats.time_in(kind)),
            total: stats.total(),
            self_time: stats.own(),
            mean: stats.mean(),
            p50: stats.quantile(0.5),
            p90: stats.quantile(0.9),
            p99: stats.quantile(0.99),
            max: stats.max(),
            histogram: buckets(&stats),
            polls: is_async.then(|| Polls { count: stats.polls, busy: stats.busy(), longest: stats.longest_poll() }),
            sample: (site.settings.sample > 1).then_some(site.settings.sample),
            allocations: stats.allocations(),
            cache: neighbours.cache(name, site.place),
            retry: neighbours.retry(name, site.place),
            shares_name: TimedSite::shares(name),
        }
    }
}

impl Row {
    /// Returns the time in the body and in the other decorators: the total without the waits between attempts.
    #[must_use]
    pub fn in_body(&self) -> Duration {
        self.total.saturating_sub(self.retry.map_or(Duration::ZERO, |retry| retry.waited))
    }

    /// Returns the mean time of the calls that returned an `Err`; `None` if there are none.
    #[must_use]
    pub fn err_mean(&self) -> Option<Duration> {
        let errors = u32::try_from(self.outcomes.error()).unwrap_or(u32::MAX);
        self.time_by_outcome[1].checked_div(errors)
    }

    /// The displayed name, with its place if others share its path, and a mark if it is sampled:
    /// `shop::price (src/shop.rs:12:1, 0.1.0) (1/16)`.
    fn title(&self) -> String {
        self.titled(&self.name)
    }

    /// The same with another name.
    fn titled(&self, name: &str) -> String {
        let place = if self.shares_name { format!(" ({})", self.place()) } else { String::new() };
        let sample = self.sample.map_or_else(String::new, |one_in| format!(" (1/{one_in})"));
        format!("{name}{place}{sample}")
    }

    fn place(&self) -> Place {
        Place::new(self.file, self.line, self.column, self.crate_version)
    }
}

fn buckets(stats: &Stats) -> Vec<Bucket> {
    let filled = stats.counts().iter().enumerate().filter(|(_, count)| **count > 0);
    filled
        .map(|(bucket, count)| {
            let (from, to) = histogram::bounds(bucket);
            Bucket { from: clock::duration(from), to: clock::duration(to), count: *count }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row for the tests of the formats.
    pub(super) fn row(name: &str) -> Row {
        let ms = Duration::from_millis;
        Row {
            name: name.to_owned(),
            file: "src/app.rs",
            line: 7,
            column: 1,
            crate_version: Some("0.1.0"),
            outcomes: Outcomes { calls: [3, 1, 0, 0] },
            time_by_outcome: [ms(6), ms(1), ms(0), ms(0)],
            total: ms(7),
            self_time: ms(5),
            mean: ms(2),
            p50: ms(2),
            p90: ms(3),
            p99: ms(3),
            max: ms(3),
            histogram: vec![
                Bucket { from: ms(1), to: ms(2), count: 1 },
                Bucket { from: ms(2), to: Duration::from_micros(2_100), count: 1 },
                Bucket { from: ms(3), to: Duration::from_micros(3_100), count: 1 },
            ],
            polls: Some(Polls { count: 8, busy: ms(4), longest: ms(1) }),
            sample: None,
            allocations: None,
            cache: Some(CacheUse { hits: 3, misses: 1 }),
            retry: Some(RetryUse { attempts: 2, waited: ms(1) }),
            shares_name: false,
        }
    }

    pub(super) fn report() -> Report {
        let rows = vec![row("app::load"), Row { polls: None, ..row("app::<parse>") }];
        Report { rows, tree: Tree::default(), watched: Watched::default() }
    }
}
