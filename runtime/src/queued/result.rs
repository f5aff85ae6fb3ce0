//! What can be sent through a queue and back.

use std::fmt::Display;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::QueueError;
use crate::calls::{self, Codec};

/// What can be sent through a queue.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent through a queue",
    label = "does not implement both `serde::Serialize` and `serde::Deserialize`",
    note = "derive them: `#[derive(serde::Serialize, serde::Deserialize)]`; for types of other crates enable the feature \
            `serde` of theirs"
)]
pub trait Queueable: Serialize + DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned> Queueable for T {}

/// How to encode and decode an argument.
#[must_use]
pub const fn argument<T: Queueable>() -> Codec<T> {
    calls::codec()
}

/// An idempotency key: everything that can be shown as text.
#[diagnostic::on_unimplemented(
    message = "`key` has to be text, found `{Self}`",
    label = "cannot be shown as text: it does not implement `std::fmt::Display`",
    note = "write a text of the parts, as in `key = format!(\"{{a}}/{{b}}\")`"
)]
pub trait JobKey: Display {}

#[diagnostic::do_not_recommend]
impl<T: Display> JobKey for T {}

/// The key of a call.
pub const fn key<K: JobKey>(key: &K) -> &(dyn Display + '_) {
    key
}

/// The return type of an `#[offload(queue)]` function.
#[diagnostic::on_unimplemented(
    message = "`#[offload(queue)]` cannot return a `{Self}`",
    label = "not a `Result` that can be sent through a queue",
    note = "a queue may be out of reach: return a `Result<T, festoon::QueueError>`, or one with an error of your own that \
            implements `From<festoon::QueueError>`",
    note = "the value and the error implement `serde::Serialize` and `serde::Deserialize`"
)]
pub trait FromQueue: Serialize + DeserializeOwned {
    #[doc(hidden)]
    fn failed(error: QueueError) -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: Queueable, E: Queueable + From<QueueError>> FromQueue for Result<T, E> {
    fn failed(error: QueueError) -> Self {
        Err(error.into())
    }
}

/// How to encode, decode and make the result of a function.
pub type Outcome<R> = calls::Outcome<R, QueueError>;

/// That of a function with this return type.
#[must_use]
pub const fn outcome<R: FromQueue>() -> Outcome<R> {
    calls::outcome(R::failed)
}
