//! `#[retry]`: what its expansions call, and `Wait`.
//!
//! In: a call's closure and its policy, from an expansion or from a [`Retry`] value. Out: the value of the last attempt, and
//! counts at the function's site. Open `run.rs` first, the loop, and `running.rs`, what a loop in an expansion calls; `failed.rs`
//! has what begins with the first failure, `wait.rs` the lengths of waits, `quick.rs` the loop of calls that do not wait.

mod arguments;
mod attempt;
mod budget;
#[cfg(feature = "resilience")]
mod chain;
mod error;
mod failed;
mod fault;
mod future;
mod hooks;
mod jitter;
mod kind;
mod light;
mod limits;
mod owner;
mod quick;
#[cfg(feature = "timed")]
pub(crate) mod recorded;
mod run;
mod running;
mod site;
pub(crate) mod stage;
mod state;
mod value;
mod verdict;
mod wait;
mod words;

pub use arguments::take_or_clone;
pub(crate) use attempt::Frame;
#[cfg(feature = "timed")]
pub(crate) use attempt::empty_fast;
pub use attempt::{Attempt, attempt};
pub use budget::{Budget, NamedBudget};
pub use error::{Failure, Reason, RetryError, cut_off_told};
pub use fault::{Impossible, InjectedFault};
pub use hooks::{Instead, Returned, failure, with_one, with_two};
pub use jitter::{Jitter, NoSeries, Own, Series, jittered};
pub use kind::{Kind, Of};
pub use limits::{Given, Known, budgeted};
pub use run::{run, run_when};
pub use running::{start, start_async};
pub(crate) use site::all;
pub use site::{Policy, Retries, RetrySite};
pub use value::{Always, AsTheErrorSays, Decide, Retry, When};
pub use verdict::{AnyValue, Classless, judge_as_told, judge_when};
pub use wait::{Delays, Wait};
pub use words::{Debugged, Listens, NoText};
