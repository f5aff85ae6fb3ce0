//! `#[cfg]` on parameters. rustc evaluates these after all attribute macros have run, which is too late for macros that
//! name the parameters. It evaluates `#[cfg_attr]` on the function in time: one is added for each condition, and if the
//! condition holds, the attribute that it adds removes the `#[cfg]`. A parameter that still has one after that is not
//! present.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use std::collections::HashSet;
use syn::{Attribute, FnArg, Signature};

use super::Krate;
use super::item::Item;
use super::tokens::{group, is_punct};
use super::tree::has_word;

/// *Input:* `fn f(#[cfg(unix)] fd: u8) {}`. *Output:* `#[cfg_attr(unix, ::festoon::__private::present(unix))]`.
pub(super) fn questions(item: &Item, krate: &Krate) -> Vec<TokenStream> {
    let Some(parameters) = parameters(item) else { return Vec::new() };
    let present = krate.private("present");
    let mut conditions = Vec::new();
    collect(parameters.stream(), &mut conditions);
    let mut asked = HashSet::new();
    conditions.retain(|condition| asked.insert(text(condition)));
    conditions.iter().map(|condition| quote!(#[cfg_attr(#condition, #present(#condition))])).collect()
}

/// `#[festoon::__private::present(unix)]`. *Input:* `fn f(#[cfg(unix)] fd: u8) {}`. *Output:* `fn f(fd: u8) {}`.
pub(crate) fn present(condition: &TokenStream, item: TokenStream) -> TokenStream {
    let mut item = Item::new(item);
    let Some(at) = parameters_at(&item) else { return item.into_token_stream() };
    if let Some(parameters) = group(item.rest.get(at), Delimiter::Parenthesis) {
        let mut decided = Group::new(Delimiter::Parenthesis, decide(parameters.stream(), &text(condition)));
        decided.set_span(parameters.span());
        item.rest[at] = decided.into();
    }
    item.into_token_stream()
}

/// Every condition that holds has been removed: a parameter that still has one is not present.
pub(super) fn drop_absent(signature: &mut Signature) {
    let is_absent = |attr: &Attribute| attr.path().is_ident("cfg");
    let kept = core::mem::take(&mut signature.inputs).into_iter().filter_map(|mut input| {
        let (FnArg::Typed(syn::PatType { attrs, .. }) | FnArg::Receiver(syn::Receiver { attrs, .. })) = &mut input;
        attrs.retain(|attr| conditional(&attr.to_token_stream()).is_none_or(|(_, then)| then.is_empty()));
        (!attrs.iter().any(is_absent)).then_some(input)
    });
    signature.inputs = kept.collect();
}

fn parameters(item: &Item) -> Option<&Group> {
    group(item.rest.get(parameters_at(item)?), Delimiter::Parenthesis)
}

/// The first parentheses after `fn` that are not in its generics.
fn parameters_at(item: &Item) -> Option<usize> {
    let mut tokens = item.rest.iter().enumerate();
    tokens.find(|(_, token)| matches!(token, TokenTree::Ident(word) if word == "fn"))?;
    let (mut depth, mut arrow) = (0_usize, false);
    for (at, token) in tokens {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == '<' => depth += 1,
            TokenTree::Punct(mark) if mark.as_char() == '>' && !arrow => depth = depth.saturating_sub(1),
            TokenTree::Group(group) if depth == 0 && group.delimiter() == Delimiter::Parenthesis => return Some(at),
            _ => {}
        }
        arrow = is_punct(Some(token), '-');
    }
    None
}

/// The conditions of the attributes in a list of parameters, and of those that `#[cfg_attr]` would add.
fn collect(tokens: TokenStream, found: &mut Vec<TokenStream>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for at in 0..tokens.len() {
        if let Some((condition, then)) = conditional_at(&tokens, at) {
            found.push(condition);
            collect(then, found);
        }
    }
}

/// The list without that condition.
fn decide(tokens: TokenStream, holds: &str) -> TokenStream {
    let mut rest: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while at < rest.len() {
        match conditional_at(&rest, at) {
            Some((condition, then)) if text(&condition) == holds => {
                rest.splice(at..at + 2, then);
            }
            _ => at += 1,
        }
    }
    rest.into_iter().collect()
}

fn conditional_at(tokens: &[TokenTree], at: usize) -> Option<(TokenStream, TokenStream)> {
    conditional(&tokens.get(at..at + 2)?.iter().cloned().collect())
}

/// *Input:* `#[cfg(unix)]`. *Output:* `unix`, and nothing. *Input:* `#[cfg_attr(unix, cfg(test), allow(x))]`. *Output:*
/// `unix`, and `#[cfg(test)] #[allow(x)]`. A `cfg_attr` that does not remove the parameter is ignored.
fn conditional(attribute: &TokenStream) -> Option<(TokenStream, TokenStream)> {
    let tokens: Vec<TokenTree> = attribute.clone().into_iter().collect();
    let [mark, inside] = &tokens[..] else { return None };
    let inside: Vec<TokenTree> = group(Some(inside), Delimiter::Bracket)?.stream().into_iter().collect();
    let [TokenTree::Ident(word), arguments] = &inside[..] else { return None };
    let arguments = group(Some(arguments), Delimiter::Parenthesis).filter(|_| is_punct(Some(mark), '#'))?.stream();
    match word.to_string().as_str() {
        "cfg" => Some((arguments, TokenStream::new())),
        "cfg_attr" => {
            let mut parts = super::split(arguments).into_iter();
            let condition = parts.next()?;
            let added: TokenStream = parts.map(|part| quote!(#[#part])).collect();
            has_word(&added, &["cfg"]).then_some((condition, added))
        }
        _ => None,
    }
}

/// For comparisons.
fn text(condition: &TokenStream) -> String {
    condition.to_string().replace(' ', "")
}
