//! All caches of the program, and the handle that a function's [`cache()`](crate::Decorated::cache) returns.

#[cfg(feature = "disk")]
#[cfg_attr(docsrs, doc(cfg(feature = "disk")))]
pub use crate::cached::Disk;
#[cfg(feature = "redis")]
#[cfg_attr(docsrs, doc(cfg(feature = "redis")))]
pub use crate::cached::Redis;
pub use crate::cached::{Cache, Info, NamedCache, Removal, SyncCache};
#[cfg(any(feature = "redis", feature = "disk"))]
#[cfg_attr(docsrs, doc(cfg(any(feature = "redis", feature = "disk"))))]
pub use crate::cached::{FromStoreError, Store, StoreError, StoreErrorKind, set_prefix};

/// Returns every cache that has been used so far, sorted by name.
///
/// ```
/// use festoon::cached;
///
/// #[cached]
/// fn square(n: u64) -> u64 {
///     n * n
/// }
///
/// square(3);
/// for cache in festoon::cache::all() {
///     println!("{}: {:?}", cache.name(), cache.info());
/// }
/// # assert!(festoon::cache::all().iter().any(|cache| cache.name().ends_with("square") && cache.info().misses == 1));
/// ```
#[must_use]
pub fn all() -> Vec<NamedCache> {
    crate::cached::all()
}

/// Clears every cache, as [`NamedCache::clear`] does.
pub fn clear_all() {
    for cache in all() {
        cache.clear();
    }
}

/// Clears the caches of all functions with this tag, and returns how many there were.
///
/// ```
/// use festoon::{Decorated, cached};
///
/// #[cached(tags("prices"))]
/// fn price(sku: &str) -> usize {
///     sku.len()
/// }
///
/// price("tea");
/// assert_eq!(festoon::cache::clear_tagged("prices"), 1);
/// assert!(!price.cache().contains(("tea",)));
/// ```
pub fn clear_tagged(tag: &str) -> usize {
    let caches = crate::cached::tagged(tag);
    caches.iter().for_each(NamedCache::clear);
    caches.len()
}
