//! The start of a future's body that another macro has generated: it rebinds the parameters.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::{FnArg, Pat, Signature};

use super::patterns::plain_name;
use super::tokens::{group, is_punct, ours};
use super::tree::{contents, map_tree, with_inside};

/// The parameters of a future, as `async_trait` passes them on.
#[derive(Clone, Default)]
pub(super) struct Head {
    /// The name that replaces `self`, and its `mut`.
    pub(super) alias: Option<(Option<syn::Token![mut]>, Ident)>,
    pub(super) originals: Vec<Original>,
}

/// `let (a, _) = __arg2;`, or `let (a, _) = { let __arg2 = __arg2; __arg2 };`
#[derive(Clone)]
pub(super) struct Original {
    /// Which parameter it is.
    pub(super) index: usize,
    /// Its original name.
    name: Ident,
    /// The unbound parts of its pattern are dropped at once.
    pub(super) is_moved: bool,
}

impl Head {
    /// Was it written by hand?
    pub(super) fn is_empty(&self) -> bool {
        self.alias.is_none() && self.originals.is_empty()
    }

    /// *Output:* `let __self = self; let mut n = n; let (a, b) = __arg2;`, and the signature with `n` and `__arg2`.
    pub(super) fn give_back(&self, sig: &mut Signature) -> TokenStream {
        let own = sig.receiver().map(|receiver| receiver.self_token);
        let alias = self.alias.iter().map(|(mutability, alias)| ours!(let #mutability #alias = #own;));
        let mut lets: TokenStream = alias.collect();
        for Original { index, name, is_moved } in &self.originals {
            let Some(FnArg::Typed(typed)) = sig.inputs.get_mut(*index) else { continue };
            let pattern = core::mem::replace(&mut *typed.pat, syn::parse_quote!(#name));
            let value = if *is_moved { ours!({ let #name = #name; #name }) } else { quote!(#name) };
            lets.extend(ours!(let #pattern = #value;));
        }
        lets
    }

    /// The parameters whose patterns have unbound parts, which are dropped at once.
    pub(super) fn moved(&self) -> impl Iterator<Item = usize> {
        self.originals.iter().filter(|original| original.is_moved).map(|original| original.index)
    }

    /// The body with the name that replaces `self`.
    pub(super) fn renamed(&self, body: &TokenStream) -> TokenStream {
        let alias = self.alias.as_ref().map(|(_, alias)| rename_self(body.clone(), alias));
        alias.unwrap_or_else(|| body.clone())
    }
}

/// *Input:* `self.left + self::RATE`. *Output:* `this.left + self::RATE`. Items inside the body have their own `self`.
pub(crate) fn rename_self(tokens: TokenStream, this: &Ident) -> TokenStream {
    map_tree(tokens, &|rest| match rest {
        [TokenTree::Ident(word), more @ ..] if word == "impl" || word == "trait" => {
            let end = more.iter().position(|token| is_block(Some(token)))?;
            let header = rename_self(more[..end].iter().cloned().collect(), this);
            let block = &more[end];
            Some((end + 2, quote!(#word #header #block)))
        }
        [TokenTree::Ident(word), more @ ..] if word == "self" && !is_path(more) => {
            let renamed = Ident::new(&this.to_string(), this.span().located_at(word.span()));
            Some((1, renamed.into_token_stream()))
        }
        _ => None,
    })
}

fn is_path(tokens: &[TokenTree]) -> bool {
    is_punct(tokens.first(), ':') && is_punct(tokens.get(1), ':')
}

/// *Input:* `let __self = self; let mut n = n; let (a, b) = __arg2; work`. *Output:* `work`; the signature then has the
/// patterns that the user wrote.
pub(super) fn take(tokens: TokenStream, sig: &mut Signature, head: &mut Head) -> TokenStream {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    if let Some(at) = instrumented(&tokens) {
        let mut future = stream(tokens.get(at));
        match awaited(&future) {
            Some(inner) => {
                let work = take(stream(future.get(inner)).into_iter().collect(), sig, head);
                replace(&mut future, inner, work);
            }
            None => future = take(future.into_iter().collect(), sig, head).into_iter().collect(),
        }
        replace(&mut tokens, at, future.into_iter().collect());
        return tokens.into_iter().collect();
    }
    let start = pin_end(&tokens);
    let mut end = start;
    while let Some(length) = statement(&tokens[end..]).filter(|length| take_one(&tokens[end..end + length], sig, head))
    {
        end += length;
    }
    tokens.drain(start..end);
    tokens.into_iter().collect()
}

/// Where `async_trait`'s `if let Some(__ret) = None::<Ret> { return __ret; }` ends.
fn pin_end(tokens: &[TokenTree]) -> usize {
    let is_word = |at: usize, word: &str| matches!(tokens.get(at), Some(TokenTree::Ident(ident)) if ident == word);
    if !(is_word(0, "if") && is_word(1, "let")) {
        return 0;
    }
    let block = tokens.iter().position(|token| group(Some(token), Delimiter::Brace).is_some());
    block.filter(|at| tokens[*at].to_string().contains("__ret")).map_or(0, |at| at + 1)
}

/// The length of the `let .. ;` at the start of the tokens.
fn statement(tokens: &[TokenTree]) -> Option<usize> {
    let is_let = matches!(tokens.first(), Some(TokenTree::Ident(word)) if word == "let");
    let end = tokens.iter().position(|token| is_punct(Some(token), ';'))?;
    is_let.then_some(end + 1)
}

/// *Input:* `let (a, b) = __arg2;`. *Output:* whether it has this form.
fn take_one(tokens: &[TokenTree], sig: &mut Signature, head: &mut Head) -> bool {
    let Some(equals) = tokens.iter().position(|token| is_punct(Some(token), '=')) else { return false };
    let pattern: TokenStream = tokens[1..equals].iter().cloned().collect();
    let Ok(pattern) = Pat::parse_single.parse2(pattern) else { return false };
    let expr = &tokens[equals + 1..tokens.len() - 1];
    let Some(source) = source(expr) else { return false };
    if source == "self" {
        let Pat::Ident(alias) = &pattern else { return false };
        head.alias = Some((alias.mutability, alias.ident.clone()));
        return plain_name(&pattern).is_some();
    }
    take_argument(pattern, &source, sig).is_some_and(|index| {
        head.originals.push(Original { index, name: source, is_moved: is_block(expr.first()) });
        true
    })
}

/// *Output:* its index.
fn take_argument(pattern: Pat, source: &Ident, sig: &mut Signature) -> Option<usize> {
    let is_same = plain_name(&pattern) == Some(source) || source.to_string().starts_with("__arg");
    let index = sig
        .inputs
        .iter()
        .position(|input| matches!(input, FnArg::Typed(typed) if plain_name(&typed.pat) == Some(source)));
    let index = index.filter(|_| is_same)?;
    let FnArg::Typed(typed) = sig.inputs.get_mut(index)? else { return None };
    *typed.pat = pattern;
    Some(index)
}

fn is_block(token: Option<&TokenTree>) -> bool {
    group(token, Delimiter::Brace).is_some()
}

/// *Input:* `name` or `{ let name = name; name }`.
fn source(expr: &[TokenTree]) -> Option<Ident> {
    match expr {
        [TokenTree::Ident(name)] => Some(name.clone()),
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Brace => {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            match &inner[..] {
                [TokenTree::Ident(word), .., TokenTree::Ident(name)] if word == "let" => Some(name.clone()),
                _ => None,
            }
        }
        _ => None,
    }
}

/// *Input:* what `#[tracing::instrument]` turns a body into:
/// `let __tracing_attr_span = ..; let __tracing_instrument_future = async move { work }; ..`. *Output:* the same
/// without its `move`s. The future is awaited in place and can borrow as well as own, so that the body can run again.
pub(super) fn without_moves(body: TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = body.into_iter().collect();
    if let [TokenTree::Group(only)] = &tokens[..] {
        return with_inside(only, without_moves(only.stream())).into();
    }
    if let Some(at) = instrumented(&tokens) {
        let inner = group(tokens.get(at), Delimiter::Brace).map(Group::stream).unwrap_or_default();
        replace(&mut tokens, at, inner_moves(inner));
        remove_move(&mut tokens, at - 1);
    } else if tokens.iter().any(|token| is_word(Some(token), "__tracing_attr_span")) {
        return closure_moves(tokens).into_iter().collect();
    }
    tokens.into_iter().collect()
}

/// *Input:* the inside of its future; with `err` or `ret`, `match async move { work }.await { .. }` or `let x = async move {
/// work }.await; ..`.
fn inner_moves(tokens: TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    if let Some(at) = awaited(&tokens) {
        remove_move(&mut tokens, at - 1);
    }
    tokens.into_iter().collect()
}

/// *Input:* `match (move || { work })() { .. }` or `let x = (move || { work })(); ..`.
fn closure_moves(tokens: Vec<TokenTree>) -> Vec<TokenTree> {
    let change = |token: TokenTree| match &token {
        TokenTree::Group(call) if call.delimiter() == Delimiter::Parenthesis => {
            let inner: Vec<TokenTree> = call.stream().into_iter().collect();
            if !is_word(inner.first(), "move") || !is_punct(inner.get(1), '|') {
                return token;
            }
            with_inside(call, inner.into_iter().skip(1).collect())
        }
        _ => token,
    };
    tokens.into_iter().map(change).collect()
}

/// The position of the work: the braces of its future, or those inside that it awaits.
fn instrumented(tokens: &[TokenTree]) -> Option<usize> {
    let name = tokens.iter().position(|token| is_word(Some(token), "__tracing_instrument_future"))?;
    let is_block = is_punct(tokens.get(name + 1), '=') && is_word(tokens.get(name + 2), "async");
    let at = name + if is_word(tokens.get(name + 3), "move") { 4 } else { 3 };
    group(tokens.get(at), Delimiter::Brace).filter(|_| is_block)?;
    Some(at)
}

/// *Input:* `match async move { work }.await { #[allow(clippy::unit_arg)] .. }` or `let x = async move { work }.await;`.
fn awaited(tokens: &[TokenTree]) -> Option<usize> {
    let start = match tokens.first()? {
        TokenTree::Ident(word) if word == "match" => 1,
        TokenTree::Ident(word) if word == "let" && is_punct(tokens.get(2), '=') => 3,
        _ => return None,
    };
    let is_ours = is_word(tokens.get(start), "async")
        && is_word(tokens.get(start + 1), "move")
        && is_word(tokens.get(start + 4), "await");
    let is_named = start == 1 || is_word(tokens.get(1), "x") || is_word(tokens.get(1), "__match_scrutinee");
    (is_ours && is_named).then_some(start + 2)
}

/// Calls `change` with the statements of the work, which may be inside a future of `#[tracing::instrument]`.
pub(super) fn inside(body: TokenStream, change: impl FnOnce(TokenStream) -> TokenStream) -> TokenStream {
    let mut block: Vec<TokenTree> = body.clone().into_iter().collect();
    let Some(mut statements) = only_block(&block) else { return change(body) };
    let Some(at) = instrumented(&statements) else { return change(body) };
    let mut future = stream(statements.get(at));
    match awaited(&future) {
        Some(inner) => {
            let work = change(stream(future.get(inner)).into_iter().collect());
            replace(&mut future, inner, work);
        }
        None => future = change(future.into_iter().collect()).into_iter().collect(),
    }
    replace(&mut statements, at, future.into_iter().collect());
    replace(&mut block, 0, statements.into_iter().collect());
    block.into_iter().collect()
}

fn only_block(tokens: &[TokenTree]) -> Option<Vec<TokenTree>> {
    let [only] = tokens else { return None };
    group(Some(only), Delimiter::Brace).map(|_| stream(Some(only)))
}

fn stream(token: Option<&TokenTree>) -> Vec<TokenTree> {
    token.and_then(contents).into_iter().flatten().collect()
}

fn replace(tokens: &mut [TokenTree], at: usize, stream: TokenStream) {
    if let Some(TokenTree::Group(group)) = tokens.get(at) {
        tokens[at] = with_inside(group, stream);
    }
}

fn remove_move(tokens: &mut Vec<TokenTree>, at: usize) {
    if is_word(tokens.get(at), "move") {
        tokens.remove(at);
    }
}

fn is_word(token: Option<&TokenTree>, word: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(ident)) if ident == word)
}
