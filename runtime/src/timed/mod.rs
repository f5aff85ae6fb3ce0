//! `#[timed]`: what its expansions call.

pub(crate) mod assert_under;
mod control;
mod future;
mod handle;
mod histogram;
mod on_exit;
mod recorder;
mod report;
mod settings;
mod shard;
mod slow;
mod stats;

pub use control::set_enabled;
pub use future::{poll, poll_with};
pub use handle::Timing;
pub use on_exit::{ReportOnExit, report_on_exit};
pub use recorder::{Site, ended, ended_with, start, start_with};
pub(crate) use report::collect;
pub use report::{Bucket, Polls, Report, Row};
pub use settings::Settings;
pub use slow::{List, NoArguments, Shown, SlowCall};
pub use stats::Outcomes;
