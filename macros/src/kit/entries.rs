//! Splits a list of options into its entries.

use proc_macro2::{Delimiter, Group, Ident, Literal, TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};

use super::tokens::{group, is_punct};

/// One option as it was written.
pub(super) struct Entry {
    /// `None` for a positional value, as in `#[decorate(shout)]`'s `my::shout`.
    pub(super) name: Option<Ident>,
    pub(super) form: Form,
    /// All of its tokens.
    pub(super) whole: TokenStream,
    pub(super) taken: bool,
}

pub(super) enum Form {
    /// `unbounded`
    Flag,
    /// `ttl = 5m`
    Value(TokenStream),
    /// `clone(url, body)`
    List(TokenStream),
    /// anything that is not of the form `name ..`
    Positional,
}

/// Every entry that can be read, and the errors of the others.
pub(super) fn parse_entries(input: ParseStream) -> (Vec<Entry>, Vec<syn::Error>) {
    let (mut entries, mut faults) = (Vec::new(), Vec::new());
    while !input.is_empty() {
        match parse_entry(input) {
            Ok(entry) => entries.push(entry),
            Err(fault) => faults.push(fault),
        }
        let rest = until_comma(input);
        if let Some(token) = rest.into_iter().next() {
            faults.push(syn::Error::new(token.span(), "expected a `,` between options"));
        }
        let _ = input.parse::<syn::Token![,]>();
    }
    (entries, faults)
}

fn parse_entry(input: ParseStream) -> syn::Result<Entry> {
    let entry = |name, form, whole| Entry { name, form, whole, taken: false };
    let ahead = input.fork();
    if let Ok(name) = ahead.call(Ident::parse_any) {
        if ahead.peek(syn::Token![=]) && !ahead.peek(syn::Token![==]) && !ahead.peek(syn::Token![=>]) {
            let name = input.call(Ident::parse_any)?;
            input.parse::<syn::Token![=]>()?;
            let value =
                if name == "for" { type_value(input) } else { spaced(input).unwrap_or_else(|| expression(input)) };
            if value.is_empty() {
                return Err(syn::Error::new(name.span(), format!("`{name}` needs a value: write `{name} = ..`")));
            }
            return Ok(entry(Some(name.clone()), Form::Value(value.clone()), quote!(#name = #value)));
        }
        if ahead.peek(syn::Token![:]) && !ahead.peek(syn::Token![::]) {
            let _ = until_comma(input);
            return Err(syn::Error::new(name.span(), format!("write `{name} = ..`, with a `=`")));
        }
        let tokens: Vec<TokenTree> = until_comma(&ahead).into_iter().collect();
        let list = group(tokens.first(), Delimiter::Parenthesis).map(Group::stream);
        let form = match (tokens.len(), list) {
            (0, _) => Some(Form::Flag),
            (1, Some(list)) => Some(Form::List(list)),
            _ => None,
        };
        if let Some(form) = form {
            return Ok(entry(Some(name), form, until_comma(input)));
        }
    }
    Ok(entry(None, Form::Positional, expression(input)))
}

/// `5 min`, which is not an expression but a single mistake.
fn spaced(input: ParseStream) -> Option<TokenStream> {
    let ahead = input.fork();
    let (number, unit) = (ahead.parse::<Literal>().ok()?, ahead.parse::<Ident>().ok()?);
    let is_all = ahead.is_empty() || ahead.peek(syn::Token![,]);
    (is_all && number.to_string().ends_with(|c: char| c.is_ascii_digit())).then(|| {
        input.advance_to(&ahead);
        quote!(#number #unit)
    })
}

/// One type, the commas of its arguments included.
fn type_value(input: ParseStream) -> TokenStream {
    let ahead = input.fork();
    if ahead.parse::<syn::Type>().is_err() {
        return until_comma(input);
    }
    tokens_while(input, |rest| rest.cursor() < ahead.cursor())
}

/// One expression, commas inside closures and generics included; what is no expression ends at the next comma.
pub(crate) fn expression(input: ParseStream) -> TokenStream {
    let ahead = input.fork();
    if ahead.parse::<syn::Expr>().is_err() {
        return until_comma(input);
    }
    // The expression may end inside an invisible group, which is then included as a whole.
    let behind = input.fork();
    let tokens: TokenStream = tokens_while(&behind, |rest| rest.cursor() < ahead.cursor());
    // Tokens inside brackets are only read to the end by a separate parse: `chain[1ms, 5ms]` is not an index
    // expression.
    if syn::parse2::<syn::Expr>(tokens.clone()).is_err() {
        return until_comma(input);
    }
    input.advance_to(&behind);
    tokens
}

fn until_comma(input: ParseStream) -> TokenStream {
    tokens_while(input, |rest| !rest.peek(syn::Token![,]))
}

fn tokens_while(input: ParseStream, goes_on: impl Fn(ParseStream) -> bool) -> TokenStream {
    core::iter::from_fn(|| (!input.is_empty() && goes_on(input)).then(|| input.parse::<TokenTree>().ok())?).collect()
}

/// *Input:* `a, b(c, d), |x, y| x`. *Output:* three parts.
pub(crate) fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let parser = |input: ParseStream| {
        let mut parts = Vec::new();
        while !input.is_empty() {
            parts.push(expression(input));
            let _ = input.parse::<syn::Token![,]>();
        }
        Ok(parts)
    };
    parser.parse2(tokens).unwrap_or_default()
}

/// *Input:* `factor = 2`. *Output:* the name and the value.
pub(crate) fn named(tokens: &TokenStream) -> Option<(Ident, TokenStream)> {
    let mut iter = tokens.clone().into_iter();
    let Some(TokenTree::Ident(name)) = iter.next() else { return None };
    is_punct(iter.next().as_ref(), '=').then(|| (name, iter.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<String> {
        split(text.parse().unwrap_or_default()).iter().map(|part| part.to_string().replace(' ', "")).collect()
    }

    #[test]
    fn commas_inside_of_an_expression_are_its_own() {
        assert_eq!(parts("a, f::<B, C>(d, e), |x, y| x"), ["a", "f::<B,C>(d,e)", "|x,y|x"]);
        assert_eq!(parts("a +, b"), ["a+", "b"]);
    }

    #[test]
    fn an_expression_that_ends_inside_of_an_invisible_group_takes_all_of_it() {
        let invisible = TokenTree::from(Group::new(Delimiter::None, quote!(b; c c c c c)));
        assert_eq!(split(quote!(a + #invisible, e)).len(), 2);
    }
}
