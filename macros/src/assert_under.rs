//! `assert_under!(price, p95 < 20ms)`: durations with units, as in attributes.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Expr, Token};

use crate::kit::{DurationValue, Errors, Krate, near_or_all, our_span, ours, split};

/// The figures that can be compared, and their names in the runtime.
const FIGURES: &[(&str, &str)] =
    &[("mean", "Mean"), ("p50", "P50"), ("p90", "P90"), ("p95", "P95"), ("p99", "P99"), ("max", "Max")];

const USAGE: &str = "write `assert_under!(function, p95 < 20ms)`";

/// `p95 < 20ms`
struct Limit {
    figure: Ident,
    limit: DurationValue,
}

/// *Input:* `crate = $crate, shop::price, p95 < 20ms, max < 1s`. *Output:* a call with the function's timing and the limits.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let krate = Krate::find(&input);
    let mut errors = Errors::default();
    let parsed = errors.take(parse.parse2(input));
    let (function, parts) = parsed.unwrap_or_else(|| (syn::parse_quote!(()), Vec::new()));
    let limits: Vec<Limit> = parts.iter().filter_map(|part| limit(part, &mut errors)).collect();
    if !errors.is_empty() {
        return errors.with_item(TokenStream::new());
    }
    let assert = krate.private("testing");
    let limits = limits.iter().map(|Limit { figure, limit }| quote!((#assert::Figure::#figure, #limit)));
    let timing = quote_spanned!(function.span() => #krate::Decorated::timing(&#function));
    ours!(#assert::assert_under(&#timing, &[#(#limits),*]))
}

/// The function, and its limits.
fn parse(input: ParseStream) -> syn::Result<(Expr, Vec<TokenStream>)> {
    input.parse::<Token![crate]>()?;
    input.parse::<Token![=]>()?;
    input.call(syn::Path::parse_mod_style)?;
    input.parse::<Token![,]>()?;
    let function = input.parse().map_err(|error: syn::Error| syn::Error::new(error.span(), USAGE))?;
    if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    let limits = split(input.parse()?);
    if limits.is_empty() {
        return Err(syn::Error::new_spanned(function, format!("no limits for this function: {USAGE}")));
    }
    Ok((function, limits))
}

/// *Input:* `p95 < 20ms`.
fn limit(part: &TokenStream, errors: &mut Errors) -> Option<Limit> {
    let parser = |input: ParseStream| {
        let figure: Ident = input.parse()?;
        if input.peek(Token![<=]) {
            return Err(input.error("expected `<`, found `<=`"));
        }
        input.parse::<Token![<]>()?;
        Ok((figure, input.parse::<TokenStream>()?))
    };
    let Ok((figure, limit)) = parser.parse2(part.clone()) else {
        errors.at(part, "expected a figure and its limit: write `p95 < 20ms`");
        return None;
    };
    let known = known(&figure, errors);
    let limit = DurationValue::parse(limit.clone()).map_err(|message| errors.at(&limit, message)).ok()?;
    Some(Limit { figure: known?, limit })
}

/// *Input:* `p95`. *Output:* `P95`.
fn known(figure: &Ident, errors: &mut Errors) -> Option<Ident> {
    let word = figure.to_string();
    if let Some((_, variant)) = FIGURES.iter().find(|(name, _)| *name == word) {
        return Some(Ident::new(variant, our_span()));
    }
    let names: Vec<&str> = FIGURES.iter().map(|(name, _)| *name).collect();
    errors.at(figure, format!("unknown figure `{word}`{}", near_or_all(&word, &names)));
    None
}
