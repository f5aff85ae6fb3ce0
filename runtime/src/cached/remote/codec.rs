//! Keys and values as bytes: `MessagePack` with field names, so that a changed type is noticed.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::{StoreError, StoreErrorKind};
use super::limits;
use crate::options;

/// A type that can be stored outside of the process.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored outside of the process",
    label = "needs `serde::Serialize + serde::de::DeserializeOwned`",
    note = "derive `serde::Serialize` and `serde::Deserialize` for it, or leave `store` out"
)]
pub trait Stored: Serialize + DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned> Stored for T {}

/// How to encode a key and a value, and how to decode them.
pub(super) struct Codec<K, V> {
    pub(super) key: fn(&K) -> Result<Vec<u8>, StoreError>,
    pub(super) value: fn(&V) -> Result<Vec<u8>, StoreError>,
    pub(super) read: fn(&[u8]) -> Option<V>,
    pub(super) read_key: fn(&[u8]) -> Option<K>,
}

impl<K: Stored, V: Stored> Codec<K, V> {
    pub(super) const NEW: Self = Codec { key: write::<K>, value: write::<V>, read: read::<V>, read_key: read::<K> };
}

/// Does not write what could not be read again.
fn write<T: Serialize>(what: &T) -> Result<Vec<u8>, StoreError> {
    let refused = |why: String| StoreError::new(StoreErrorKind::Encoding, why);
    options::check(what).map_err(|error| refused(error.to_string()))?;
    let bytes = rmp_serde::to_vec_named(what).map_err(|error| refused(error.to_string()))?;
    limits::check(&bytes).map_err(|why| refused(why.to_owned()))?;
    Ok(bytes)
}

/// `None` for bytes that [`write`] did not write for this type.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    limits::check(bytes).ok()?;
    let mut rest = bytes;
    let value = rmp_serde::from_read(&mut rest).ok()?;
    rest.is_empty().then_some(value)
}
