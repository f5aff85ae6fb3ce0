//! What `#[timed]` has measured.

#[cfg(feature = "metrics")]
pub use crate::timed::feed_metrics;
pub use crate::timed::{Bucket, Outcomes, Polls, Report, ReportOnExit, Row, Timing, report_on_exit, set_enabled};
pub use crate::timed::{InFlight, in_flight, track_in_flight};
pub use crate::timed::{TraceGuard, record_trace};

/// A snapshot of every measured function; in the scope of a [`testing::recorder`](crate::testing::recorder), of those
/// that were called there.
///
/// ```
/// use festoon::timed;
///
/// #[timed]
/// fn work() {}
///
/// work();
/// println!("{}", festoon::timing::report());
/// ```
#[must_use]
pub fn report() -> Report {
    crate::timed::collect_here()
}
