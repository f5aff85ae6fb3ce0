//! `#[offload(queue)]`: calls that run in other processes, on any machine.
//!
//! In: the encoded arguments of a call. Out: its result, which a worker has computed. Open `call.rs` first; `worker` is
//! the other side, and `cached::jobs` the commands of both to the server.

mod call;
mod entry;
mod error;
mod handle;
mod result;
mod serve;
mod worker;

pub use call::{Enqueue, Job, answer, call, is_asked, request, unwanted};
pub use entry::{Entry, Listed, Spec};
pub use error::QueueError;
pub use handle::{DeadLetter, Queue, QueueStats};
pub use result::{Outcome, argument, key, outcome};
pub use serve::{serve, serve_async};
pub use worker::{Served, Worker, worker};
