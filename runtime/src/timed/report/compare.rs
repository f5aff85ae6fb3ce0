//! Two reports compared: `timing::compare` and `assert_no_slower!`.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde_json::Value;

use crate::table::{Side, aligned};
use crate::timed::short::short;

/// Compares two reports, as [`Report::to_json`](super::Report::to_json) returns them or
/// [`report_on_exit().to_file("before.json")`](crate::timing::ReportOnExit::to_file) writes them. Needs the feature
/// `serde`.
///
/// Functions are matched by name; if several share one, in the order of their places. `Display` is a table with the
/// largest ratio first.
///
/// # Errors
/// If one of them is not such a report.
///
/// ```
/// use festoon::{timed, timing};
///
/// #[timed]
/// fn work() {}
///
/// work();
/// let before = timing::report().to_json();
/// work();
/// let comparison = timing::compare(&before, &timing::report().to_json())?;
/// println!("{comparison}");
/// # assert!(comparison.changes().iter().any(|change| change.name.ends_with("::work")));
/// # Ok::<(), timing::CompareError>(())
/// ```
pub fn compare(before: &str, after: &str) -> Result<Comparison, CompareError> {
    let (mut before, after) = (functions(before, "first")?, functions(after, "second")?);
    let mut changes: Vec<Change> = after
        .into_iter()
        .map(|(key, after)| Change { name: key.0.clone(), before: before.remove(&key), after: Some(after) })
        .collect();
    changes.extend(before.into_iter().map(|(key, before)| Change { name: key.0, before: Some(before), after: None }));
    let ratio = |change: &Change| change.ratio().unwrap_or(0.0);
    changes.sort_by(|a, b| ratio(b).total_cmp(&ratio(a)).then_with(|| a.name.cmp(&b.name)));
    Ok(Comparison { changes })
}

/// What has changed between two reports; see [`compare`].
#[derive(Debug, Clone)]
pub struct Comparison {
    changes: Vec<Change>,
}

/// One function in both reports.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// Its name in the reports.
    pub name: String,
    /// Its figures in the first report; `None` if it is not there.
    pub before: Option<Figures>,
    /// Its figures in the second report; `None` if it is not there.
    pub after: Option<Figures>,
}

/// A function in one report: latencies are those of successful calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Figures {
    /// Successful calls.
    pub calls: u64,
    /// The mean latency.
    pub mean: Duration,
    /// The median latency, known to 1.6 %.
    pub p50: Duration,
    /// The 99th percentile, known to 1.6 %.
    pub p99: Duration,
}

/// The text is not the JSON of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompareError {
    which: &'static str,
    why: String,
}

impl fmt::Display for CompareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "festoon: the {} text is not a report as `Report::to_json` returns it: {}", self.which, self.why)
    }
}

impl std::error::Error for CompareError {}

impl Comparison {
    /// Returns all functions, the one with the largest ratio first.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Returns the functions whose median latency has grown by more than this share: `0.1` is 10 %. Functions with fewer
    /// successful calls than `min_calls` in one of the reports are left out, since their median may be chance.
    #[must_use]
    pub fn slower(&self, tolerance: f64, min_calls: u64) -> Vec<&Change> {
        let is_slower = |change: &&Change| change.ratio().is_some_and(|ratio| ratio > 1.0 + tolerance);
        self.known(min_calls).filter(is_slower).collect()
    }

    /// The functions with enough calls in both.
    fn known(&self, min_calls: u64) -> impl Iterator<Item = &Change> {
        let is_known = move |figures: Option<Figures>| figures.is_some_and(|figures| figures.calls >= min_calls.max(1));
        self.changes.iter().filter(move |change| is_known(change.before) && is_known(change.after))
    }
}

impl Change {
    /// Returns the median latency after divided by that before; `None` if one of the reports has no successful call.
    #[must_use]
    pub fn ratio(&self) -> Option<f64> {
        self.ratio_of(|figures| figures.p50)
    }

    fn ratio_of(&self, of: impl Fn(&Figures) -> Duration) -> Option<f64> {
        let (before, after) = (self.before.filter(Figures::has_calls)?, self.after.filter(Figures::has_calls)?);
        // A call may take less than a nanosecond, which is shown as none.
        let nanos = |figures| of(&figures).max(Duration::from_nanos(1)).as_secs_f64();
        Some(nanos(after) / nanos(before))
    }
}

impl Figures {
    fn has_calls(&self) -> bool {
        self.calls > 0
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&table(self.changes.iter()))
    }
}

