//! What cannot be cached, and what to write instead.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Expr, GenericArgument, PathArguments, PathSegment, Type};

use super::bounds::{self, Generics};
use super::fixed;
use super::key::{KeyParts, Parameter};
use super::times::Times;
use crate::kit::{Errors, Func, borrows, did_you_mean, find_word};

/// The function as a whole.
pub(super) fn shape(func: &Func, errors: &mut Errors) {
    if let Some(attr) = func.attrs.iter().find(|attr| attr.path().is_ident("track_caller")) {
        errors.at(attr, "the cache calls a cached body, which hides the caller: remove `#[track_caller]`");
    }
    if func.never_returns() {
        errors.at(&func.output_type(), "a function that never returns has no value to cache: remove `#[cached]`");
    }
}

/// The return type.
pub(super) fn output(func: &Func, errors: &mut Errors) {
    let output = func.output_type();
    if let Some(word) = find_word(&output.to_token_stream(), &["impl"]) {
        errors.at_span(word, "cannot cache an `impl Trait`: return a type with a name, or a `Box<dyn ..>` in an `Arc`");
    } else if borrows(&output).is_some() {
        let message = "cannot cache a borrowed value: return an owned one, such as `String` or `Arc<..>`";
        errors.at(&output, message);
    }
    Generics::of(func).check(&output, bounds::VALUE, "cached", errors);
}

/// `cache_err` and `cache_none` on functions that return neither.
pub(super) fn flags(cache_err: Option<Span>, cache_none: Option<Span>, func: &Func, errors: &mut Errors) {
    if let Some(span) = cache_err.filter(|_| !func.may_be_result()) {
        errors.at_span(span, "`cache_err` is for functions that return a `Result`");
    }
    if let Some(span) = cache_none.filter(|_| !is_option(func) && !func.may_be_result()) {
        errors.at_span(span, "`cache_none` is for functions that return an `Option`");
    }
}

/// Options about errors on functions without errors.
pub(super) fn errors(times: &Times, func: &Func, errors: &mut Errors) {
    if let Some(length) = times.stale_if_error().filter(|_| !func.may_be_result()) {
        let message = "`stale_if_error` is for functions that return a `Result`";
        errors.at_span(length.span(), message);
    }
    if let Some(length) = times.negative_ttl().filter(|_| !is_option(func) && !func.may_be_result()) {
        let message = "`negative_ttl` is for functions that return a `Result` or an `Option`";
        errors.at_span(length.span(), message);
    }
}

fn is_option(func: &Func) -> bool {
    matches!(func.output_type(), Type::Path(path)
        if path.path.segments.last().is_some_and(|last| last.ident == "Option"))
}

/// The parts of the key.
pub(super) fn key(key: &KeyParts, func: &Func, errors: &mut Errors) {
    let parameters = Parameter::all(func);
    match key {
        KeyParts::AllBut(skipped) => {
            for (at, word) in skipped.iter().enumerate() {
                known(word, &parameters, "skip", errors);
                if skipped[..at].iter().any(|before| before.to_string() == word.to_string())
                    && word.to_string() != "self"
                {
                    errors.at(word, format!("`{word}` is given twice"));
                }
            }
            let is_skipped = |parameter: &Parameter| skipped.iter().any(|word| parameter.binds(word) > 0);
            let told = key.told();
            let generics = Generics::of(func);
            let is_whole = |parameter: &Parameter| !parameter.is_open(&told);
            for parameter in parameters.iter().filter(|it| !is_skipped(it) && is_whole(it)) {
                can_be_key(parameter, errors);
                generics.check(&parameter.ty, bounds::KEY, "part of the key", errors);
            }
        }
        KeyParts::These(exprs) => {
            fixed::check(exprs, &parameters, errors);
            for expr in exprs {
                part(expr, &parameters, errors);
            }
        }
    }
}

fn part(expr: &Expr, parameters: &[Parameter], errors: &mut Errors) {
    let tokens = expr.to_token_stream();
    if let Expr::Path(path) = expr
        && path.path.get_ident().is_some_and(|name| !fixed::is_constant(name))
    {
        known(&tokens, parameters, "key", errors);
    }
    if let Some(parameter) = parameters.iter().find(|parameter| parameter.is(&tokens)) {
        can_be_key(parameter, errors);
    }
}

fn known(word: &TokenStream, parameters: &[Parameter], option: &str, errors: &mut Errors) {
    let meant = parameters.iter().map(|parameter| parameter.binds(word)).sum::<usize>();
    if meant > 1 && option == "skip" {
        errors.at(word, format!("`{word}` is ambiguous, since two arguments have this name: rename one of them"));
    }
    // On a whole `impl`, `skip(self)` is for its methods.
    if meant > 0 || (option == "skip" && word.to_string() == "self") {
        return;
    }
    let names: Vec<String> = parameters.iter().flat_map(|known| &known.names).map(ToString::to_string).collect();
    let hint = did_you_mean(&word.to_string(), &names.iter().map(String::as_str).collect::<Vec<_>>());
    errors.at(word, format!("`{option}` names `{word}`, which is not an argument of this function{hint}"));
}

/// Does not check traits, which is left to the compiler.
fn can_be_key(parameter: &Parameter, errors: &mut Errors) {
    let skipped = match parameter.name() {
        Some(name) => format!("leave it out with `skip({name})`"),
        None => "give it a name instead of a pattern, and leave it out with `skip(name)`".to_owned(),
    };
    let tokens = parameter.ty.to_token_stream();
    if let Some(float) = find_word(&tokens, &["f32", "f64"]) {
        let bits = match parameter.name() {
            Some(name) if tokens.into_iter().count() == 1 => format!("{name}.to_bits()"),
            Some(_) => "..".to_owned(),
            None => "(..)".to_owned(),
        };
        let message = format!("a float is not `Eq + Hash`: write `key = {bits}`");
        errors.at_span(float, message);
    } else if is_mutable(&parameter.ty) {
        let place = if parameter.is_self() { parameter.span } else { parameter.ty.span() };
        let message = format!("a `&mut` argument cannot be part of the key: {skipped}, or write `key = (..)`");
        errors.at_span(place, message);
    } else if let Some(inner) = borrows(behind_references(&parameter.ty)) {
        let message =
            format!("the cache cannot own a copy of this borrowed value: write a key with `key = ..`, or {skipped}");
        errors.at_span(inner, message);
    }
}

/// *Input:* `&&'a T` or `Option<&T>`. *Output:* `T`, which a key owns.
fn behind_references(ty: &Type) -> &Type {
    match ty {
        Type::Reference(reference) => behind_references(&reference.elem),
        Type::Group(group) => behind_references(&group.elem),
        Type::Paren(paren) => behind_references(&paren.elem),
        Type::Path(path) => match path.path.segments.last().and_then(in_option) {
            Some(Type::Reference(inner)) => &inner.elem,
            _ => ty,
        },
        _ => ty,
    }
}

/// *Input:* `Option<T>`. *Output:* `T`.
fn in_option(segment: &PathSegment) -> Option<&Type> {
    match &segment.arguments {
        PathArguments::AngleBracketed(arguments) if segment.ident == "Option" => match arguments.args.first() {
            Some(GenericArgument::Type(ty)) => Some(ty),
            _ => None,
        },
        _ => None,
    }
}

fn is_mutable(ty: &Type) -> bool {
    match ty {
        Type::Reference(reference) => reference.mutability.is_some() || is_mutable(&reference.elem),
        Type::Group(group) => is_mutable(&group.elem),
        Type::Paren(paren) => is_mutable(&paren.elem),
        _ => false,
    }
}
