//! `#[retry]`: what its expansions call, and `Wait`.

mod arguments;
mod attempt;
mod failed;
mod future;
mod jitter;
mod limits;
mod run;
mod site;
mod verdict;
mod wait;

pub use arguments::hand;
pub(crate) use attempt::Frame;
pub use attempt::{Attempt, attempt};
pub use jitter::{Jitter, NoSeries, Own, Series, jittered};
pub use limits::{Given, Known};
pub use run::{call, run, start, start_async};
pub use site::{Policy, Retries, Site, Slot};
pub use verdict::{AnyValue, Debugged, Wordless, judge, judge_when};
pub use wait::{Delays, Wait};
