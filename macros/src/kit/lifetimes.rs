//! Lifetimes in types, as far as tokens show them.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::Type;

use super::shape::erase_impl;
use super::tokens::is_punct;
use super::tree::{all_in_tree, has_word, map_tree, word};

/// A type as a closure names it. *Input:* `&'a Vec<impl Display>`. *Output:* `&'_ Vec<_>`: it cannot use the function's
/// lifetimes, but the compiler infers them.
pub(crate) fn closure_type(ty: &Type) -> TokenStream {
    let ty = erase_impl(ty);
    let own = all_in_tree(&ty, &bound).concat();
    erase(ty, &own)
}

/// *Input:* `for<'a> Fn(&'a str)`. *Output:* `a`, a lifetime that the type itself declares.
fn bound(tokens: &[TokenTree]) -> Option<Vec<String>> {
    let [first, names @ ..] = tokens else { return None };
    let names = names.iter().take_while(|token| !is_punct(Some(token), '>'));
    word(first).filter(|word| *word == "for").map(|_| names.filter_map(word).map(ToString::to_string).collect())
}

/// *Input:* `&'a Vec<T<'b, 'static>>`. *Output:* `&'_ Vec<T<'_, 'static>>`, except for its `own` lifetimes.
fn erase(tokens: TokenStream, own: &[String]) -> TokenStream {
    let is_own = |name: &str| name == "static" || own.iter().any(|own| name == own);
    map_tree(tokens, &|rest| match rest {
        [quote, TokenTree::Ident(name), ..] if is_punct(Some(quote), '\'') && !is_own(&name.to_string()) => {
            let unnamed = Ident::new("_", name.span());
            Some((2, quote!(#quote #unnamed)))
        }
        _ => None,
    })
}

/// The span where a type borrows for less than `'static`: `&str`, `Cow<'_, str>`.
pub(crate) fn borrows(ty: &Type) -> Option<Span> {
    find(ty, |name| name != "static")
}

/// Does it borrow for a lifetime without a name?
pub(crate) fn borrows_unnamed(ty: &Type) -> bool {
    find(ty, |name| name.is_empty() || name == "_").is_some()
}

/// The first reference or lifetime whose name satisfies the predicate; the name is empty if there is none. The
/// parentheses of `Fn(&str)` are skipped.
fn find(ty: &Type, is_such: fn(&str) -> bool) -> Option<Span> {
    let tokens = ty.to_token_stream();
    // It may declare lifetimes of its own, as in `for<'a> Fn(&'a str)`.
    if has_word(&tokens, &["for"]) { None } else { find_in(tokens, is_such) }
}

fn find_in(tokens: TokenStream, is_such: fn(&str) -> bool) -> Option<Span> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    tokens.iter().enumerate().find_map(|(at, token)| {
        let before = at.checked_sub(1).and_then(|before| tokens.get(before));
        let found = match token {
            TokenTree::Group(_) if is_function(before) => return None,
            TokenTree::Group(group) => return find_in(group.stream(), is_such),
            // The return type of a function: `-> &str`.
            TokenTree::Punct(mark) if mark.as_char() == '&' && !is_punct(before, '>') => at + 1,
            TokenTree::Punct(mark) if mark.as_char() == '\'' && !is_punct(before, '&') => at,
            _ => return None,
        };
        is_such(&name(&tokens[found..])).then(|| token.span())
    })
}

/// *Input:* `'a str`. *Output:* `a`; for `str`, nothing.
fn name(tokens: &[TokenTree]) -> String {
    match tokens {
        [TokenTree::Punct(mark), TokenTree::Ident(name), ..] if mark.as_char() == '\'' => name.to_string(),
        _ => String::new(),
    }
}

fn is_function(word: Option<&TokenTree>) -> bool {
    matches!(word, Some(TokenTree::Ident(word)) if word == "fn" || word.to_string().contains("Fn"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, erased: &str, borrowed: bool, unnamed: bool) {
        let Ok(ty) = syn::parse_str::<Type>(text) else { unreachable!("{text}") };
        assert_eq!(closure_type(&ty).to_string().replace(' ', ""), erased.replace(' ', ""));
        assert_eq!((borrows(&ty).is_some(), borrows_unnamed(&ty)), (borrowed, unnamed), "{text}");
    }

    #[test]
    fn types_are_seen_through() {
        check("String", "String", false, false);
        check("&str", "&str", true, true);
        check("&'a str", "&'_ str", true, false);
        check("&'static str", "&'static str", false, false);
        check("Vec<(u8, &'_ mut T)>", "Vec<(u8, &'_ mut T)>", true, true);
        check("Cow<'a, [u8]>", "Cow<'_, [u8]>", true, false);
        check("Box<dyn Fn(&str) -> &str>", "Box<dyn Fn(&str) -> &str>", false, false);
        check("&'a dyn for<'b> Fn(&'b str)", "&'_ dyn for<'b> Fn(&'b str)", false, false);
        check("Option<impl Display + 'a>", "Option<_>", true, false);
    }
}
