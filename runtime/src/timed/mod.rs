//! `#[timed]`: what its expansions call.

mod future;
mod handle;
mod histogram;
mod recorder;
mod report;
mod stats;

pub use future::poll;
pub use handle::Timing;
pub use recorder::{Settings, Site, call, start};
pub(crate) use report::collect;
pub use report::{Report, Row};
pub use stats::Outcomes;
