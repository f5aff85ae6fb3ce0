//! The attributes and derives of [festoon](https://docs.rs/festoon). Use them through that crate.
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::todo, clippy::unimplemented)
)]
#![forbid(unsafe_code)]
#![cfg_attr(
    not(all(
        feature = "timed",
        feature = "cached",
        feature = "retry",
        feature = "resilience",
        feature = "registry",
        feature = "offload"
    )),
    allow(dead_code, unused_imports, reason = "some of the kit is only used by disabled parts")
)]

use proc_macro::TokenStream;
use proc_macro2::{Ident, Span};
use std::hash::{DefaultHasher, Hash, Hasher};

#[cfg(feature = "timed")]
mod assert_under;
#[cfg(feature = "resilience")]
mod bulkhead;
#[cfg(feature = "cached")]
mod cached;
#[cfg(feature = "resilience")]
mod circuit_breaker;
mod context_manager;
mod decorate;
mod entry_point;
#[cfg(feature = "resilience")]
mod fallback;
#[cfg(test)]
mod fuzz;
mod guard;
#[cfg(feature = "resilience")]
mod hedge;
#[cfg(feature = "cached")]
mod interned;
#[cfg(feature = "cached")]
mod invalidates;
mod kit;
#[allow(dead_code, reason = "unused if every part is enabled")]
mod off;
#[cfg(feature = "offload")]
mod offload;
#[cfg(feature = "resilience")]
mod policy;
#[cfg(feature = "resilience")]
mod rate_limit;
#[cfg(test)]
mod refused;
#[cfg(feature = "registry")]
mod register;
#[cfg(feature = "registry")]
mod registry;
#[cfg(feature = "registry")]
mod require;
#[cfg(feature = "retry")]
mod retry;
#[cfg(feature = "retry")]
mod retryable;
#[cfg(test)]
mod snapshots;
mod stack;
mod test;
#[cfg(feature = "timed")]
mod timed;
#[cfg(feature = "resilience")]
mod timeout;
mod with;
mod within;

#[cfg(not(feature = "cached"))]
use off as cached;
#[cfg(not(feature = "cached"))]
use off as interned;
#[cfg(not(feature = "cached"))]
use off as invalidates;
#[cfg(not(feature = "offload"))]
use off as offload;
#[cfg(not(feature = "retry"))]
use off as retry;
#[cfg(not(feature = "timed"))]
use off as timed;
#[cfg(not(feature = "retry"))]
use off::retryable;
#[cfg(not(feature = "resilience"))]
use off::{
    self as bulkhead, self as circuit_breaker, self as fallback, self as hedge, self as rate_limit, self as timeout,
};
#[cfg(not(feature = "registry"))]
use off::{register, registry, require};

/// One line per decorator: its entry point, with `docs/<name>.md` as its documentation, and its entry in the table in
/// which a stack looks it up.
macro_rules! decorators {
    ($($name:ident),* $(,)?) => {
        $(
            #[doc = include_str!(concat!("../docs/", stringify!($name), ".md"))]
            #[proc_macro_attribute]
            pub fn $name(options: TokenStream, item: TokenStream) -> TokenStream {
                let name = Ident::new(stringify!($name), Span::call_site());
                kit::decorate(name, options.into(), item.into(), decorator).into()
            }
        )*

        #[cfg(test)]
        const DECORATORS: &[&str] = &[$(stringify!($name)),*];

        /// Looks up a decorator by its name.
        fn decorator(name: &str) -> Option<kit::Reader> {
            match name {
                $(stringify!($name) => Some($name::read),)*
                _ => None,
            }
        }
    };
}

decorators! {
    bulkhead,
    cached,
    circuit_breaker,
    decorate,
    fallback,
    hedge,
    interned,
    invalidates,
    offload,
    rate_limit,
    retry,
    timed,
    timeout,
    within,
}

/// Excludes one function from a decorator on its whole `impl`, `trait` or `mod`.
#[proc_macro_attribute]
pub fn skip(_: TokenStream, item: TokenStream) -> TokenStream {
    kit::skip(item.into()).into()
}

