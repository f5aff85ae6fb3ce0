//! A registry creates `Box<dyn Trait>`, which does not work for every trait: rustc would report that at each use, and
//! here it is reported once.

use proc_macro2::{Ident, TokenTree};
use quote::ToTokens;
use syn::{FnArg, GenericParam, Generics, ReturnType, TraitItem, TraitItemFn, Type};

use super::Header;
use crate::kit::{Errors, has_word, items};

/// Reports what is not dyn compatible in the trait, as far as it is visible.
pub(super) fn check(header: &Header, errors: &mut Errors) {
    let name = &header.name;
    for token in header.supertraits.clone() {
        if let TokenTree::Ident(word) = &token
            && NOT_FOR_DYN.contains(&word.to_string().as_str())
        {
            errors.at(word, format!("`dyn {name}` cannot be `{word}`: remove it here, and implement it for the types"));
        }
    }
    for item in items(header.body.clone()).1 {
        match syn::parse2(item.to_token_stream()) {
            Ok(TraitItem::Fn(method)) if !needs_sized(&method.sig.generics) => method_of(name, &method, errors),
            Ok(TraitItem::Type(ty)) if !needs_sized(&ty.generics) => {
                let message = format!(
                    "a trait with associated types cannot have a registry: add `where Self: Sized`, or put `#[registry]` on \
                     one that fixes them, as in `trait Of: {name}<{} = ..> {{}}`",
                    ty.ident
                );
                errors.at(&ty.type_token, message);
            }
            Ok(TraitItem::Const(constant)) => {
                let message = format!(
                    "`dyn {name}` cannot have a constant: write a method, `fn {}(&self)`",
                    lower(&constant.ident)
                );
                errors.at(&constant.ident, message);
            }
            _ => {}
        }
    }
}

/// Supertraits that are not dyn compatible.
const NOT_FOR_DYN: &[&str] = &["Sized", "Clone", "Copy", "Default", "PartialEq", "Eq", "PartialOrd", "Ord", "Hash"];

fn method_of(name: &Ident, method: &TraitItemFn, errors: &mut Errors) {
    let (sig, at) = (&method.sig, &method.sig.ident);
    let sized = "add `where Self: Sized`";
    let message = match sig.receiver() {
        None => format!("`dyn {name}` cannot call a function without `self`: take `&self`, or {sized}"),
        Some(_) if sig.generics.params.iter().any(|param| !matches!(param, GenericParam::Lifetime(_))) => {
            format!("`dyn {name}` cannot call a generic method: take a `&dyn Trait` instead, or {sized}")
        }
        Some(_) if sig.inputs.iter().any(is_opaque) => {
            format!("`dyn {name}` cannot call a method that takes an `impl Trait`: take a `&dyn Trait`, or {sized}")
        }
        Some(_) if sig.asyncness.is_some() || matches!(&sig.output, ReturnType::Type(_, ty) if has_opaque(ty)) => {
            format!(
                "`dyn {name}` cannot call this, whose type each implementation chooses: return a `Box<dyn ..>` (a future as `#[async_trait]` does), or {sized}"
            )
        }
        Some(_) if sig.inputs.iter().any(takes_self) => {
            format!(
                "`dyn {name}` cannot take another `Self`, which may be of another type: take `&dyn {name}`, or {sized}"
            )
        }
        Some(_) if mentions_self(&sig.output) => {
            format!(
                "`dyn {name}` cannot return a `Self`, whose size is not known: return `Box<dyn {name}>`, or {sized}"
            )
        }
        Some(_) => return,
    };
    errors.at(at, message);
}

fn needs_sized(generics: &Generics) -> bool {
    let bounds = generics.where_clause.to_token_stream().to_string();
    bounds.contains("Self : Sized") || bounds.contains("Self: Sized")
}

fn is_opaque(input: &FnArg) -> bool {
    matches!(input, FnArg::Typed(typed) if has_opaque(&typed.ty))
}

fn has_opaque(ty: &Type) -> bool {
    has_word(&ty.to_token_stream(), &["impl"])
}

fn takes_self(input: &FnArg) -> bool {
    matches!(input, FnArg::Typed(typed) if mentions_self(&typed.ty))
}

/// `-> Self`, `-> Option<Self>`, but not `-> Self::Item`, which has an error of its own.
fn mentions_self(tokens: &impl ToTokens) -> bool {
    let tokens = tokens.to_token_stream();
    has_word(&tokens, &["Self"]) && !tokens.to_string().contains("Self ::")
}

fn lower(name: &Ident) -> String {
    name.to_string().to_lowercase()
}
