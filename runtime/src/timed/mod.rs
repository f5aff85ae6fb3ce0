//! `#[timed]`: the functions that its expansions call.
//!
//! In: the start, the end and the polls of a call, from an expansion. Out: counts in the shard of its thread, events of slow
//! calls, and what observers see. Open `call.rs` first, a sync call; `poll.rs` is its async counterpart, `site.rs` and
//! `shard.rs` hold the counts, `stats.rs` and `report/` read them.

mod allocations;
mod allocator;
pub(crate) mod assert_under;
mod block;
mod call;
mod control;
mod future;
mod handle;
mod histogram;
mod in_flight;
#[cfg(feature = "metrics")]
mod metrics;
#[cfg(feature = "metrics")]
mod metrics_handles;
mod observer;
mod observers;
#[cfg(feature = "report")]
mod on_exit;
mod outcomes;
mod poll;
#[cfg(feature = "report")]
mod report;
mod sampled;
pub(crate) mod scoped;
#[cfg(feature = "serve")]
mod serve;
mod settings;
mod shard;
mod short;
mod site;
mod slow;
mod spanned;
mod stats;
mod thread;
mod trace;
#[cfg(feature = "report")]
pub(crate) mod tree;
pub(crate) mod watched;

pub use allocations::Allocations;
pub use allocator::Allocator;
pub use block::Scope;
pub use call::Call;
pub use future::{poll, poll_with};
pub use handle::Timing;
pub use in_flight::{InFlight, in_flight, track_in_flight};
#[cfg(feature = "metrics")]
pub use metrics::feed_metrics;
#[cfg(feature = "report")]
pub use on_exit::{ReportOnExit, report_on_exit};
pub use outcomes::Outcomes;
#[cfg(feature = "report")]
pub use report::{Bucket, Polls, Report, Row, Tree, TreeNode};
#[cfg(feature = "serde")]
pub use report::{Change, CompareError, Comparison, Figures, assert_no_slower, compare};
#[cfg(feature = "report")]
pub(crate) use report::{collect_here, collect_within};
#[cfg(feature = "serve")]
pub use serve::{Server, serve, serve_to_network};
pub use settings::Settings;
pub use site::{TimedSite, set_enabled};
pub use slow::{List, NoArguments, Shown, SlowCall};
pub use spanned::{End, NoResult, NotPlain, Plain, Returned, follow, record_outcome, spanned, spanned_to_end, tell};
pub use trace::{TraceGuard, record_trace};
#[cfg(feature = "report")]
pub use tree::record_tree;
