//! `#[interned]`: a function whose result is interned.

use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{GenericArgument, PathArguments, PathSegment, Type, TypePath, parse_quote};

use crate::kit::{Decorator, Errors, Func, Krate, Options, bare, erase_impl, is_known, located_at, ours, text};

/// It has no options.
struct Interned;

/// Reads them.
pub(crate) fn read(_: &mut Options) -> Box<dyn Decorator> {
    Box::new(Interned)
}

impl Decorator for Interned {
    fn check(&self, func: &Func, errors: &mut Errors) {
        if let Some(attr) = func.attrs.iter().find(|attr| attr.path().is_ident("track_caller")) {
            errors.at(attr, "the body runs in a closure, which would hide the caller: remove `#[track_caller]`");
        }
        let output = func.returned.clone().unwrap_or_else(|| func.output_type());
        check(&output, func, errors);
    }

    /// The body evaluates to whatever becomes the interned value.
    fn body_type(&self, output: &Type) -> Option<Type> {
        body_type(output)
    }

    /// *Input:* `{ work }`. *Output:* `let value = once(move || -> _ { work })(); interner::<Interned<str>, _>()(value)`, or
    /// `then(async move { work }, interner::<Interned<str>, _>()).await`.
    fn expand(&self, func: &mut Func, krate: &Krate) {
        let (private, then) = (krate.private("interned"), krate.private("then"));
        let written = func.returned.clone().unwrap_or_else(|| func.output_type());
        let output = erase_impl(&written);
        let interner = located_at(quote!(#private::interner::<#output, _>()), written.span());
        if !func.is_async() {
            let value = func.value(krate);
            func.body = ours!(let value = #value; #interner(value));
            return;
        }
        let future = func.future(krate);
        if func.options_may_leave() || func.lent.arguments {
            func.body = ours!(#interner((#future).await));
            return;
        }
        func.run(&ours!(#then(#future, #interner)), &future, krate);
    }
}

/// Types that are known not to be `Interned`.
fn check(output: &Type, func: &Func, errors: &mut Errors) {
    match bare(output) {
        Type::Never(_) => {
            errors.at(output, "a function that never returns has no result to intern: remove `#[interned]`");
        }
        Type::Tuple(tuple) if tuple.elems.is_empty() => {
            let at = if func.sig.output.to_token_stream().is_empty() {
                func.sig.ident.to_token_stream()
            } else {
                output.to_token_stream()
            };
            errors.at(&at, "this function has no result to intern: remove `#[interned]`");
        }
        Type::ImplTrait(_) => errors.at(output, "the interned type has to be known: write it, as in `Interned<str>`"),
        Type::Path(path) => check_path(output, path, func, errors),
        Type::Macro(_) => {}
        other => refuse(other, errors),
    }
}

fn check_path(output: &Type, path: &TypePath, func: &Func, errors: &mut Errors) {
    match path.path.segments.last() {
        Some(last) if holds_a_result(last) => {
            if let Some(inner) = first_type(last) {
                check(inner, func, errors);
            }
        }
        Some(last) if is_known(&last.ident.to_string()) => refuse(output, errors),
        _ => {}
    }
}

fn refuse(ty: &Type, errors: &mut Errors) {
    let message = format!("callers get an interned value, so the signature has to say that: write `{}`", interned(ty));
    errors.at(ty, message);
}

/// *Input:* `String`, `Vec<T>`, `u8`. *Output:* `Interned<str>`, `Interned<[T]>`, `Interned<u8>`.
fn interned(ty: &Type) -> String {
    let inner = match bare(ty) {
        Type::Reference(reference) => return interned(&reference.elem),
        Type::Path(path) => match path.path.segments.last() {
            Some(last) if last.ident == "String" => "str".to_owned(),
            Some(last) if last.ident == "Vec" => {
                first_type(last).map_or_else(String::new, |it| format!("[{}]", text(&it.to_token_stream())))
            }
            Some(last) if ["Arc", "Rc", "Box", "Cow"].iter().any(|it| last.ident == it) => match first_type(last) {
                Some(inner) => return interned(inner),
                None => text(&ty.to_token_stream()),
            },
            _ => text(&ty.to_token_stream()),
        },
        Type::Array(array) => format!("[{}]", text(&array.elem.to_token_stream())),
        other => text(&other.to_token_stream()),
    };
    format!("Interned<{inner}>")
}

/// *Input:* `Result<Interned<str>, E>`. *Output:* `Result<impl Into<Interned<str>>, E>`, which any layer below infers.
fn body_type(output: &Type) -> Option<Type> {
    let path = match bare(output) {
        Type::Path(path) => path,
        Type::Macro(_) => return Some(parse_quote!(_)),
        _ => return None,
    };
    let last = path.path.segments.last()?;
    if !holds_a_result(last) {
        // An alias may be one of a `Result`.
        if is_known(&last.ident.to_string()) {
            return None;
        }
        return if last.ident == "Interned" {
            Some(parse_quote!(impl ::core::convert::Into<#path>))
        } else {
            Some(parse_quote!(_))
        };
    }
    let mut path = path.clone();
    let PathArguments::AngleBracketed(arguments) = &mut path.path.segments.last_mut()?.arguments else {
        return Some(parse_quote!(_));
    };
    let inner = arguments.args.iter_mut().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })?;
    *inner = body_type(inner)?;
    Some(Type::Path(path))
}

/// `Result`, `io::Result`, `Option`
fn holds_a_result(segment: &PathSegment) -> bool {
    segment.ident == "Result" || segment.ident == "Option"
}

fn first_type(segment: &PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}
