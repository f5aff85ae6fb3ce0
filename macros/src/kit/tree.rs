//! Walks over tokens and the groups among them.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};

/// The group with other tokens inside, and its own delimiter and span.
pub(crate) fn with_inside(group: &Group, inside: TokenStream) -> TokenTree {
    let mut changed = Group::new(group.delimiter(), inside);
    changed.set_span(group.span());
    changed.into()
}

/// How many of the tokens are replaced, and by what.
type Change<'c> = dyn Fn(&[TokenTree]) -> Option<(usize, TokenStream)> + 'c;

/// *Input:* any tokens, and what `change` makes of the tokens from each one on. *Output:* the tokens with all
/// replacements, in groups as well.
pub(crate) fn map_tree(tokens: TokenStream, change: &Change) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let (mut rest, mut out) = (&tokens[..], TokenStream::new());
    while let [token, after @ ..] = rest {
        let (length, new) = change(rest).unwrap_or_else(|| match token {
            TokenTree::Group(group) => (1, with_inside(group, map_tree(group.stream(), change)).into()),
            other => (1, other.clone().into()),
        });
        out.extend(new);
        rest = after.get(length - 1..).unwrap_or_default();
    }
    out
}

/// What `look` finds first. It gets the tokens from each one on, in groups as well.
pub(crate) fn find_in_tree<T>(tokens: &TokenStream, look: &dyn Fn(&[TokenTree]) -> Option<T>) -> Option<T> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    (0..tokens.len()).find_map(|at| look(&tokens[at..]).or_else(|| find_in_tree(&contents(&tokens[at])?, look)))
}

/// All that `look` finds.
pub(crate) fn all_in_tree<T>(tokens: &TokenStream, look: &dyn Fn(&[TokenTree]) -> Option<T>) -> Vec<T> {
    let found = core::cell::RefCell::new(Vec::new());
    find_in_tree(tokens, &|rest| {
        found.borrow_mut().extend(look(rest));
        None::<()>
    });
    found.into_inner()
}

/// The tokens inside, if it is a group.
pub(crate) fn contents(token: &TokenTree) -> Option<TokenStream> {
    match token {
        TokenTree::Group(group) => Some(group.stream()),
        _ => None,
    }
}

/// Is there such a token, in groups as well?
pub(crate) fn any_token(tokens: &TokenStream, is_such: impl Fn(&TokenTree) -> bool) -> bool {
    find_in_tree(tokens, &|rest| is_such(&rest[0]).then_some(())).is_some()
}

/// The first of these words, in groups as well.
pub(crate) fn find_word(tokens: &TokenStream, words: &[&str]) -> Option<Span> {
    find_in_tree(tokens, &|rest| word(&rest[0]).filter(|it| words.iter().any(|word| it == word)).map(Ident::span))
}

/// Does one of these words occur, in groups as well?
pub(crate) fn has_word(tokens: &TokenStream, words: &[&str]) -> bool {
    find_word(tokens, words).is_some()
}

/// The token, if it is a word.
pub(crate) fn word(token: &TokenTree) -> Option<&Ident> {
    match token {
        TokenTree::Ident(word) => Some(word),
        _ => None,
    }
}
