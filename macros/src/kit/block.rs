//! A decorator on an `impl`, `trait` or inline `mod` is passed on to each function in it.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Attribute;

use super::item::{Item, Kind, items};

/// *Input:* `impl S { fn a() {} const fn b() {} }`. *Output:* the same with `attribute` on each function that can take
/// it.
pub(crate) fn distribute(block: Item, attribute: &TokenStream) -> Item {
    block.change_body(|body| {
        let (inner_attrs, items) = items(body);
        let members = items.into_iter().map(|item| member(item, attribute).into_token_stream());
        inner_attrs.into_iter().chain(members.flatten()).collect()
    })
}

fn member(mut item: Item, attribute: &TokenStream) -> Item {
    if item.attributes().any(|attr| is_skip(&attr)) {
        return item;
    }
    match item.kind() {
        Kind::Block => distribute(item, attribute),
        // Tests are not called by other code; a `const fn` cannot run ours.
        Kind::Function { constant: false } if !item.attributes().any(|attr| is_test(&attr)) => {
            // After those of the surrounding blocks, before the function's own.
            let at = item.attributes().take_while(is_from_block).count();
            item.attrs.insert(at, attribute.clone());
            item
        }
        _ => item,
    }
}

fn is_test(attr: &Attribute) -> bool {
    attr.path().segments.last().is_some_and(|last| last.ident == "test")
}

/// `#[festoon::skip]`, under whatever path.
fn is_skip(attr: &Attribute) -> bool {
    let segments = &attr.path().segments;
    segments.last().is_some_and(|last| last.ident == "skip")
        && segments.first().is_some_and(|tool| tool.ident != "rustfmt")
}

/// `#[festoon::__private::block(..)]`: a block's decorator that has not been expanded yet.
fn is_from_block(attr: &Attribute) -> bool {
    is_private(attr, "block")
}

/// `__private::<name>` at the end of the path, whatever the crate is called.
pub(crate) fn is_private(attr: &Attribute, name: &str) -> bool {
    let mut segments = attr.path().segments.iter().rev();
    segments.next().is_some_and(|last| last.ident == name)
        && segments.next().is_some_and(|door| door.ident == "__private")
}
