//! What a generator yields: the `Yields<T>` of its return type.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::visit_mut::{self, VisitMut};
use syn::{GenericArgument, PathArguments, ReturnType, Signature, Type, TypePath};

use crate::kit::{Errors, all_in_tree, contents, is_punct, local, map_tree, ours};

/// *Input:* `-> io::Result<Yields<&mut String>>`.
pub(super) struct Yields {
    /// As written: `Yields<&mut String>`.
    pub(super) written: TypePath,
    /// `ByMut<String>`
    pub(super) lends: TokenStream,
    /// What the body receives: `ToldKind`, or `ToldOutcome<E>`.
    pub(super) hears: TokenStream,
    /// The output of its future: `io::Result<Done<()>>`.
    pub(super) done: TokenStream,
    /// The same for an expression, with a `_` for each `impl Trait`.
    pub(super) inferred: TokenStream,
    /// What the body returns: `io::Result<()>`.
    pub(super) returned: TokenStream,
    /// Whether it is in a `Result`.
    pub(super) may_fail: bool,
}

const FORM: &str = "write `-> Yields<T>`, or `-> Result<Yields<T>, E>` if it may fail";

impl Yields {
    pub(super) fn find(
        signature: &Signature,
        error: Option<&TokenStream>,
        path: &TokenStream,
        errors: &mut Errors,
    ) -> Option<Self> {
        let ReturnType::Type(_, output) = &signature.output else {
            errors.at(&signature.ident, format!("missing type that it yields: {FORM}"));
            return None;
        };
        let mut find = Find { found: None, place: None };
        find.visit_type_mut(&mut output.to_owned());
        let Some(written) = find.found else {
            errors.at(output, format!("missing type that it yields: {FORM}"));
            return None;
        };
        let Some(yielded) = argument(&written) else {
            errors.at(&written, "expected one type: write `Yields<T>`");
            return None;
        };
        let (judges, hears) = match error {
            None => (quote!(()), quote!(#path::ToldKind)),
            Some(error) => (ours!(impl #path::Judges<#error>), quote!(#path::ToldOutcome<#error>)),
        };
        let inferred = if error.is_some() { quote!(_) } else { quote!(()) };
        Some(Yields {
            lends: lends(&yielded, path),
            hears,
            done: in_place(output, &quote!(#path::Done<#judges>)),
            inferred: in_place(output, &quote!(#path::Done<#inferred>)),
            returned: in_place(output, &inferred),
            may_fail: yields(output).is_none(),
            written,
        })
    }
}

/// *Input:* `&mut T`. *Output:* `ByMut<T>`. A reference with an explicit lifetime is a value.
fn lends(yielded: &Type, path: &TokenStream) -> TokenStream {
    match yielded {
        Type::Reference(reference) if reference.lifetime.is_none() => {
            let ty = match &*reference.elem {
                Type::Paren(inner) => &inner.elem,
                ty => ty,
            };
            let by = local(if reference.mutability.is_some() { "ByMut" } else { "ByRef" });
            quote!(#path::#by<#ty>)
        }
        value => quote!(#path::ByValue<#value>),
    }
}

fn argument(yields: &TypePath) -> Option<Type> {
    let PathArguments::AngleBracketed(arguments) = &yields.path.segments.last()?.arguments else { return None };
    match arguments.args.first() {
        Some(GenericArgument::Type(ty)) if arguments.args.len() == 1 => Some(ty.clone()),
        _ => None,
    }
}

/// *Input:* `io::Result<Yields<T>>`, `()`. *Output:* `io::Result<()>`.
fn in_place(output: &Type, place: &TokenStream) -> TokenStream {
    let (mut output, place) = (output.clone(), Some(place.clone()));
    Find { found: None, place }.visit_type_mut(&mut output);
    output.into_token_stream()
}

/// Is this a `Yields<..>`?
fn yields(ty: &Type) -> Option<&TypePath> {
    match ty {
        Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Yields") => Some(path),
        _ => None,
    }
}

/// Finds the first `Yields<..>` in a type, and replaces it.
struct Find {
    found: Option<TypePath>,
    place: Option<TokenStream>,
}

impl VisitMut for Find {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        match yields(ty).cloned() {
            None => visit_mut::visit_type_mut(self, ty),
            Some(path) if self.found.is_none() => {
                self.found = Some(path);
                if let Some(place) = &self.place {
                    *ty = Type::Verbatim(place.clone());
                }
            }
            Some(_) => {}
        }
    }
}

/// The positions of every `yield_!` and `yield` in these tokens.
pub(super) fn yields_in(tokens: &TokenStream) -> Vec<Span> {
    all_in_tree(tokens, &|rest| match rest {
        [TokenTree::Ident(word), ..] if word == "yield" => Some(word.span()),
        [TokenTree::Ident(word), mark, ..] if word == "yield_" && is_punct(Some(mark), '!') => Some(word.span()),
        _ => None,
    })
}

/// The same tokens, without further errors about their yields. *Output:* `yield_!(@broken value)`, `return value`
pub(super) fn without_yields(tokens: TokenStream) -> TokenStream {
    map_tree(tokens, &|rest| match rest {
        [TokenTree::Ident(word), ..] if word == "yield" => Some((1, quote_spanned!(word.span() => return))),
        [TokenTree::Ident(word), mark, value, ..] if word == "yield_" && is_punct(Some(mark), '!') => {
            let value = contents(value).unwrap_or_else(|| value.to_token_stream());
            Some((3, quote_spanned!(word.span() => #word!(@broken #value))))
        }
        _ => None,
    })
}
