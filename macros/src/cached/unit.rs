//! Functions that return nothing to cache: only the effect of the first call remains, which is seldom intended.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::{GenericArgument, PathArguments, Type};

use super::Cached;
use crate::kit::{Errors, Func, ours, ours_at};

const MESSAGE: &str = "this function returns nothing to cache: of several equal calls, only the first runs the body. Write \
                       `cache_unit` if that is intended, or remove `#[cached]`";

/// `cache_unit` on a function that returns a value.
pub(super) fn check(cache_unit: Option<Span>, func: &Func, errors: &mut Errors) {
    if let Some(span) = cache_unit.filter(|_| !is_unit(&func.output_type())) {
        errors.at_span(span, "`cache_unit` is for functions that return `()`, but this one returns something else");
    }
}

impl Cached {
    /// A warning, as far as stable Rust allows: the use of a deprecated constant.
    pub(super) fn unit_warning(&self, func: &Func) -> Option<TokenStream> {
        let keeps_more = self.cache_err.or(self.cache_none).is_some() || self.times.keeps_negatives();
        let output = func.output_type();
        let is_told = self.cache_unit.is_some() || (keeps_more && !is_nothing(&output));
        if is_told || !is_unit(&output) {
            return None;
        }
        let used = quote_spanned!(ours_at(func.output_span()) => nothing_is_cached);
        Some(ours!({
            #[deprecated(note = #MESSAGE)]
            // The name is a part of the message.
            #[allow(non_upper_case_globals, clippy::restriction)]
            const nothing_is_cached: () = ();
            #used
        }))
    }
}

/// `()`, and `Result` and `Option` of it.
fn is_unit(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => path.path.segments.last().is_some_and(|last| match &last.arguments {
            PathArguments::AngleBracketed(list) if last.ident == "Result" || last.ident == "Option" => {
                matches!(list.args.first(), Some(GenericArgument::Type(ty)) if is_unit(ty))
            }
            _ => false,
        }),
        Type::Group(group) => is_unit(&group.elem),
        Type::Paren(paren) => is_unit(&paren.elem),
        _ => is_nothing(ty),
    }
}

fn is_nothing(ty: &Type) -> bool {
    matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty())
}
