//! `#[derive(ContextManager)]`: a struct whose fields are entered in order, and exited in reverse; or an enum, whose
//! variants are such structs.

mod active;
mod field;
mod flow;
pub(crate) mod function;
mod impls;
mod yields;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{Attribute, Fields, Generics, Item, Visibility};

use crate::kit::{Errors, Krate, Options, helper_options, mentions, ours};
use field::{Managed, Part};

/// The type and its options.
struct ContextManager {
    vis: Visibility,
    name: Ident,
    generics: Generics,
    path: TokenStream,
    /// `error = E`
    error: TokenStream,
    /// The name of the entered type.
    active: Ident,
    is_enum: bool,
    variants: Vec<Variant>,
}

/// A variant of an enum, or all that a struct has.
struct Variant {
    /// `None` for a struct.
    name: Option<Ident>,
    docs: Vec<Attribute>,
    fields: Fields,
    parts: Vec<Part>,
}

/// *Input:* `#[context(error = E)] struct Job { #[managed] db: Pool, retries: u8 }`. *Output:* `JobActive`, and the
/// impls that turn a `Job` into one and exit it.
pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    match parse(item, &mut errors) {
        Some(manager) if errors.is_empty() => manager.expand(),
        _ => errors.with_item(TokenStream::new()),
    }
}

fn parse(item: TokenStream, errors: &mut Errors) -> Option<ContextManager> {
    let Head { attrs, vis, name, generics, is_enum, variants } = head(errors.take(syn::parse2(item))?, errors)?;
    refuse(&attrs, "managed", "goes above a field, not above the type", errors);
    let tokens = helper_options("context", &attrs, errors);
    let path = Krate::find(&tokens).private("context_manager");
    let mut options = Options::parse("context", tokens, errors);
    let error = options.ty("error");
    let active = options.tokens("active").and_then(|name| {
        let parsed = syn::parse2::<Ident>(name.clone()).ok();
        if parsed.is_none() {
            options.error(&name, "expected a name for the generated type: write `active = OpenJob`");
        }
        parsed
    });
    options.finish();
    if error.is_none() && errors.is_empty() {
        errors.at(&name, "missing error type: write `#[context(error = MyError)]`");
    }
    if variants.iter().all(|variant| variant.managed().next().is_none()) && errors.is_empty() {
        errors.at(&name, "no field to enter: write `#[managed]` above a field");
    }
    let active = active.unwrap_or_else(|| format_ident!("{name}Active"));
    Some(ContextManager { vis, name, generics, path, error: error?, active, is_enum, variants })
}

/// What structs and enums have in common.
struct Head {
    attrs: Vec<Attribute>,
    vis: Visibility,
    name: Ident,
    generics: Generics,
    is_enum: bool,
    variants: Vec<Variant>,
}

fn head(item: Item, errors: &mut Errors) -> Option<Head> {
    let (token, what) = match item {
        Item::Struct(item) => {
            let variants = vec![Variant::read(None, &[], item.fields, errors)];
            let (attrs, vis, name, generics) = (item.attrs, item.vis, item.ident, item.generics);
            return Some(Head { attrs, vis, name, generics, is_enum: false, variants });
        }
        Item::Enum(item) => {
            let read =
                |variant: syn::Variant| Variant::read(Some(variant.ident), &variant.attrs, variant.fields, errors);
            let variants = item.variants.into_iter().map(read).collect();
            let (attrs, vis, name, generics) = (item.attrs, item.vis, item.ident, item.generics);
            return Some(Head { attrs, vis, name, generics, is_enum: true, variants });
        }
        Item::Union(item) => (item.union_token.to_token_stream(), "a union"),
        other => (other.to_token_stream(), "this"),
    };
    let help = "implement `festoon::Manager` for it by hand";
    errors.at(&token, format!("`ContextManager` supports only structs and enums, found {what}: {help}"));
    None
}

fn refuse(attrs: &[Attribute], name: &str, why: &str, errors: &mut Errors) {
    for attr in attrs.iter().filter(|attr| attr.path().is_ident(name)) {
        errors.at(attr, format!("`#[{name}]` {why}"));
    }
}