fn table<'c>(changes: impl Iterator<Item = &'c Change>) -> String {
    let titles = ["function", "calls before", "after", "p50 before", "after", "ratio", "mean", "p99"];
    let cells = |change: &Change| {
        let calls = |figures: Option<Figures>| figures.map_or("-".to_owned(), |figures| figures.calls.to_string());
        let p50 = |figures: Option<Figures>| figures.map_or("-".to_owned(), |figures| short(figures.p50));
        let ratio = |ratio: Option<f64>| ratio.map_or("-".to_owned(), |ratio| format!("{ratio:.2}"));
        vec![
            change.name.clone(),
            calls(change.before),
            calls(change.after),
            p50(change.before),
            p50(change.after),
            ratio(change.ratio()),
            ratio(change.ratio_of(|figures| figures.mean)),
            ratio(change.ratio_of(|figures| figures.p99)),
        ]
    };
    let head = titles.map(str::to_owned).to_vec();
    let lines: Vec<_> = std::iter::once(head).chain(changes.map(cells)).collect();
    aligned(&lines, |at| if at == 0 { Side::Left } else { Side::Right })
}

/// The functions of a report by name, and by how many others with that name come before.
fn functions(text: &str, which: &'static str) -> Result<BTreeMap<(String, usize), Figures>, CompareError> {
    let error = |why: String| CompareError { which, why };
    let report: Value = serde_json::from_str(text).map_err(|why| error(why.to_string()))?;
    let rows = report["functions"].as_array().ok_or_else(|| error("it has no `functions`".to_owned()))?;
    let place = |row: &Value| (row["file"].to_string(), row["line"].as_u64(), row["column"].as_u64());
    let mut rows: Vec<&Value> = rows.iter().collect();
    rows.sort_by_key(|row| place(row));
    let (mut all, mut namesakes) = (BTreeMap::new(), BTreeMap::new());
    for row in rows {
        let (name, figures) = figures(row).ok_or_else(|| error(format!("a function lacks a field: {row}")))?;
        let number: &mut usize = namesakes.entry(name.clone()).or_default();
        all.insert((name, *number), figures);
        *number += 1;
    }
    Ok(all)
}

fn figures(row: &Value) -> Option<(String, Figures)> {
    let time = |key: &str| row[key].as_u64().map(Duration::from_nanos);
    let calls = row["outcomes"]["success"]["count"].as_u64()?;
    let figures = Figures { calls, mean: time("mean_ns")?, p50: time("p50_ns")?, p99: time("p99_ns")? };
    Some((row["name"].as_str()?.to_owned(), figures))
}

/// For `assert_no_slower!`.
///
/// # Panics
/// As the macro.
#[track_caller]
pub fn assert_no_slower(before: &str, after: &str, tolerance: f64, min_calls: u64) {
    assert!(tolerance.is_finite() && tolerance >= 0.0, "festoon: a tolerance of {tolerance} is not a share, as 0.1 is");
    let comparison = compare(before, after).unwrap_or_else(|error| panic!("{error}"));
    assert!(
        comparison.known(min_calls).next().is_some(),
        "festoon: no function has {min_calls} successful calls in both reports:\n{comparison}"
    );
    let slower = comparison.slower(tolerance, min_calls);
    assert!(
        slower.is_empty(),
        "functions that are slower than before by more than {} %:\n{}",
        tolerance * 100.0,
        table(slower.iter().copied())
    );
}

/// Fails if a function is slower in the second of two reports.
///
/// ```
/// use festoon::{timed, timing};
///
/// #[timed]
/// fn work() {}
///
/// (0..1000).for_each(|_| work());
/// let before = timing::report().to_json(); // in a test: include_str!("before.json")
/// let after = timing::report().to_json();
/// timing::assert_no_slower!(&before, &after);
/// timing::assert_no_slower!(&before, &after, tolerance = 0.25);
/// timing::assert_no_slower!(&before, &after, tolerance = 0.25, min_calls = 1000);
/// ```
///
/// A function is slower if its median latency has grown by more than `tolerance` (0.1, which is 10 %, by default), and
/// if it has at least `min_calls` successful calls (100 by default) in both reports. The median ignores the few calls
/// that an interrupt or another process made long; it does not see that only the slowest calls became slower, which the
/// column `p99` of [`compare`](crate::timing::compare) shows. Medians are known to 1.6 %, and two runs of one program on
/// a quiet machine differ by a few percent, on a shared one by more: a smaller tolerance fails by chance. Reports of
/// different machines or build profiles cannot be compared. Functions that are in only one report are ignored.
///
/// # Panics
/// With a table of the functions that are slower; if one of the texts is not a report; if there is nothing to compare.
#[doc(hidden)]
#[macro_export]
macro_rules! __assert_no_slower {
    ($before:expr, $after:expr $(,)?) => {
        $crate::__assert_no_slower!($before, $after, tolerance = 0.1, min_calls = 100)
    };
    ($before:expr, $after:expr, tolerance = $tolerance:expr $(,)?) => {
        $crate::__assert_no_slower!($before, $after, tolerance = $tolerance, min_calls = 100)
    };
    ($before:expr, $after:expr, min_calls = $min:expr $(,)?) => {
        $crate::__assert_no_slower!($before, $after, tolerance = 0.1, min_calls = $min)
    };
    ($before:expr, $after:expr, tolerance = $tolerance:expr, min_calls = $min:expr $(,)?) => {
        $crate::__private::timed::assert_no_slower($before, $after, $tolerance, $min)
    };
}
