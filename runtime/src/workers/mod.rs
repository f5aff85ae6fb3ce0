//! `#[offload(process)]`: calls that run in worker processes.
//!
//! In: the encoded arguments of a call. Out: its result, or how its worker ended. Open `call.rs` first; `worker.rs` is
//! what runs on the other side of the socket.

mod call;
mod entry;
mod error;
mod frame;
mod pool;
mod result;
mod start;
mod stats;
mod worker;

pub use call::{call, encode};
pub use entry::{Entry, Listed, TestWorker};
pub use error::WorkerError;
pub use pool::{Pool, Settings};
pub use result::{Outcome, argument, outcome};
pub use stats::{PoolStats, pools};
pub use worker::{init, is_worker, serve_tests};

pub use crate::__test_worker as test_worker;
pub use crate::calls::{Codec, serve};
