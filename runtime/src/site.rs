//! Which functions are decorated: each site registers itself on its first call, under its function's own type name.
//!
//! In: type names of closures inside of functions, and places. Out: names of functions, and the list of all decorated ones.
//! Open this file first.

mod declared;
mod place;

pub use declared::Declared;
#[cfg(any(feature = "redis", feature = "disk"))]
pub(crate) use declared::cached_places;
#[cfg(any(feature = "cached", feature = "timed", feature = "retry"))]
pub(crate) use declared::check_is_decorated;
#[cfg(feature = "timed")]
pub(crate) use declared::is_shared;
#[cfg(feature = "resilience")]
pub(crate) use declared::{path as path_of, paths_of as declared_paths};
pub use place::Place;

use std::any::type_name;
use std::collections::BTreeMap;
use std::sync::Mutex;

pub(crate) use crate::sync::lock;

/// A decorated function that has been called.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Site {
    /// The full path of the function, as `crate::shop::price` or `<crate::Shop as crate::Prices>::price`.
    pub name: String,
    /// Which of its decorators have been used: `"timed"`, `"cached"`, `"retry"`.
    pub decorators: Vec<&'static str>,
}

/// Every decorated function that has been called so far, by name.
#[must_use]
pub fn sites() -> Vec<Site> {
    let mut all: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    // Copied, so that no two locks are held at once.
    let kinds = lock(&KINDS).clone();
    for (decorator, names) in kinds {
        for name in names() {
            all.entry(name).or_default().push(decorator);
        }
    }
    all.into_iter().map(|(name, decorators)| Site { name, decorators }).collect()
}

/// A decorator that has a registry, and how its names are listed.
type Kind = (&'static str, fn() -> Vec<String>);

static KINDS: Mutex<Vec<Kind>> = Mutex::new(Vec::new());

/// The sites of one decorator by name, which several functions may have: in blocks of one function, made by macros, in two
/// versions of one crate.
pub struct Registry<S: 'static> {
    sites: Mutex<BTreeMap<String, Vec<&'static S>>>,
    decorator: &'static str,
    names: fn() -> Vec<String>,
}

impl<S> Registry<S> {
    pub(crate) const fn new(decorator: &'static str, names: fn() -> Vec<String>) -> Self {
        Registry { sites: Mutex::new(BTreeMap::new()), decorator, names }
    }

    pub(crate) fn insert(&self, name: String, site: &'static S) {
        let mut sites = lock(&self.sites);
        if sites.is_empty() {
            lock(&KINDS).push((self.decorator, self.names));
        }
        let of_name = sites.entry(name).or_default();
        if !of_name.iter().any(|other| std::ptr::eq(*other, site)) {
            of_name.push(site);
        }
    }

    /// All of that name.
    #[cfg_attr(
        not(any(feature = "cached", feature = "timed", feature = "retry", feature = "resilience")),
        allow(dead_code, reason = "without these parts nobody has a handle")
    )]
    pub(crate) fn get_all(&self, name: &str) -> Vec<&'static S> {
        lock(&self.sites).get(name).cloned().unwrap_or_default()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        lock(&self.sites).keys().cloned().collect()
    }

    /// The name under which this very site is known.
    pub(crate) fn name_of(&self, site: &S) -> String {
        let sites = lock(&self.sites);
        let is_there = |all: &[&S]| all.iter().any(|other| std::ptr::eq(*other, site));
        sites.iter().find(|(_, all)| is_there(all)).map(|(name, _)| name.clone()).unwrap_or_default()
    }

    /// Each with its name.
    pub(crate) fn all(&self) -> Vec<(String, &'static S)> {
        let sites = lock(&self.sites);
        sites.iter().flat_map(|(name, all)| all.iter().map(|site| (name.clone(), *site))).collect()
    }
}

/// The type name of the function that the closure type `C` was written in, generics included.
pub(crate) fn function_name<C>() -> &'static str {
    function_of(type_name::<C>())
}

/// *Input:* the type name of a closure. *Output:* that of the function that it was written in.
pub(crate) fn function_of(closure: &'static str) -> &'static str {
    let mut name = closure;
    while let Some(outer) = name.strip_suffix("::{{closure}}") {
        name = outer;
    }
    name
}

/// *Input:* `<app::Shop<u8> as app::Prices<T>>::price<u32>`. *Output:* `<app::Shop as app::Prices>::price`.
pub(crate) fn without_generics(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut depth = 0_usize;
    let mut last = ' ';
    for c in name.chars() {
        match c {
            // A `<` behind a word opens arguments; one at the start or behind a space opens a qualified path.
            '<' if depth > 0 || last.is_alphanumeric() || last == '_' => depth += 1,
            '>' if depth > 0 && last != '-' => depth -= 1,
            _ if depth == 0 => out.push(c),
            _ => {}
        }
        last = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generics_are_dropped_and_qualified_paths_kept() {
        assert_eq!(without_generics("app::parse<u32>"), "app::parse");
        assert_eq!(without_generics("app::Shop<alloc::vec::Vec<u8>>::price"), "app::Shop::price");
        assert_eq!(
            without_generics("<app::Shop<u8> as app::Prices<(u8, T)>>::price<u32>"),
            "<app::Shop as app::Prices>::price"
        );
        assert_eq!(without_generics("app::run<fn(u8) -> u8>"), "app::run");
        assert_eq!(without_generics("<[T] as app::Tr>::go"), "<[T] as app::Tr>::go");
    }
}
