//! Every cache of the program, and what a function's [`cache()`](crate::Decorated::cache) gives.

pub use crate::cached::{Cache, Info, NamedCache, SyncCache};

/// Every cache that has been used so far, by name.
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