#[doc = include_str!("../docs/stack.md")]
#[proc_macro]
pub fn stack(input: TokenStream) -> TokenStream {
    let span = proc_macro::Span::call_site();
    let mut place = DefaultHasher::new();
    (span.file(), span.line(), span.column()).hash(&mut place);
    stack::define(input.into(), place.finish(), decorator).into()
}

#[doc = include_str!("../docs/test.md")]
#[proc_macro_attribute]
pub fn test(options: TokenStream, item: TokenStream) -> TokenStream {
    test::expand(options.into(), item.into()).into()
}

#[doc = include_str!("../docs/main.md")]
#[proc_macro_attribute]
pub fn main(options: TokenStream, item: TokenStream) -> TokenStream {
    entry_point::expand(options.into(), item.into()).into()
}

#[doc = include_str!("../docs/with.md")]
#[proc_macro]
pub fn with(input: TokenStream) -> TokenStream {
    with::expand(input.into()).into()
}

#[doc = include_str!("../docs/context_manager.md")]
#[proc_macro_derive(ContextManager, attributes(context, managed))]
pub fn derive_context_manager(item: TokenStream) -> TokenStream {
    context_manager::derive(item.into()).into()
}

#[doc = include_str!("../docs/context_manager/function.md")]
#[proc_macro_attribute]
pub fn context_manager(options: TokenStream, item: TokenStream) -> TokenStream {
    context_manager::function::expand(options.into(), item.into()).into()
}

/// Functions with [`#[context_manager]`](macro@context_manager) and a real `yield` in their bodies, which only a macro
/// around the function can have: `let how = yield value;` in place of `let how = yield_!(value);`.
#[proc_macro]
pub fn context(input: TokenStream) -> TokenStream {
    context_manager::function::expand_all(input.into()).into()
}

#[doc = include_str!("../docs/guard.md")]
#[proc_macro_derive(Guard, attributes(guard))]
pub fn derive_guard(item: TokenStream) -> TokenStream {
    guard::derive(item.into()).into()
}

#[doc = include_str!("../docs/registry.md")]
#[proc_macro_attribute]
pub fn registry(options: TokenStream, item: TokenStream) -> TokenStream {
    registry::expand(options.into(), item.into()).into()
}

#[doc = include_str!("../docs/register.md")]
#[proc_macro_derive(Register, attributes(register, field))]
pub fn derive_register(item: TokenStream) -> TokenStream {
    register::derive(item.into()).into()
}

#[doc = include_str!("../docs/register.md")]
#[proc_macro_attribute]
pub fn register(options: TokenStream, item: TokenStream) -> TokenStream {
    register::attribute(options.into(), item.into()).into()
}

#[doc = include_str!("../docs/require.md")]
#[proc_macro]
pub fn require(input: TokenStream) -> TokenStream {
    require::expand(input.into()).into()
}

#[doc = include_str!("../docs/retryable.md")]
#[proc_macro_derive(Retryable, attributes(retry))]
pub fn derive_retryable(item: TokenStream) -> TokenStream {
    retryable::derive(item.into()).into()
}

#[cfg(feature = "timed")]
#[doc(hidden)]
#[proc_macro]
pub fn __assert_under(input: TokenStream) -> TokenStream {
    assert_under::expand(input.into()).into()
}

#[doc(hidden)]
#[proc_macro_attribute]
pub fn __pending(layer: TokenStream, item: TokenStream) -> TokenStream {
    kit::pending(layer.into(), item.into(), decorator).into()
}

#[doc(hidden)]
#[proc_macro_attribute]
pub fn __block(layer: TokenStream, item: TokenStream) -> TokenStream {
    kit::block(layer.into(), item.into(), decorator).into()
}

#[doc(hidden)]
#[proc_macro_attribute]
pub fn __present(condition: TokenStream, item: TokenStream) -> TokenStream {
    kit::present(&condition.into(), item.into()).into()
}
