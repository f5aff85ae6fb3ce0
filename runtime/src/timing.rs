//! What `#[timed]` has measured.

pub use crate::timed::{Bucket, Outcomes, Polls, Report, ReportOnExit, Row, Timing, report_on_exit, set_enabled};

/// A snapshot of every measured function.
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
    crate::timed::collect()
}
