//! `#[registry(serde)]`: a `Box<dyn Trait>` is serialized and deserialized with the name of its type. The forms are
//! those of the `typetag` crate.

mod content;
mod methods;
mod read;
mod shape;
mod write;

pub use erased_serde::Serialize as ErasedSerialize;
pub use read::deserialize;
pub use serde::de::DeserializeOwned;
pub use serde::{Deserialize, Deserializer, Serialize, Serializer};
pub use write::serialize;

use super::{Entry, Registered};

/// Reads a type of a registry.
pub type Read<T> = fn(&mut dyn erased_serde::Deserializer<'_>) -> erased_serde::Result<Box<T>>;

/// A `dyn Trait` that can be serialized and deserialized.
pub trait Wired: Registered<Key = str> {
    /// Where the name is.
    const TAGGING: Tagging;
    /// The name of the trait.
    const NAME: &'static str;
    /// The value as serde sees it.
    fn erased(&self) -> &dyn ErasedSerialize;
}

/// Where the name is.
#[derive(Debug, Clone, Copy)]
pub enum Tagging {
    /// `{"gzip": {"level": 3}}`
    External,
    /// `{"type": "gzip", "level": 3}`
    Internal(&'static str),
    /// `{"type": "gzip", "content": {"level": 3}}`
    Adjacent(&'static [&'static str; 2]),
}

/// Reads a `C`.
///
/// # Errors
/// The error of the format or of the type.
pub fn read<C: DeserializeOwned>(from: &mut dyn erased_serde::Deserializer<'_>) -> erased_serde::Result<C> {
    erased_serde::deserialize(from)
}

impl<T: ?Sized + Registered> Entry<T> {
    #[doc(hidden)]
    #[must_use]
    pub const fn with_read(self, read: Read<T>) -> Self {
        Entry { read: Some(read), ..self }
    }
}