impl Variant {
    fn read(name: Option<Ident>, attrs: &[Attribute], fields: Fields, errors: &mut Errors) -> Self {
        refuse(attrs, "managed", "goes above a field of the variant, as in `Open(#[managed] File)`", errors);
        refuse(attrs, "context", "goes above the type, not above a variant", errors);
        let docs = attrs.iter().filter(|attr| attr.path().is_ident("doc")).cloned().collect();
        let parts = fields.iter().zip(fields.members()).enumerate();
        let parts = parts.map(|(index, (field, member))| Part::read(index, field, member, errors)).collect();
        Variant { name, docs, fields, parts }
    }

    fn managed(&self) -> impl DoubleEndedIterator<Item = (&Part, &Managed)> {
        self.parts.iter().filter_map(|part| Some((part, part.managed.as_ref()?)))
    }

    /// *Input:* `Job`. *Output:* `Job`, or `Job::Local`.
    fn path(&self, ty: &Ident) -> TokenStream {
        let variant = self.name.as_ref().map(|name| quote!(::#name));
        quote!(#ty #variant)
    }
}

impl ContextManager {
    /// *Output:* `struct JobActive { .. }`, `impl Manager for Job { .. }`, `impl Exit<E> for JobActive { .. }`.
    fn expand(&self) -> TokenStream {
        let (active, manager, exit, checks) = (self.active_type(), self.manager(), self.exit(), self.checks());
        quote!(#active #manager #exit #checks)
    }

    fn is_async(&self) -> bool {
        self.managed().any(|(_, managed)| managed.is_async)
    }

    fn managed(&self) -> impl Iterator<Item = (&Part, &Managed)> {
        self.variants.iter().flat_map(Variant::managed)
    }

    /// The bounds of both impls. rustc reports false ones, and takes them for true in the bodies, which then have no
    /// errors of their own. In a future, a bound with a lifetime would hide the impl that holds for all lifetimes.
    fn where_clause(&self) -> TokenStream {
        let is_async = self.is_async();
        let bounds = self.parts().filter(|part| !(is_async && self.is_borrowed(part)));
        let bounds = bounds.map(|part| part.bounds(&self.path, &self.error, is_async));
        let predicates = self.predicates();
        quote!(where #predicates #(#bounds)*)
    }

    fn predicates(&self) -> TokenStream {
        let predicates = self.generics.where_clause.iter().flat_map(|clause| &clause.predicates);
        quote!(#(#predicates,)*)
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        self.variants.iter().flat_map(|variant| &variant.parts)
    }

    /// Does its type have lifetimes or constants as its only parameters? Bounds with them are never reported.
    fn is_borrowed(&self, part: &Part) -> bool {
        let ty = part.field.ty.to_token_stream();
        let types = self.generics.type_params().map(|param| &param.ident);
        let lifetimes = self.generics.lifetimes().map(|param| &param.lifetime.ident);
        let consts = self.generics.const_params().map(|param| &param.ident);
        let names = |mut names: Box<dyn Iterator<Item = &Ident> + '_>| names.any(|name| mentions(&ty, name));
        !names(Box::new(types)) && names(Box::new(lifetimes.chain(consts)))
    }

    /// *Output:* `fn check<'a>(_: Guard<<Pool<'a> as Manager>::Active, E>) { From::<..>::from; }`, which reports the
    /// bounds that are otherwise not reported.
    fn checks(&self) -> Option<TokenStream> {
        let borrowed = || self.parts().filter(|part| self.is_borrowed(part));
        let exits = borrowed().filter_map(|part| part.exits(&self.path, &self.error));
        let converts = borrowed().filter_map(|part| part.converts(&self.path, &self.error));
        let ((generics, ..), predicates) = (self.generics.split_for_impl(), self.predicates());
        let is_needed = !self.is_async() && borrowed().any(|part| part.managed.is_some());
        is_needed.then(|| {
            ours! {
                const _: () = {
                    // Only its signature and its types matter.
                    #[allow(dead_code, single_use_lifetimes, unused_lifetimes)]
                    fn check #generics (#(_: #exits,)*) where #predicates { #(#converts)* }
                };
            }
        })
    }
}
