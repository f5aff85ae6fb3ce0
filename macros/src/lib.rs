//! The attributes and derives of [festoon](https://docs.rs/festoon). Use them through that crate.
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::todo, clippy::unimplemented)
)]
#![forbid(unsafe_code)]

use proc_macro::TokenStream;
use proc_macro2::{Ident, Span};
use std::hash::{DefaultHasher, Hash, Hasher};

mod assert_under;
mod cached;
mod decorate;
#[cfg(test)]
mod fuzz;
mod guard;
mod invalidates;
mod kit;
mod offload;
mod register;
mod registry;
mod retry;
#[cfg(test)]
mod snapshots;
mod stack;
mod timed;

/// One line for each decorator: its entry point, with `docs/<name>.md` as its documentation, and its place in the table
/// by which a stack finds it.
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

        /// Finds a decorator by its name.
        fn decorator(name: &str) -> Option<kit::Reader> {
            match name {
                $(stringify!($name) => Some($name::read),)*
                _ => None,
            }
        }
    };
}

decorators! {
    cached,
    decorate,
    invalidates,
    offload,
    retry,
    timed,
}

/// Leaves one function out of a decorator on its whole `impl`, `trait` or `mod`.
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
#[proc_macro_derive(Register, attributes(register))]
pub fn derive_register(item: TokenStream) -> TokenStream {
    register::derive(item.into()).into()
}

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
