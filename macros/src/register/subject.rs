//! The item that is registered.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{
    Attribute, Expr, ExprLit, GenericArgument, Generics, Item, ItemFn, ItemImpl, Lit, Meta, Path, PathArguments, Type,
};

use super::field::{Field, fields};
use crate::kit::{Errors, map_tree};

/// An item with `#[register(..)]`.
pub(super) struct Subject {
    pub(super) kind: Kind,
    /// The name of the item; for an `impl` block, that of the type.
    pub(super) name: Ident,
    /// What is registered without `for = TYPE`: a type, or the path of a value.
    pub(super) path: TokenStream,
    /// `dyn Codec`, above an `impl Codec for Gzip`.
    pub(super) registry: Option<Type>,
    /// The declared type of a constant or a static.
    pub(super) ty: Option<Type>,
    /// It is generic, so `for = TYPE` has to choose an instantiation.
    pub(super) generics: Option<Generics>,
    /// Its type has no plain name: `Buffer<u8>`.
    pub(super) is_instance: bool,
    pub(super) docs: String,
    pub(super) fields: Vec<Field>,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Type,
    /// It is registered itself; with `for = TYPE` it is the constructor of that type.
    Function,
    Constant,
    Static,
}

impl Subject {
    pub(super) fn of(item: &Item, errors: &mut Errors) -> Option<Self> {
        match item {
            Item::Struct(it) => Some(Subject {
                fields: fields(&it.fields, errors),
                ..Subject::of_type(&it.ident, &it.attrs, &it.generics)
            }),
            Item::Enum(it) => Some(Subject::of_type(&it.ident, &it.attrs, &it.generics)),
            Item::Union(it) => Some(Subject::of_type(&it.ident, &it.attrs, &it.generics)),
            Item::Type(it) => Some(Subject::of_type(&it.ident, &it.attrs, &it.generics)),
            Item::Impl(it) => Subject::of_impl(it, errors),
            Item::Fn(it) => Subject::of_function(it, errors),
            Item::Const(it) => Some(Subject::of_value(Kind::Constant, &it.ident, &it.attrs, &it.ty)),
            Item::Static(it) => Some(Subject::of_value(Kind::Static, &it.ident, &it.attrs, &it.ty)),
            Item::Trait(it) => {
                let message =
                    "a trait cannot be registered: write `#[registry]` here, and `#[register(..)]` above types";
                errors.at(&it.ident, message);
                None
            }
            other => {
                let message = "`#[register(..)]` goes on a type, an `impl` block, a function, a constant or a static";
                errors.at(other, message);
                None
            }
        }
    }

    fn new(kind: Kind, name: &Ident, attrs: &[Attribute]) -> Self {
        Subject {
            kind,
            name: name.clone(),
            path: name.to_token_stream(),
            registry: None,
            ty: None,
            generics: None,
            is_instance: false,
            docs: docs(attrs),
            fields: Vec::new(),
        }
    }

    fn of_type(name: &Ident, attrs: &[Attribute], generics: &Generics) -> Self {
        let generics = (!generics.params.is_empty()).then(|| generics.clone());
        Subject { generics, ..Subject::new(Kind::Type, name, attrs) }
    }

    /// *Input:* `impl Codec for Gzip`. *Output:* `Gzip`, for `dyn Codec`.
    fn of_impl(it: &ItemImpl, errors: &mut Errors) -> Option<Self> {
        let Some((name, is_instance)) = named(&it.self_ty) else {
            errors.at(&it.self_ty, "expected a type with a name: write `type Name = ..;`");
            return None;
        };
        let of_trait = |path: &Path| Type::Verbatim(quote!(dyn #path));
        Some(Subject {
            path: it.self_ty.to_token_stream(),
            registry: it.trait_.as_ref().map(|(path, _)| of_trait(path)),
            is_instance,
            ..Subject::of_type(&name, &it.attrs, &it.generics)
        })
    }

    fn of_function(it: &ItemFn, errors: &mut Errors) -> Option<Self> {
        let name = &it.sig.ident;
        let is_generic = |param: &syn::GenericParam| !matches!(param, syn::GenericParam::Lifetime(_));
        if let Some(receiver) = it.sig.receiver() {
            errors.at(receiver, "cannot register a method: register a function without `self`, or the type");
            return None;
        }
        if it.sig.generics.params.iter().any(is_generic) {
            let message = format!(
                "cannot register the generic function `{name}`: register one that calls it with specific types"
            );
            errors.at(&it.sig.generics, message);
            return None;
        }
        Some(Subject::new(Kind::Function, name, &it.attrs))
    }

    fn of_value(kind: Kind, name: &Ident, attrs: &[Attribute], ty: &Type) -> Self {
        Subject { ty: Some(ty.clone()), ..Subject::new(kind, name, attrs) }
    }

    /// Is it an existing value?
    pub(super) fn is_value(&self) -> bool {
        self.kind != Kind::Type
    }
}

/// *Input:* `Self::new`. *Output:* `Gzip::new`: the generated code is outside of any `impl`.
pub(super) fn without_self(tokens: TokenStream, ty: &TokenStream) -> TokenStream {
    map_tree(tokens, &|rest| match rest {
        [TokenTree::Ident(word), ..] if word == "Self" => Some((1, at_self(ty, word.span()))),
        _ => None,
    })
}

/// The type in place of `Self`: a plain name unchanged, anything else in its brackets.
fn at_self(ty: &TokenStream, span: Span) -> TokenStream {
    let name = syn::parse2::<Ident>(ty.clone());
    name.map_or_else(|_| quote!(<#ty>), |name| Ident::new(&name.to_string(), span).to_token_stream())
}

/// *Input:* `codecs::Gzip`, `Buffer<u8>`. *Output:* the last identifier, and whether anything follows it.
fn named(ty: &Type) -> Option<(Ident, bool)> {
    let Type::Path(it) = ty else { return None };
    let last = it.path.segments.last()?;
    let is_type = |argument: &GenericArgument| !matches!(argument, GenericArgument::Lifetime(_));
    let is_instance = match &last.arguments {
        PathArguments::AngleBracketed(all) => all.args.iter().any(is_type),
        _ => false,
    };
    Some((last.ident.clone(), is_instance))
}

/// The attributes of the item, if it can have any.
pub(super) fn attributes(item: &Item) -> Option<&[Attribute]> {
    match item {
        Item::Struct(it) => Some(&it.attrs),
        Item::Enum(it) => Some(&it.attrs),
        Item::Union(it) => Some(&it.attrs),
        _ => None,
    }
}

/// Does a `#[derive(Register)]` follow?
pub(super) fn derives_it(item: &Item) -> bool {
    let derives = |attr: &&Attribute| attr.path().is_ident("derive");
    let names = |attr: &Attribute| match &attr.meta {
        Meta::List(list) => list.tokens.clone().into_iter().any(|token| token.to_string() == "Register"),
        _ => false,
    };
    attributes(item).is_some_and(|attrs| attrs.iter().filter(derives).any(names))
}

/// The text of all `///` lines.
pub(super) fn docs(attrs: &[Attribute]) -> String {
    let line = |attr: &Attribute| match &attr.meta {
        Meta::NameValue(it) if it.path.is_ident("doc") => match &it.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    };
    let lines: Vec<String> = attrs.iter().filter_map(line).collect();
    lines.iter().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// A name without `r#`.
pub(super) fn plain(name: &Ident) -> String {
    name.unraw().to_string()
}
