//! `#[timed]`: what its expansions call.

mod control;
mod future;
mod handle;
mod histogram;
mod on_exit;
mod recorder;
mod report;
mod shard;
mod stats;

pub use control::set_enabled;
pub use future::poll;
pub use handle::Timing;
pub use on_exit::{ReportOnExit, report_on_exit};
pub use recorder::{Settings, Site, call, start};
pub(crate) use report::collect;
pub use report::{Bucket, Polls, Report, Row};
pub use stats::Outcomes;
