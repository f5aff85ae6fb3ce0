//! What can be sent to a worker process and back.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::WorkerError;
use crate::calls::{self, Codec};

/// What can be sent from one process to another.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent to a worker process",
    label = "does not implement both `serde::Serialize` and `serde::Deserialize`",
    note = "derive them: `#[derive(serde::Serialize, serde::Deserialize)]`; for types of other crates enable the feature \
            `serde` of theirs"
)]
pub trait Sendable: Serialize + DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned> Sendable for T {}

/// How to encode and decode an argument.
#[must_use]
pub const fn argument<T: Sendable>() -> Codec<T> {
    calls::codec()
}

/// The return type of an `#[offload(process)]` function.
#[diagnostic::on_unimplemented(
    message = "`#[offload(process)]` cannot return a `{Self}`",
    label = "not a `Result` that can be sent from a worker process",
    note = "a worker process may crash: return a `Result<T, festoon::WorkerError>`, or one with an error of your own that \
            implements `From<festoon::WorkerError>`",
    note = "the value and the error implement `serde::Serialize` and `serde::Deserialize`"
)]
pub trait FromWorker: Serialize + DeserializeOwned {
    fn failed(error: WorkerError) -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: Sendable, E: Sendable + From<WorkerError>> FromWorker for Result<T, E> {
    fn failed(error: WorkerError) -> Self {
        Err(error.into())
    }
}

/// How to encode, decode and make the result of a function.
pub type Outcome<R> = calls::Outcome<R, WorkerError>;

/// That of a function with this return type.
#[must_use]
pub const fn outcome<R: FromWorker>() -> Outcome<R> {
    calls::outcome(R::failed)
}
