//! Items as tokens: where each ends and what kind it is. Types and bodies are skipped without parsing, so half-typed
//! code is fine.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Attribute;
use syn::parse::Parser;

use super::tokens::{attributes_end, group, is_attribute, is_punct};

/// One item, split after its outer attributes.
#[derive(Clone)]
pub(crate) struct Item {
    /// Each `#[..]` as written.
    pub(crate) attrs: Vec<TokenStream>,
    /// From the visibility to the end.
    pub(crate) rest: Vec<TokenTree>,
}

/// The item that an attribute is on.
pub(crate) enum Kind {
    /// A function with a body.
    Function {
        /// `const fn`
        constant: bool,
    },
    /// A trait method without a body, or a foreign function.
    Bodyless,
    /// `impl`, `trait` or inline `mod`.
    Block,
    /// Anything else, with the keyword that names it.
    Other(TokenStream),
}

impl Item {
    /// All of these tokens as one item.
    pub(crate) fn new(tokens: TokenStream) -> Self {
        let mut tokens = open_first(tokens.into_iter().collect());
        let rest = tokens.split_off(attributes_end(&tokens));
        let attrs = tokens.chunks(2).map(|pair| pair.iter().cloned().collect()).collect();
        Item { attrs, rest: open_last(open_first(rest)) }
    }

    /// The attributes that can be parsed.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = Attribute> {
        self.attrs.iter().filter_map(|attr| Attribute::parse_outer.parse2(attr.clone()).ok()?.into_iter().next())
    }

    /// A broken function is still a function.
    pub(crate) fn kind(&self) -> Kind {
        let words = words(&self.rest);
        let ends_in_block = self.body().is_some();
        match (main_word(&words), ends_in_block) {
            (Some("fn"), true) => Kind::Function { constant: words.iter().any(|word| word == "const") },
            (Some("fn"), false) => Kind::Bodyless,
            (Some("impl" | "trait" | "mod"), true) => Kind::Block,
            _ => Kind::Other(self.rest.iter().find(|token| !is_visibility(token)).into_token_stream()),
        }
    }

    /// The braces at its end.
    fn body(&self) -> Option<&Group> {
        group(self.rest.last(), Delimiter::Brace)
    }

    /// *Input:* `impl S { a b }`. *Output:* the same, with `a b` replaced by what `change` returns.
    pub(crate) fn change_body(mut self, change: impl FnOnce(TokenStream) -> TokenStream) -> Self {
        if let Some(body) = self.body() {
            let mut changed = Group::new(Delimiter::Brace, change(body.stream()));
            changed.set_span(body.span());
            self.rest.pop();
            self.rest.push(changed.into());
        }
        self
    }
}

impl ToTokens for Item {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.attrs.iter().cloned());
        tokens.extend(self.rest.iter().cloned());
    }
}

/// *Input:* the inside of a block. *Output:* its inner attributes, and its items.
pub(crate) fn items(tokens: TokenStream) -> (TokenStream, Vec<Item>) {
    let (inner, mut rest) = split_inner_attributes(tokens);
    rest.reverse();
    (inner, core::iter::from_fn(|| next_item(&mut rest)).collect())
}

/// Takes one item off the end of tokens in reverse order, so that each token is moved once.
fn next_item(rest: &mut Vec<TokenTree>) -> Option<Item> {
    let mut item = Vec::new();
    open_next(rest);
    while let [.., group, mark] = &rest[..]
        && is_attribute(Some(mark), Some(group))
    {
        item.extend(rest.pop().into_iter().chain(rest.pop()));
    }
    open_next(rest);
    let (attributes, words) = (item.len(), words(rest.iter().rev()));
    let mut depth = 0;
    while let Some(token) = rest.pop() {
        let is_last = ends(&words, &item[attributes..], &token, &mut depth);
        item.push(token);
        if is_last {
            break;
        }
    }
    (!item.is_empty()).then(|| Item::new(item.into_iter().collect()))
}

/// Opens the invisible brackets around the next token.
fn open_next(rest: &mut Vec<TokenTree>) {
    while let Some(inner) = group(rest.last(), Delimiter::None).map(Group::stream) {
        rest.pop();
        let inner: Vec<TokenTree> = inner.into_iter().collect();
        rest.extend(inner.into_iter().rev());
    }
}

