//! Lifetimes in types, as far as tokens show them.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Type;

use super::shape::erase_impl;
use super::tokens::is_punct;

/// A type as a closure names it. *Input:* `&'a Vec<impl Display>`. *Output:* `&'_ Vec<_>`: it cannot use the function's
/// lifetimes, but the compiler infers them.
pub(crate) fn closure_type(ty: &Type) -> TokenStream {
    let ty = erase_impl(ty);
    let mut own = vec!["static".to_owned()];
    bound(ty.clone(), &mut own);
    erase(ty, &own)
}

/// The lifetimes that the type itself declares, as in `for<'a> Fn(&'a str)`.
fn bound(tokens: TokenStream, found: &mut Vec<String>) {
    let mut binder = false;
    for token in tokens {
        match token {
            TokenTree::Ident(word) if word == "for" => binder = true,
            TokenTree::Ident(name) if binder => found.push(name.to_string()),
            TokenTree::Punct(mark) if mark.as_char() == '>' => binder = false,
            TokenTree::Group(group) => bound(group.stream(), found),
            _ => {}
        }
    }
}

/// *Input:* `&'a Vec<T<'b, 'static>>`. *Output:* `&'_ Vec<T<'_, 'static>>`, except for its `own` lifetimes.
fn erase(tokens: TokenStream, own: &[String]) -> TokenStream {
    let mut out = TokenStream::new();
    let mut after_quote = false;
    for token in tokens {
        let is_quote = is_punct(Some(&token), '\'');
        out.extend([match token {
            TokenTree::Ident(name) if after_quote && !own.contains(&name.to_string()) => {
                TokenTree::Ident(Ident::new("_", name.span()))
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), erase(group.stream(), own));
                inner.set_span(group.span());
                TokenTree::Group(inner)
            }
            other => other,
        }]);
        after_quote = is_quote;
    }
    out
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
    if binds(tokens.clone()) { None } else { find_in(tokens, is_such) }
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

/// Does it declare lifetimes of its own, as in `for<'a> Fn(&'a str)`?
fn binds(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "for",
        TokenTree::Group(group) => binds(group.stream()),
        _ => false,
    })
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
