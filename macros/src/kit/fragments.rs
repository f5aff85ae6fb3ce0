//! Preserves the meaning of `macro_rules!` fragments. An `$expr` is surrounded by invisible brackets, which rustc drops
//! when it reads the output of an attribute macro: with `1 + 1` for `$a`, `$a * 2` would become `1 + 1 * 2`.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::{Expr, Type};

use super::tokens::{is_punct, ours_at};

/// *Input:* `⟦1 + 1⟧ * 2`, the brackets invisible. *Output:* `(1 + 1) * 2`. A fragment without neighbours that bind to
/// it stays as it is.
pub(crate) fn keep_together(tokens: TokenStream) -> TokenStream {
    visible(&tokens).unwrap_or(tokens)
}

/// The tokens with such brackets made visible, or `None` if there are none.
fn visible(tokens: &TokenStream) -> Option<TokenStream> {
    let mut all: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut changed = false;
    for at in 0..all.len() {
        let TokenTree::Group(group) = &all[at] else { continue };
        let inside = visible(&group.stream());
        let delimiter = if is_torn(&all, at, group) { Delimiter::Parenthesis } else { group.delimiter() };
        if inside.is_some() || delimiter != group.delimiter() {
            let mut shown = Group::new(delimiter, inside.unwrap_or_else(|| group.stream()));
            shown.set_span(if delimiter == group.delimiter() { group.span() } else { ours_at(group.span()) });
            all[at] = shown.into();
            changed = true;
        }
    }
    changed.then(|| all.into_iter().collect())
}

/// Without its brackets, would a neighbour bind to a part of this fragment?
fn is_torn(all: &[TokenTree], at: usize, group: &Group) -> bool {
    let before = at.checked_sub(1).and_then(|before| all.get(before));
    let after = all.get(at + 1);
    let (postfix, infix) = (is_postfix(after), is_operator(before) || is_operator(after));
    if group.delimiter() != Delimiter::None {
        return false;
    }
    match syn::parse2(group.stream()) {
        Ok(Expr::Binary(_) | Expr::Cast(_) | Expr::Closure(_) | Expr::Range(_)) => infix || postfix,
        Ok(Expr::Reference(_) | Expr::Unary(_)) => postfix,
        Ok(_) => false,
        Err(_) => has_plus(group.stream()),
    }
}

/// `dyn Read + Send`, where a preceding `&` would bind to the first half.
fn has_plus(tokens: TokenStream) -> bool {
    match syn::parse2(tokens) {
        Ok(Type::TraitObject(object)) => object.bounds.len() > 1,
        Ok(Type::ImplTrait(opaque)) => opaque.bounds.len() > 1,
        _ => false,
    }
}

/// `.`, `?`, `[..]`, `(..)`
fn is_postfix(token: Option<&TokenTree>) -> bool {
    match token {
        Some(TokenTree::Group(group)) => matches!(group.delimiter(), Delimiter::Bracket | Delimiter::Parenthesis),
        _ => is_punct(token, '.') || is_punct(token, '?'),
    }
}

fn is_operator(token: Option<&TokenTree>) -> bool {
    match token {
        Some(TokenTree::Punct(punct)) => "+-*/%^&|<>!=.".contains(punct.as_char()),
        Some(TokenTree::Ident(word)) => word == "as",
        _ => false,
    }
}
