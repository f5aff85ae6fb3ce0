//! Keys and values as bytes: `MessagePack` with the names of fields, so that a type that has changed is noticed.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::{StoreError, StoreErrorKind};
use super::limits;

/// What can be kept outside of the process.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be kept outside of the process",
    label = "needs `serde::Serialize + serde::de::DeserializeOwned`",
    note = "derive `serde::Serialize` and `serde::Deserialize` for it, or leave `store` out"
)]
pub trait Stored: Serialize + DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned> Stored for T {}

/// How to write down a key and a value, and how to read them.
pub(super) struct Codec<K, V> {
    pub(super) key: fn(&K) -> Result<Vec<u8>, StoreError>,
    pub(super) value: fn(&V) -> Result<Vec<u8>, StoreError>,
    pub(super) read: fn(&[u8]) -> Option<V>,
    pub(super) read_key: fn(&[u8]) -> Option<K>,
}

impl<K: Stored, V: Stored> Codec<K, V> {
    pub(super) const NEW: Self = Codec { key: write::<K>, value: write::<V>, read: read::<V>, read_key: read::<K> };
}

/// What could not be read again is not written.
fn write<T: Serialize>(what: &T) -> Result<Vec<u8>, StoreError> {
    let refused = |why: String| StoreError::new(StoreErrorKind::Encoding, why);
    let bytes = rmp_serde::to_vec_named(what).map_err(|error| refused(error.to_string()))?;
    limits::check(&bytes).map_err(|why| refused(why.to_owned()))?;
    Ok(bytes)
}

/// `None` for what was not written by [`write`] for this type.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    limits::check(bytes).ok()?;
    let mut rest = bytes;
    let value = rmp_serde::from_read(&mut rest).ok()?;
    rest.is_empty().then_some(value)
}
