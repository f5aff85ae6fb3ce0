//! How a call through a queue fails.

use std::fmt::{Display, Formatter};

use serde::{Deserialize, Serialize};

use crate::cached::StoreError;

/// A call of an `#[offload(queue)]` function has no result.
///
/// It is converted into the function's error type: write `impl From<QueueError> for ShopError`, or return a
/// `Result<T, QueueError>`.
///
/// With `#[retry]` above, only [`Unavailable`](QueueError::Unavailable) is tried again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum QueueError {
    /// The server could not be reached, or rejected a command. The text says why.
    Unavailable(String),
    /// The arguments or the result could not be encoded, or not be decoded on the other side. The text says why.
    Encoding(String),
    /// The job was delivered `max_deliveries` times, and no worker came to its end. It is a dead letter now. The text
    /// says what happened.
    Undeliverable(String),
    /// The deadline of the caller passed before a worker got the job, which did not run.
    Expired,
    /// The server no longer knows the job: its result was kept for `result_ttl`, or the server lost its memory.
    Forgotten,
    /// Two functions of the program are registered under this name: give one of them a `name = ".."`.
    Ambiguous(String),
}

impl Display for QueueError {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            QueueError::Unavailable(why) => write!(f, "the queue is not available: {why}"),
            QueueError::Encoding(why) => write!(f, "cannot be sent through a queue: {why}"),
            QueueError::Undeliverable(why) => write!(f, "the job was given up, and is a dead letter: {why}"),
            QueueError::Expired => f.write_str("the deadline passed before a worker got the job"),
            QueueError::Forgotten => f.write_str("the queue's server no longer knows the job"),
            QueueError::Ambiguous(name) => {
                write!(f, "two functions are registered as `{name}`: give one of them a `name = \"..\"`")
            }
        }
    }
}

impl std::error::Error for QueueError {}

impl From<StoreError> for QueueError {
    fn from(error: StoreError) -> Self {
        QueueError::Unavailable(error.to_string())
    }
}

impl From<QueueError> for std::io::Error {
    fn from(error: QueueError) -> Self {
        let kind = match error {
            QueueError::Expired => std::io::ErrorKind::TimedOut,
            QueueError::Encoding(_) => std::io::ErrorKind::InvalidData,
            _ => std::io::ErrorKind::Other,
        };
        std::io::Error::new(kind, error)
    }
}

#[cfg(feature = "retry")]
impl crate::Retryable for QueueError {
    fn advice(&self) -> crate::Advice {
        match self {
            QueueError::Unavailable(_) => crate::Advice::Transient,
            _ => crate::Advice::Never,
        }
    }
}
