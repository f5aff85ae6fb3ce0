//! The report as JSON.

use std::time::Duration;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::{Report, Row};
#[cfg(feature = "serve")]
use crate::timed::in_flight::InFlight;
use crate::timed::outcomes::OUTCOMES;

impl Report {
    /// Returns the report as JSON, with times in nanoseconds:
    ///
    /// ```json
    /// {"functions": [{
    ///   "name": "shop::price",
    ///   "file": "src/shop.rs", "line": 12, "column": 1, "crate_version": "0.1.0",
    ///   "calls": 4,
    ///   "outcomes": {"success": {"count": 3, "time_ns": 6000000}, "error": {"count": 1, "time_ns": 1000000},
    ///                "panic": {"count": 0, "time_ns": 0}, "cancelled": {"count": 0, "time_ns": 0}},
    ///   "total_ns": 7000000, "self_ns": 5000000,
    ///   "mean_ns": 2000000, "p50_ns": 2000000, "p90_ns": 3000000, "p99_ns": 3000000, "max_ns": 3000000,
    ///   "histogram": [{"from_ns": 1000000, "to_ns": 2000000, "count": 1}],
    ///   "polls": {"count": 8, "busy_ns": 4000000, "longest_ns": 1000000},
    ///   "sample": null,
    ///   "allocations": {"count": 9, "bytes": 4096, "self_count": 4, "self_bytes": 1024},
    ///   "cache": {"hits": 3, "misses": 1},
    ///   "retry": {"attempts": 2, "waited_ns": 1000000}
    /// }],
    /// "tree": [{"name": "shop::price", "depth": 0, "calls": 4, "total_ns": 7000000, "self_ns": 5000000,
    ///           "elapsed_ns": 7000000}],
    /// "channels": [{"name": "jobs", "sent": 10, "received": 8, "depth": 1, "max_depth": 4, "send_wait_ns": 3000000,
    ///               "receive_wait_ns": 7000000, "latency_ns": 16000000, "max_latency_ns": 5000000}],
    /// "streams": [{"name": "lines", "started": 2, "ended": 1, "items": 4, "between_ns": 8000000,
    ///              "max_between_ns": 6000000, "polls": 9, "busy_ns": 1000000}],
    /// "futures": [{"name": "reply", "started": 4, "completed": 2, "cancelled": 1, "polls": 11, "busy_ns": 1000000,
    ///              "longest_poll_ns": 600000, "total_ns": 30000000}]}
    /// ```
    ///
    /// `polls` is `null` for a sync function, `sample` if every call was measured (`16` stands for 1/16),
    /// `allocations` if there is no [`timing::Allocator`](crate::timing::Allocator), and `cache` and `retry` if the function has no such decorator. `tree` has the paths of [`Report::tree`], each function before
    /// those that it called. Fields may be added, but none is renamed without a new major
    /// version.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(feature = "serve")]
impl Report {
    /// The same with the calls that are running.
    pub(in crate::timed) fn to_live_json(&self, in_flight: &[InFlight]) -> String {
        serde_json::to_string(&Live { report: self, in_flight }).unwrap_or_default()
    }
}

#[cfg(feature = "serve")]
#[derive(serde::Serialize)]
struct Live<'r> {
    #[serde(flatten)]
    report: &'r Report,
    in_flight: &'r [InFlight],
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut report = serializer.serialize_struct("Report", 5)?;
        report.serialize_field("functions", &self.rows)?;
        report.serialize_field("tree", self.tree.nodes())?;
        report.serialize_field("channels", self.channels())?;
        report.serialize_field("streams", self.streams())?;
        report.serialize_field("futures", self.futures())?;
        report.end()
    }
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_struct("Row", 20)?;
        row.serialize_field("name", &self.name)?;
        row.serialize_field("file", self.file)?;
        row.serialize_field("line", &self.line)?;
        row.serialize_field("column", &self.column)?;
        row.serialize_field("crate_version", &self.crate_version)?;
        row.serialize_field("calls", &self.outcomes.total())?;
        row.serialize_field("outcomes", &OutcomeMap(self))?;
        let times = [
            ("total_ns", self.total),
            ("self_ns", self.self_time),
            ("mean_ns", self.mean),
            ("p50_ns", self.p50),
            ("p90_ns", self.p90),
            ("p99_ns", self.p99),
            ("max_ns", self.max),
        ];
        for (name, time) in times {
            row.serialize_field(name, &whole_nanos(time))?;
        }
        row.serialize_field("histogram", &self.histogram)?;
        row.serialize_field("polls", &self.polls)?;
        row.serialize_field("sample", &self.sample)?;
        row.serialize_field("allocations", &self.allocations)?;
        row.serialize_field("cache", &self.cache)?;
        row.serialize_field("retry", &self.retry)?;
        row.end()
    }
}

/// `{"success": {"count": .., "time_ns": ..}, ..}`
struct OutcomeMap<'r>(&'r Row);

impl Serialize for OutcomeMap<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let entry = |(kind, time): (crate::OutcomeKind, Duration)| {
            (kind.name(), Ended { count: self.0.outcomes.count(kind), time_ns: whole_nanos(time) })
        };
        serializer.collect_map(OUTCOMES.into_iter().zip(self.0.time_by_outcome).map(entry))
    }
}

#[derive(serde::Serialize)]
struct Ended {
    count: u64,
    time_ns: u64,
}

fn whole_nanos(length: Duration) -> u64 {
    u64::try_from(length.as_nanos()).unwrap_or(u64::MAX)
}

/// For `#[serde(serialize_with)]`.
pub(in crate::timed) fn nanos<S: Serializer>(length: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(whole_nanos(*length))
}

#[cfg(test)]
mod tests {
    use super::super::tests::report;

    #[test]
    fn the_documented_fields_are_there() {
        let json: serde_json::Value = serde_json::from_str(&report().to_json()).unwrap();
        let row = &json["functions"][0];
        assert_eq!((row["name"].as_str(), row["calls"].as_u64()), (Some("app::load"), Some(4)));
        assert_eq!(row["outcomes"]["error"]["time_ns"], 1_000_000);
        assert_eq!(row["histogram"][1]["to_ns"], 2_100_000);
        assert_eq!((&row["p99_ns"], &row["polls"]["busy_ns"]), (&3_000_000.into(), &4_000_000.into()));
        assert!(json["functions"][1]["polls"].is_null());
    }
}