/// *Input:* `#![allow(x)] a(); b()`. *Output:* `#![allow(x)]` and the rest.
pub(crate) fn split_inner_attributes(tokens: TokenStream) -> (TokenStream, Vec<TokenTree>) {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut end = 0;
    while is_punct(tokens.get(end), '#')
        && is_punct(tokens.get(end + 1), '!')
        && group(tokens.get(end + 2), Delimiter::Bracket).is_some()
    {
        end += 3;
    }
    let rest = tokens.split_off(end);
    (tokens.into_iter().collect(), rest)
}

/// Removes the invisible brackets that `macro_rules!` puts around an `$item` or a `$vis`.
fn open_first(mut tokens: Vec<TokenTree>) -> Vec<TokenTree> {
    while let Some(inner) = group(tokens.first(), Delimiter::None).map(Group::stream) {
        tokens.splice(..1, inner);
    }
    tokens
}

/// The same at the end, around the `$body` of a function.
fn open_last(mut tokens: Vec<TokenTree>) -> Vec<TokenTree> {
    while let Some(inner) = group(tokens.last(), Delimiter::None).map(Group::stream) {
        tokens.pop();
        tokens.extend(inner);
    }
    tokens
}

/// Is this the last token of the item that starts with `before`: its `;`, or its braces? `depth` counts the `<`.
fn ends(words: &[String], before: &[TokenTree], token: &TokenTree, depth: &mut usize) -> bool {
    match token {
        TokenTree::Punct(punct) if punct.as_char() == ';' => return true,
        TokenTree::Punct(punct) if punct.as_char() == '<' => *depth += 1,
        TokenTree::Punct(punct) if punct.as_char() == '>' && !is_punct(before.last(), '-') => {
            *depth = depth.saturating_sub(1);
        }
        _ => {}
    }
    is_braces(token) && !ends_at_semicolon(words) && !is_argument(before, *depth) && !is_type_macro(words, before)
}

/// Are braces after these tokens an argument of a type, as in `Array<{ N }>` and `Array<T, { N }>`?
fn is_argument(before: &[TokenTree], depth: usize) -> bool {
    let last = before.last();
    is_punct(last, '<') || is_punct(last, '=') || (depth > 0 && is_punct(last, ','))
}

/// Do braces after these tokens belong to a macro in a signature? Those of `-> ! { .. }` do not.
fn is_type_macro(words: &[String], before: &[TokenTree]) -> bool {
    matches!(main_word(words), Some("fn" | "impl" | "trait"))
        && matches!(before, [.., TokenTree::Ident(_), TokenTree::Punct(mark)] if mark.as_char() == '!')
}

fn is_braces(token: &TokenTree) -> bool {
    match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            matches!(&inner[..], [only] if is_braces(only))
        }
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        _ => false,
    }
}

/// `pub`, or the `(crate)` after it.
fn is_visibility(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(word) => word == "pub",
        TokenTree::Group(group) => group.delimiter() == Delimiter::Parenthesis,
        _ => false,
    }
}

/// The words at the start of an item: `pub const fn name`, `impl`, `macro_rules`.
fn words<'t>(tokens: impl IntoIterator<Item = &'t TokenTree>) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Ident(word) => words.push(word.to_string()),
            // The `(crate)` of `pub(crate)`, the `"C"` of `extern "C"`, an `$ident`.
            TokenTree::Group(_) if words.last().is_some_and(|word| word == "pub") => {}
            TokenTree::Literal(_) => {}
            _ => break,
        }
    }
    words
}

/// The word that determines the kind of item.
fn main_word(words: &[String]) -> Option<&str> {
    const MODIFIERS: &[&str] = &["pub", "const", "async", "unsafe", "safe", "extern", "default", "auto"];
    words.iter().map(String::as_str).find(|word| !MODIFIERS.contains(word))
}

/// Braces do not end these.
fn ends_at_semicolon(words: &[String]) -> bool {
    match main_word(words) {
        Some("fn" | "impl" | "trait" | "mod") => false,
        Some("static" | "type" | "use") => true,
        _ => words.iter().any(|word| word == "const"),
    }
}
