//! `snapshots/<name>/<case>.rs` and its expansion, `<case>.expanded.rs`. `UPDATE_EXPECT=1 cargo test -p festoon-macros`
//! updates the latter.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value, reason = "a test")]

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use std::fs;
use std::panic::catch_unwind;
use std::path::{self, PathBuf};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Path, Token};

use crate::decorator;
use crate::guard;
use crate::kit::{self, Item, items};
use crate::{register, registry, retryable};

#[test]
fn expansions_are_as_blessed() {
    if kit::TIMED_OFF {
        return eprintln!("skipped: these are the expansions without the feature `timed-off`");
    }
    let cases = cases();
    let failed: Vec<_> = cases.iter().filter(|case| catch_unwind(|| compare(case)).is_err()).collect();
    assert!(failed.is_empty(), "{failed:#?} differ; bless them with UPDATE_EXPECT=1");
}

/// Every case, with any decorators, expands as if `#[timed]` had been deleted by hand.
#[test]
fn without_timing_an_item_stays_token_for_token() {
    if !kit::TIMED_OFF {
        return eprintln!("skipped: `cargo test -p festoon-macros --features timed-off` runs it");
    }
    let mut compared = 0;
    for case in cases() {
        let source = read(&case);
        let (without, deleted) = (delete_timed(source.clone()), expand(source.clone()).to_string());
        // A mistake in an option is still reported.
        if !deleted.contains("compile_error") {
            assert_eq!(deleted, expand(without.clone()).to_string(), "{}", case.display());
            compared += usize::from(without.to_string() != source.to_string());
        }
    }
    assert!(compared >= 8, "only {compared} cases with a #[timed]");
    let plain: TokenStream = "#[inline] fn f(a: u8) -> u8 { a + 1 }".parse().unwrap();
    assert_eq!(expand(quote!(#[timed(span)] #plain)).to_string(), plain.to_string());
    let mistake = "#[timed(spam)] fn f() {}";
    assert!(expand(mistake.parse().unwrap()).to_string().contains("did you mean `span`?"));
}

/// *Input:* items with `#[timed]`, `#[festoon::timed(..)]`, `#[cfg_attr(all(), timed)]`. *Output:* the same without.
fn delete_timed(tokens: TokenStream) -> TokenStream {
    let (inner_attrs, items) = items(tokens);
    let plain = items.into_iter().flat_map(|mut item| {
        resolve_cfg_attr(&mut item);
        let is_timed = |attr: &Attribute| attr.path().segments.last().is_some_and(|last| last.ident == "timed");
        let timed: Vec<bool> = item.attributes().map(|attr| is_timed(&attr)).collect();
        let mut timed = timed.into_iter();
        item.attrs.retain(|_| timed.next() != Some(true));
        item.change_body(delete_timed).into_token_stream()
    });
    inner_attrs.into_iter().chain(plain).collect()
}

pub(crate) fn cases() -> Vec<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("snapshots");
    let mut cases: Vec<PathBuf> = folders(&root).iter().flat_map(|folder| folders(folder)).collect();
    cases.retain(|path| !path.to_string_lossy().ends_with(".expanded.rs"));
    cases.sort();
    assert!(!cases.is_empty(), "no case below {}", root.display());
    cases
}

fn folders(path: &path::Path) -> Vec<PathBuf> {
    fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect()
}

pub(crate) fn read(case: &path::Path) -> TokenStream {
    fs::read_to_string(case).unwrap().parse().unwrap()
}

fn compare(case: &path::Path) {
    let expanded = pretty(&expand(read(case)));
    expect_test::expect_file![case.with_extension("expanded.rs")].assert_eq(&expanded);
}

/// Half-typed code stays as plain tokens.
fn pretty(tokens: &TokenStream) -> String {
    match syn::parse2(tokens.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        Err(_) => format!("{tokens}\n"),
    }
}

/// As rustc does: the first attribute macro of an item first, and the content of an item last.
pub(crate) fn expand(tokens: TokenStream) -> TokenStream {
    let (inner_attrs, items) = items(tokens);
    inner_attrs.into_iter().chain(items.into_iter().flat_map(expand_item)).collect()
}

fn expand_item(mut item: Item) -> TokenStream {
    if let Ok(call) = syn::parse2::<syn::ItemMacro>(item.to_token_stream())
        && call.mac.path.is_ident("with")
    {
        let block = crate::with::expand(call.mac.tokens);
        return quote!(fn with() { #block });
    }
    if let Ok(call) = syn::parse2::<syn::ItemMacro>(item.to_token_stream())
        && call.mac.path.is_ident("require")
    {
        return crate::require::expand(call.mac.tokens);
    }
    resolve_cfg_attr(&mut item);
    let run = item.attributes().enumerate().find_map(|(at, attr)| Some((at, attribute_macro(attr)?)));
    match run {
        Some((at, run)) => {
            item.attrs.remove(at);
            expand(run(item.into_token_stream()))
        }
        None => item.change_body(expand).into_token_stream(),
    }
}

/// *Input:* `#[cfg_attr(all(), timed)]`. *Output:* `#[timed]`: every condition in a case holds.
fn resolve_cfg_attr(item: &mut Item) {
    let attributes: Vec<Attribute> = item.attributes().collect();
    for (tokens, attr) in item.attrs.iter_mut().zip(attributes) {
        if attr.path().is_ident("cfg_attr") {
            let parts = attr.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).unwrap();
            *tokens = parts.iter().skip(1).map(|meta| quote!(#[#meta])).collect();
        }
    }
}

/// The effect of this attribute on its item; `None` for attributes that are not macros.
fn attribute_macro(attr: Attribute) -> Option<Box<dyn FnOnce(TokenStream) -> TokenStream>> {
    let options = match &attr.meta {
        Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    };
    let name = attr.path().segments.last()?.ident.to_string();
    Some(match name.as_str() {
        "pending" => Box::new(move |item| kit::pending(options, item, decorator)),
        "block" => Box::new(move |item| kit::block(options, item, decorator)),
        "present" => Box::new(move |item| kit::present(&options, item)),
        "skip" => Box::new(kit::skip),
        "context_manager" => Box::new(move |item| crate::context_manager::function::expand(options, item)),
        "registry" => Box::new(move |item| registry::expand(options, item)),
        // Alone, it may be that of the derive.
        "register" if attr.path().segments[0].ident == "festoon" => {
            Box::new(move |item| register::attribute(options, item))
        }
        "main" if attr.path().segments[0].ident == "festoon" => {
            Box::new(move |item| crate::entry_point::expand(options, item))
        }
        "test" if attr.path().segments[0].ident == "festoon" => {
            Box::new(move |item| crate::test::expand(options, item))
        }
        "derive" => Box::new(move |item| derives(options, item)),
        _ if decorator(&name).is_some() => {
            Box::new(move |item| kit::decorate(Ident::new(&name, Span::call_site()), options, item, decorator))
        }
        _ if kit::is_inert(&attr) => return None,
        // Another crate's: it changes nothing here.
        _ => Box::new(|item| item),
    })
}

/// The item, followed by the output of each of our derives.
fn derives(names: TokenStream, item: TokenStream) -> TokenStream {
    let paths = Punctuated::<Path, Token![,]>::parse_terminated.parse2(names.clone()).unwrap();
    let derived = paths.iter().map(|path| match path.require_ident().unwrap().to_string().as_str() {
        "ContextManager" => crate::context_manager::derive(item.clone()),
        "Guard" => guard::derive(item.clone()),
        "Retryable" => retryable::derive(item.clone()),
        "Register" => register::derive(item.clone()),
        _ => TokenStream::new(),
    });
    let derived: TokenStream = derived.collect();
    // Helper attributes of derives are not macros once the derive has run.
    let item = if names.to_string().contains("Retryable") { without_retry(item) } else { item };
    item.into_iter().chain(derived).collect()
}

/// *Input:* `enum E { #[retry(never)] A }`. *Output:* `enum E { A }`.
fn without_retry(tokens: TokenStream) -> TokenStream {
    let mut tokens = tokens.into_iter().peekable();
    let mut kept = TokenStream::new();
    while let Some(token) = tokens.next() {
        let is_retry = |next: &TokenTree| next.to_string().starts_with("[retry");
        match token {
            TokenTree::Punct(mark) if mark.as_char() == '#' && tokens.peek().is_some_and(is_retry) => _ = tokens.next(),
            TokenTree::Group(group) => {
                kept.extend([TokenTree::from(Group::new(group.delimiter(), without_retry(group.stream())))]);
            }
            other => kept.extend([other]),
        }
    }
    kept
}
