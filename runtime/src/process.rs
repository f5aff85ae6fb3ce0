//! Worker processes for [`#[offload(process)]`](macro@crate::offload): this program, started again.
//!
//! ```no_run
//! use festoon::{WorkerError, offload};
//!
//! /// A decoder that may crash, loop or use up all memory: what happens in a worker stays there.
//! #[offload(process, timeout = 2s, memory = 512mb)]
//! fn decode(image: Vec<u8>) -> Result<Vec<u8>, WorkerError> {
//!     Ok(image)
//! }
//!
//! #[festoon::main]
//! #[tokio::main]
//! async fn main() {
//!     match decode(vec![1, 2, 3]).await {
//!         Ok(pixels) => println!("{} bytes", pixels.len()),
//!         Err(WorkerError::Crashed { signal, .. }) => println!("crashed: {signal:?}"),
//!         Err(error) => println!("{error}"),
//!     }
//! }
//! ```

pub use crate::workers::{PoolStats, init, is_worker, pools, test_worker};
