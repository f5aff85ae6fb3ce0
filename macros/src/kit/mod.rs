//! The one pipeline that every attribute runs through: tokens -> own types -> checks -> an expansion that cannot fail.
//!
//! In: the tokens of an attribute and its item. Out: the item, expanded or with its mistakes behind it. Open `stack.rs` first;
//! `func.rs` and `options.rs` are what a decorator works with.

mod begin;
mod block;
mod entries;
mod errors;
mod fragments;
mod func;
mod head;
mod hints;
mod hold;
mod inert;
mod item;
mod krate;
mod lifetimes;
mod literal;
mod near;
mod options;
mod order;
mod patterns;
mod present;
mod shape;
mod stack;
mod tokens;
mod tree;
mod unparsed;
mod values;

use proc_macro2::TokenStream;
use syn::Type;

pub(crate) use begin::may_leave;
pub(crate) use entries::{expression, named, split};
pub(crate) use errors::Errors;
pub(crate) use func::Func;
pub(crate) use head::rename_self;
pub(crate) use hints::in_manifest;
pub(crate) use hold::{Hold, Lent, is_copied, names_of};
#[cfg(test)]
pub(crate) use inert::is_inert;
#[cfg(test)]
pub(crate) use item::Item;
pub(crate) use item::items;
pub(crate) use krate::Krate;
pub(crate) use lifetimes::{borrows, borrows_unnamed, closure_type};
pub(crate) use near::{closest, did_you_mean, near_or_all, quoted};
pub(crate) use options::{Options, helper_options};
pub(crate) use patterns::{bindings, bound_names, each_binding, is_same, is_unused, meant, mentions, plain_name};
pub(crate) use present::present;
pub(crate) use shape::{bare, erase_impl, is_known};
#[cfg(test)]
pub(crate) use stack::TIMED_OFF;
pub(crate) use stack::{Lookup, block, check_options, decorate, pending, skip};
pub(crate) use tokens::{
    group, is_punct, local, located_at, numbered, our_span, ours, ours_at, static_site, text, transparent,
};
pub(crate) use tree::{all_in_tree, any_token, contents, find_in_tree, find_word, has_word, map_tree, with_inside};
pub(crate) use unparsed::Unparsed;
pub(crate) use values::{Amount, DurationValue, Number, expr};

/// The interface of a decorator: its options have been read, its rules are checked against the function, and it
/// rewrites the body. `check` reports every mistake; `expand` is only called if there was none.
pub(crate) trait Decorator {
    /// Every rule between the options and this function.
    fn check(&self, func: &Func, errors: &mut Errors);
    /// *Input:* the function with the body from the decorators below. *Output:* the same with a new body.
    fn expand(&self, func: &mut Func, krate: &Krate);
    /// *Input:* the original function, and the one with all layers. *Output:* what to do before all of them, if there
    /// are other layers above this one.
    fn prologue(&self, _original: &Func, _func: &Func, _krate: &Krate) -> Option<TokenStream> {
        None
    }
    /// What the layers below may not move, given what this one may not.
    fn lends(&self, lent: Lent) -> Lent {
        lent
    }
    /// The type of the body below it, given its own output type, if they differ.
    fn body_type(&self, _output: &Type) -> Option<Type> {
        None
    }
    /// If the layers below it run in another process, the option that says so.
    fn isolates(&self) -> Option<&'static str> {
        None
    }
    /// Does it turn a sync function into an `async` one for the decorators above it?
    fn makes_async(&self) -> bool {
        false
    }
}

/// Reads the options of one decorator.
pub(crate) type Reader = fn(&mut Options) -> Box<dyn Decorator>;
