//! The store of a function.

use std::sync::Arc;

use super::application::Package;
use super::backend::Backend;
use super::error::StoreError;

/// A store outside of the process: `store = EXPR` is converted into this.
///
/// ```no_run
/// use festoon::cache::{Redis, Store};
///
/// # use std::time::Duration;
/// fn ours() -> impl Into<Store> {
///     Redis::new("redis://cache.internal").timeout(Duration::from_millis(200))
/// }
///
/// #[festoon::cached(store = ours(), ttl = 5m)]
/// fn price(sku: String) -> u64 {
///     100 * sku.len() as u64
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Store {
    backend: Result<Arc<dyn Backend>, StoreError>,
}

impl Store {
    pub(super) fn new(backend: Result<Arc<dyn Backend>, StoreError>) -> Self {
        Store { backend }
    }

    pub(super) fn backend(&self) -> Result<&dyn Backend, StoreError> {
        self.backend.as_deref().map_err(Clone::clone)
    }
}

/// A function's store, with its options.
pub struct Shared {
    pub(super) store: Store,
    pub(super) version: u64,
    pub(super) behind_memory: bool,
    pub(super) prefix: Option<String>,
    pub(super) package: Package,
}

impl Shared {
    /// Without options.
    pub fn on(store: impl Into<Store>) -> Self {
        let package = Package::default();
        Shared { store: store.into(), version: 0, behind_memory: false, prefix: None, package }
    }

    /// Entries of other versions are never seen.
    #[must_use]
    pub fn version(self, version: u64) -> Self {
        Shared { version, ..self }
    }

    /// Sets the prefix of the names of entries.
    #[must_use]
    pub fn prefix(self, prefix: impl Into<String>) -> Self {
        Shared { prefix: Some(prefix.into()), ..self }
    }

    /// Sets the package that contains the function: its name, its major version, and the folder where it was compiled.
    #[must_use]
    pub fn package(
        self,
        name: Option<&'static str>,
        major: Option<&'static str>,
        folder: Option<&'static str>,
    ) -> Self {
        Shared { package: Package { name, major, folder }, ..self }
    }

    /// Copies are kept in this process's memory.
    #[must_use]
    pub fn behind_memory(self) -> Self {
        Shared { behind_memory: true, ..self }
    }
}
