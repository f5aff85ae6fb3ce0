//! Which application values belong to: applications that use the same server do not share values unless they ask to.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use xxhash_rust::xxh3::xxh3_64;

use crate::sync::lock;

/// The environment variable with the prefix of all names.
const VARIABLE: &str = "FESTOON_CACHE_PREFIX";

/// The default prefix.
const PREFIX: &str = "festoon";

static SET: Mutex<Option<String>> = Mutex::new(None);

/// Sets the prefix of the names of all entries outside of the process, from now on; it is `festoon` by default.
/// Functions that have already been called keep the old one, so call this at the start of `main`.
///
/// The option `prefix = ".."` of a function takes precedence; the environment variable `FESTOON_CACHE_PREFIX` is read
/// if this function has not been called. Programs with the same prefix share values.
///
/// ```
/// festoon::cache::set_prefix("shop-staging");
/// ```
pub fn set_prefix(prefix: impl Into<String>) {
    *lock(&SET) = Some(prefix.into());
}

/// The package that contains a function.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Package {
    pub(super) name: Option<&'static str>,
    pub(super) major: Option<&'static str>,
    /// Where it was compiled.
    pub(super) folder: Option<&'static str>,
}

/// The owner of a function's values.
#[derive(Debug, Clone)]
pub(super) struct Application {
    /// `festoon:shop@1`
    pub(super) prefix: String,
    /// Stored in every entry: who has written it.
    pub(super) mark: u64,
    /// A prefix has been set.
    is_said: bool,
}

impl Application {
    pub(super) fn new(own: Option<&str>, package: Package) -> Self {
        let said = own.map(str::to_owned).or_else(|| lock(&SET).clone()).or_else(|| std::env::var(VARIABLE).ok());
        let said = said.filter(|prefix| !prefix.is_empty());
        let mark = package.folder.map_or(0, |folder| xxh3_64(folder.as_bytes()));
        Application { prefix: prefix(said.as_deref().unwrap_or(PREFIX), package), mark, is_said: said.is_some() }
    }

    /// Records that an entry of this function was written with that mark. Warns once about an entry that another
    /// application may have written.
    pub(super) fn see(&self, mark: u64, function: &str) {
        static TOLD: AtomicBool = AtomicBool::new(false);
        if mark != self.mark && !self.is_said && !TOLD.swap(true, Relaxed) {
            tracing::warn!(
                target: "festoon",
                function,
                "values in the store of a cache come from a package of the same name that was built in another folder: if \
                 that is another application, give each a prefix of its own with FESTOON_CACHE_PREFIX; if not, give them \
                 the same one"
            );
        }
    }
}

/// *Output:* `festoon:shop@1`
fn prefix(prefix: &str, package: Package) -> String {
    match package {
        Package { name: Some(name), major: Some(major), .. } => format!("{prefix}:{name}@{major}"),
        Package { name: Some(name), .. } => format!("{prefix}:{name}"),
        _ => prefix.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_begin_with_the_package() {
        let shop = Package { name: Some("shop"), major: Some("1"), folder: Some("/src/shop") };
        assert_eq!(Application::new(Some("staging"), shop).prefix, "staging:shop@1");
        assert_eq!(Application::new(Some(""), Package::default()).prefix, "festoon");
        assert_eq!(prefix(PREFIX, shop), "festoon:shop@1");
        let other = Package { folder: Some("/src/other"), ..shop };
        assert_ne!(Application::new(None, shop).mark, Application::new(None, other).mark);
    }
}
