//! What the borrow checker would reject, in plainer words.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::FnArg;

use crate::kit::{Errors, Func, Hold, find_in_tree, is_punct, text};

#[derive(PartialEq)]
enum Lifetime {
    Elided,
    Named(Ident),
}

/// *Input:* `&mut self, .. -> Result<&mut T, E>`. A value that borrows from what the next attempt needs again cannot be
/// returned in one branch and dropped in the other: for the borrow checker, it is borrowed in both.
pub(super) fn check(func: &Func, errors: &mut Errors) {
    let output = func.output_type();
    let mut lent = Vec::new();
    lifetimes(output.to_token_stream(), &mut lent);
    for input in &func.sig.inputs {
        let Some(source) = find_in_tree(&input.to_token_stream(), &mutable_borrow) else { continue };
        let is_source = source != Lifetime::Elided || !is_hidden(func, input);
        if is_source && lent.contains(&source) {
            let (from, to) = (text(input), text(&output));
            let message = format!(
                "`{to}` borrows from `{from}`, which the next attempt needs again: return an owned value, or retry a \
                 separate function that checks whether it works"
            );
            errors.at(&output, message);
        }
    }
}

/// An elided lifetime of the output is that of `self`, if `self` is a reference.
fn is_hidden(func: &Func, input: &FnArg) -> bool {
    matches!(input, FnArg::Typed(_)) && func.receiver().is_some_and(|receiver| receiver != Hold::Owned)
}

/// *Input:* `&'a mut T`. *Output:* `'a`.
fn mutable_borrow(tokens: &[TokenTree]) -> Option<Lifetime> {
    let lifetime = lifetime_at(tokens, 1);
    let next = tokens.get(if lifetime.is_some() { 3 } else { 1 });
    let is_mut = matches!(next, Some(TokenTree::Ident(word)) if word == "mut");
    (is_punct(tokens.first(), '&') && is_mut).then(|| lifetime.unwrap_or(Lifetime::Elided))
}

/// The lifetime at this position: a `'` and a name.
fn lifetime_at(tokens: &[TokenTree], at: usize) -> Option<Lifetime> {
    match (is_punct(tokens.get(at), '\''), tokens.get(at + 1)) {
        (true, Some(TokenTree::Ident(name))) if name == "_" => Some(Lifetime::Elided),
        (true, Some(TokenTree::Ident(name))) => Some(Lifetime::Named(name.clone())),
        _ => None,
    }
}

/// The lifetimes in a type. Those of function types are their own.
fn lifetimes(tokens: TokenStream, found: &mut Vec<Lifetime>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) if !(group.delimiter() == Delimiter::Parenthesis && is_callable(&tokens, at)) => {
                lifetimes(group.stream(), found);
            }
            _ if is_punct(Some(token), '&') && lifetime_at(&tokens, at + 1).is_none() => found.push(Lifetime::Elided),
            _ => found.extend(lifetime_at(&tokens, at)),
        }
    }
}

/// Do the parentheses at this place belong to `fn(..)` or `Fn(..)`?
fn is_callable(tokens: &[TokenTree], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
    matches!(before, Some(TokenTree::Ident(word)) if matches!(word.to_string().as_str(), "fn" | "Fn" | "FnMut" | "FnOnce"))
}
