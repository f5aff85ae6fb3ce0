//! The measurements of `#[timed]`.

#[cfg(feature = "metrics")]
pub use crate::timed::feed_metrics;
pub use crate::timed::{Allocations, Allocator};
#[cfg(feature = "report")]
pub use crate::timed::{Bucket, Polls, Report, ReportOnExit, Row, Tree, TreeNode, record_tree, report_on_exit};
#[cfg(feature = "serde")]
#[cfg_attr(docsrs, doc(cfg(feature = "serde")))]
pub use crate::timed::{Change, CompareError, Comparison, Figures, compare};
pub use crate::timed::{InFlight, in_flight, track_in_flight};
pub use crate::timed::{Outcomes, Timing, set_enabled};
#[cfg(feature = "serve")]
#[cfg_attr(docsrs, doc(cfg(feature = "serve")))]
pub use crate::timed::{Server, serve, serve_to_network};
pub use crate::timed::{TraceGuard, record_trace};

#[cfg(feature = "serde")]
#[doc(inline)]
pub use crate::__assert_no_slower as assert_no_slower;
#[doc(inline)]
pub use crate::__scope as scope;
pub use crate::timed::Scope;

/// Returns a snapshot of every measured function; in the scope of a [`testing::recorder`](crate::testing::recorder), of
/// those that were called there.
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
#[cfg(feature = "report")]
#[must_use]
pub fn report() -> Report {
    crate::timed::collect_here()
}
