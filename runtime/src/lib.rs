//! Decorators, context managers and type registration, as Python people know them, at the cost of hand-written code.
#![doc = ""]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate self as festoon;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
pub mod cache;
mod cached;
mod clock;
mod decorate;
mod decorated;
mod guard;
mod offload;
mod outcome;
mod registry;
mod retry;
mod shards;
mod site;
pub mod testing;
mod timed;
pub mod timing;

pub use decorate::{AsyncDecorator, Call, Decorator};
pub use decorated::Decorated;
pub use festoon_macros::{Guard, Register, cached, decorate, offload, registry, retry, skip, stack, timed};
pub use offload::Pool;
pub use outcome::{Outcome, OutcomeKind};
pub use registry::{CreateError, Entry, Field, Problem, Problems, Registered, Registry};
pub use retry::{Attempt, Delays, Jitter, Retries, TimedOut, Wait, attempt};
pub use site::{Site, sites};
pub use timed::Timing;
