//! The decorated functions, known before their first call.
#![cfg_attr(
    not(any(feature = "cached", feature = "timed", feature = "retry")),
    allow(dead_code, reason = "unused without these parts")
)]

use std::any::type_name;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};

use super::{Place, function_of, without_generics};
use crate::sync::lock;

/// A decorated function. It declares itself when its program or library is loaded.
pub struct Declared {
    /// The type name of an item inside the function.
    inside: fn() -> &'static str,
    decorators: &'static [&'static str],
    #[cfg_attr(not(any(feature = "redis", feature = "disk")), allow(dead_code, reason = "only stores need it"))]
    place: Place,
    /// The one that was declared before it.
    next: OnceLock<Option<&'static Declared>>,
}

static LAST: Mutex<Option<&'static Declared>> = Mutex::new(None);
static COUNT: AtomicUsize = AtomicUsize::new(0);

impl Declared {
    /// Identified by an item inside the function.
    #[must_use]
    pub const fn new<F>(_: &F, decorators: &'static [&'static str], place: Place) -> Self {
        Declared { inside: type_name::<F>, decorators, place, next: OnceLock::new() }
    }

    /// Called before `main`.
    pub fn declare(&'static self) {
        let mut last = lock(&LAST);
        if self.next.set(*last).is_ok() {
            *last = Some(self);
            COUNT.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Puts a [`Declared`] into the program, and declares it when the program is loaded.
#[doc(hidden)]
#[macro_export]
macro_rules! __declare {
    ($declared:expr) => {
        const _: () = {
            static DECLARED: $crate::__private::Declared = $declared;
            extern "C" fn declare() {
                DECLARED.declare();
            }
            #[used]
            #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__mod_init_func,mod_init_funcs"))]
            #[cfg_attr(windows, unsafe(link_section = ".CRT$XCU"))]
            #[cfg_attr(not(any(target_vendor = "apple", windows)), unsafe(link_section = ".init_array"))]
            static DECLARE: extern "C" fn() = declare;
        };
    };
}

/// Reports a handle whose function is not decorated: a panic in debug builds, one warning in others. Is it decorated?
pub(crate) fn check_is_decorated(name: &'static str, decorator: &'static str) -> bool {
    static KNOWN: Mutex<BTreeMap<(&str, &str), bool>> = Mutex::new(BTreeMap::new());
    let known = lock(&KNOWN).get(&(name, decorator)).copied();
    let is_decorated = known.unwrap_or_else(|| is_declared(name, decorator));
    if known.is_none() {
        lock(&KNOWN).insert((name, decorator), is_decorated);
    }
    assert!(
        is_decorated || !cfg!(debug_assertions),
        "festoon: `{name}` is not `#[{decorator}]`: put the attribute on the function, or remove the handle"
    );
    if !is_decorated && known.is_none() {
        let message = "a handle of a function without the decorator";
        tracing::warn!(target: "festoon", function = name, decorator, message);
    }
    is_decorated
}

/// The places of the cached functions with that name.
#[cfg(any(feature = "redis", feature = "disk"))]
#[cold]
pub(crate) fn cached_places(name: &str) -> Vec<Place> {
    let paths = paths_of(name);
    let is_it =
        |declared: &&Declared| declared.decorators.contains(&"cached") && paths.contains(&path((declared.inside)()));
    all().filter(is_it).map(|declared| declared.place).collect()
}

/// Does a function with that path have this decorator? Without any declarations, nothing is known.
fn is_declared(name: &str, decorator: &str) -> bool {
    COUNT.load(Ordering::Relaxed) == 0 || paths_of(name).iter().any(|path| number(path, decorator) > 0)
}

/// Do several functions with that path have this decorator?
#[cfg(feature = "timed")]
pub(crate) fn is_shared(name: &str, decorator: &str) -> bool {
    number(&of_any_type(canonical(name)), decorator) > 1
}

/// The number of functions with that path that have this decorator.
fn number(path: &str, decorator: &str) -> usize {
    static PATHS: Mutex<(usize, Paths)> = Mutex::new((0, BTreeMap::new()));
    let count = COUNT.load(Ordering::Relaxed);
    let mut paths = lock(&PATHS);
    // A library may have been loaded in the meantime.
    if paths.0 != count {
        *paths = (count, all_paths());
    }
    paths.1.get(decorator).and_then(|of_it| of_it.get(path)).copied().unwrap_or(0)
}

/// The number of functions, by decorator and path.
type Paths = BTreeMap<&'static str, BTreeMap<String, usize>>;

fn all() -> impl Iterator<Item = &'static Declared> {
    let last = *lock(&LAST);
    std::iter::successors(last, |declared| declared.next.get().copied().flatten())
}

fn all_paths() -> Paths {
    let mut paths = Paths::new();
    for declared in all() {
        let path = path((declared.inside)());
        for decorator in declared.decorators {
            *paths.entry(decorator).or_default().entry(path.clone()).or_default() += 1;
        }
    }
    paths
}

/// *Input:* `<shop::Shop<u8> as shop::Prices>::price`, a handle's name for its function. *Output:* the paths under
/// which it may have been declared: `<shop::Shop as shop::Prices>::price`, `shop::Prices::price` if the trait provides
/// it, or `<_ as shop::Prices>::price` if the implementation is for all types.
pub(crate) fn paths_of(name: &str) -> Vec<String> {
    let name = canonical(name);
    let mut paths = vec![name.clone()];
    if let Some((of_trait, method)) = name.strip_prefix('<').and_then(|name| name.rsplit_once(">::"))
        && let Some((_, of_trait)) = of_trait.rsplit_once(" as ")
    {
        paths.push(format!("{of_trait}::{method}"));
        paths.push(format!("<_ as {of_trait}>::{method}"));
    }
    paths
}

/// *Input:* `shop::<impl shop::Shop<T>>::price::{{closure}}::inside`. *Output:* `shop::Shop::price`.
pub(crate) fn path(inside: &'static str) -> String {
    of_any_type(canonical(function_of(inside.rsplit_once("::").map_or(inside, |(function, _)| function))))
}

/// *Input:* `shop::<impl shop::Prices for shop::Shop<T>>::price`, the compiler's name for an item in an `impl` of
/// another module. *Output:* `<shop::Shop as shop::Prices>::price`, its name elsewhere.
fn canonical(function: &str) -> String {
    let Some((_, implementation)) = function.split_once("<impl ") else { return without_generics(function) };
    let Some((of, method)) = implementation.rsplit_once(">::") else { return without_generics(function) };
    without_generics(&match of.split_once(" for ") {
        Some((of_trait, ty)) => format!("<{ty} as {of_trait}>::{method}"),
        None => format!("{of}::{method}"),
    })
}

/// *Input:* `<T as shop::Prices>::price`, of an `impl<T>`, `<&T as ..>`. *Output:* `<_ as shop::Prices>::price`.
fn of_any_type(path: String) -> String {
    let Some((ty, rest)) = path.strip_prefix('<').and_then(|path| path.split_once(" as ")) else { return path };
    if names_a_parameter(ty) { format!("<_ as {rest}") } else { path }
}

/// Does the type contain a word that is neither a path nor a primitive type?
fn names_a_parameter(ty: &str) -> bool {
    const WORDS: &[&str] = &[
        "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize",
        "f32", "f64", "dyn", "mut", "const", "fn", "unsafe", "extern", "for", "impl",
    ];
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':' || c == '{' || c == '}' || c == '#';
    let words = ty.split(|c| !is_path(c));
    words.into_iter().any(|word| {
        word.starts_with(|c: char| c.is_alphabetic() || c == '_') && !word.contains("::") && !WORDS.contains(&word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_handles() {
        assert_eq!(path("shop::price::here"), "shop::price");
        assert_eq!(path("shop::{{closure}}::price::{{closure}}::here"), "shop::{{closure}}::price");
        assert_eq!(path("shop::<impl shop::Shop>::price::here"), "shop::Shop::price");
        assert_eq!(path("shop::<impl shop::Shop<T>>::price::{{closure}}::here"), "shop::Shop::price");
        assert_eq!(path("shop::<impl a::Prices for shop::Shop>::price::here"), "<shop::Shop as a::Prices>::price");
        assert_eq!(path("shop::<impl a::Prices for T>::price::here"), "<_ as a::Prices>::price");
        assert_eq!(path("<&T as a::Prices>::price::here"), "<_ as a::Prices>::price");
        assert_eq!(path("<[u8; 3] as a::Prices>::price::here"), "<[u8; 3] as a::Prices>::price");
    }

    #[test]
    fn a_handle_finds_what_a_trait_provides() {
        let paths = paths_of("<shop::Shop<u8> as a::Prices<u8>>::price");
        assert_eq!(paths, ["<shop::Shop as a::Prices>::price", "a::Prices::price", "<_ as a::Prices>::price"]);
    }
}
