//! Type parameters of the function that lack bounds that a cache needs, reported as bounds to write. The compiler would
//! suggest a trait of ours.

use std::collections::HashMap;

use proc_macro2::Span;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{GenericArgument, PathArguments, Type, TypeParamBound, WherePredicate};

use crate::kit::{Errors, Func, has_word, text};

/// The bounds of key parts.
pub(super) const KEY: &[&str] = &["Clone", "Eq", "Hash", "Send", "Sync", "'static"];
/// The bounds of values.
pub(super) const VALUE: &[&str] = &["Clone", "Send", "Sync", "'static"];

/// Bounds from the standard library, and what each implies; any other bound may imply everything.
const GIVES: &[(&str, &[&str])] = &[
    ("Clone", &["Clone"]),
    ("Copy", &["Clone"]),
    ("PartialEq", &[]),
    ("PartialOrd", &[]),
    ("Eq", &["Eq"]),
    ("Ord", &["Eq"]),
    ("Hash", &["Hash"]),
    ("Send", &["Send"]),
    ("Sync", &["Sync"]),
    ("'static", &["'static"]),
    ("Debug", &[]),
    ("Display", &[]),
    ("Default", &[]),
    ("ToString", &[]),
    ("Unpin", &[]),
];

/// The type parameters of one function, and the bounds of each.
pub(super) struct Generics(HashMap<String, Vec<String>>);

impl Generics {
    pub(super) fn of(func: &Func) -> Self {
        let generics = &func.sig.generics;
        let mut all: HashMap<String, Vec<String>> =
            generics.type_params().map(|param| (param.ident.to_string(), names(&param.bounds))).collect();
        for predicate in generics.where_clause.iter().flat_map(|clause| &clause.predicates) {
            let WherePredicate::Type(bound) = predicate else { continue };
            let written = text(&bound.bounded_ty);
            match all.get_mut(&written) {
                Some(bounds) => bounds.extend(names(&bound.bounds)),
                // `Vec<T>: Hash` may imply something about `T`.
                None => all.retain(|name, _| !has_word(&bound.bounded_ty.to_token_stream(), &[name])),
            }
        }
        Generics(all)
    }

    /// `what` starts the sentence: ``"`T` is part of the key"``.
    pub(super) fn check(&self, ty: &Type, needed: &[&str], what: &str, errors: &mut Errors) {
        let Some((name, span)) = self.find(ty) else { return };
        let bounds = self.0.get(&name).map_or(&[][..], Vec::as_slice);
        let given: Option<Vec<&[&str]>> = bounds.iter().map(|bound| gives(bound)).collect();
        let Some(given) = given.map(|given| given.concat()) else { return };
        let missing: Vec<&str> = needed.iter().copied().filter(|bound| !given.contains(bound)).collect();
        if !missing.is_empty() {
            let all = bounds.iter().map(String::as_str).chain(missing).collect::<Vec<_>>().join(" + ");
            errors.at_span(span, format!("`{name}` is {what}: write `{name}: {all}`"));
        }
    }

    /// *Input:* `&[T]`. *Output:* `T`, and its span.
    fn find(&self, ty: &Type) -> Option<(String, Span)> {
        match ty {
            Type::Reference(reference) => self.find(&reference.elem),
            Type::Slice(slice) => self.find(&slice.elem),
            Type::Array(array) => self.find(&array.elem),
            Type::Group(group) => self.find(&group.elem),
            Type::Paren(paren) => self.find(&paren.elem),
            Type::Tuple(tuple) => tuple.elems.iter().find_map(|part| self.find(part)),
            Type::Path(path) => {
                let name = path.path.get_ident().map(ToString::to_string);
                let own = name.filter(|name| self.0.contains_key(name)).map(|name| (name, ty.span()));
                own.or_else(|| self.find(first_argument(ty)?))
            }
            _ => None,
        }
    }
}

/// *Input:* `Option<T>`, `Vec<T>` or `Result<T, E>`. *Output:* `T`.
fn first_argument(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let is_known = ["Option", "Vec", "Result"].iter().any(|name| last.ident == name);
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) if is_known => match arguments.args.first()? {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        },
        _ => None,
    }
}

/// The last names of the bounds; a bound that is not a plain path is unknown.
fn names<'b>(bounds: impl IntoIterator<Item = &'b TypeParamBound>) -> Vec<String> {
    bounds.into_iter().map(|bound| text(&bound.to_token_stream())).collect()
}

fn gives(bound: &str) -> Option<&'static [&'static str]> {
    let last = bound.rsplit("::").next().unwrap_or(bound);
    GIVES.iter().find(|(name, _)| *name == last).map(|(_, gives)| *gives)
}
