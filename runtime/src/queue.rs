//! Jobs for other processes and machines, through a queue in Redis: [`#[offload(queue)]`](macro@crate::offload).
//!
//! ```no_run
//! use festoon::queue::QueueError;
//! use festoon::{Enqueue, offload};
//!
//! #[offload(queue = "mail", max_deliveries = 3)]
//! async fn send(to: String, text: String) -> Result<usize, QueueError> {
//!     // ..
//!     Ok(to.len() + text.len())
//! }
//!
//! # async fn f() -> Result<(), QueueError> {
//! // In one program:
//! let sent = send("ada@example.com".to_owned(), "hello".to_owned()).await?;
//! let job = send.enqueue(("bob@example.com".to_owned(), "hello".to_owned())).await?;
//! println!("{}", job.id());
//!
//! // In others:
//! let served = festoon::worker().concurrency(4).queue("mail").run().await?;
//! println!("{} jobs", served.jobs);
//! # Ok(())
//! # }
//! ```
//!
//! A job is delivered at least once: if the process that runs it ends, or is not heard of for the `lease` of its
//! [`Redis`], another one gets it, up to `max_deliveries` times. Then it becomes a [dead letter](Queue::dead_letters), as
//! a job that panics does.

pub use crate::cached::Redis;
pub use crate::queued::{DeadLetter, Enqueue, Job, Queue, QueueError, QueueStats, Served, Worker, worker};
