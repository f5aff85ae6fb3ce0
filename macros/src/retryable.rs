//! `#[derive(Retryable)]`: which variants of an error are worth another attempt.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, Field, Fields, Generics, Ident, Item, Member, Type};

use crate::kit::{Errors, Krate, Options, helper_options, ours, ours_at};

/// The error type and its variants.
struct Retryable {
    name: Ident,
    generics: Generics,
    krate: Krate,
    arms: Vec<Arm>,
}

/// One variant, or the struct.
struct Arm {
    /// `Self::Io`
    path: TokenStream,
    advice: Advice,
}

#[derive(Clone)]
enum Advice {
    Never,
    Transient,
    /// The field with the duration.
    After(Member),
    /// The field that decides.
    Source(Member, Box<Type>),
}

/// *Input:* `enum ShopError { #[retry(never)] Unknown, .. }`. *Output:* `impl Retryable for ShopError { .. }`.
pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    match parse(item, &mut errors) {
        Some(error) if errors.is_empty() => error.expand(),
        _ => errors.with_item(TokenStream::new()),
    }
}

fn parse(item: TokenStream, errors: &mut Errors) -> Option<Retryable> {
    let item = errors.take(syn::parse2(item))?;
    let (name, generics, attrs) = match &item {
        Item::Enum(item) => (item.ident.clone(), item.generics.clone(), item.attrs.clone()),
        Item::Struct(item) => (item.ident.clone(), item.generics.clone(), item.attrs.clone()),
        other => {
            errors.at(other, "`Retryable` supports only enums and structs");
            return None;
        }
    };
    let krate = Krate::find(&helper_options("retry", &attrs, errors));
    let arms = match &item {
        Item::Struct(item) => vec![read(&attrs, &item.fields, None, &name, errors).map(|advice| arm(None, advice))],
        Item::Enum(item) => {
            let others = is_said(&attrs).then(|| read(&attrs, &Fields::Unit, None, &name, errors)).flatten();
            let read = |variant: &syn::Variant| {
                let advice = read(&variant.attrs, &variant.fields, others.as_ref(), &variant.ident, errors)?;
                Some(arm(Some(&variant.ident), advice))
            };
            item.variants.iter().map(read).collect()
        }
        _ => Vec::new(),
    };
    Some(Retryable { name, generics, krate, arms: arms.into_iter().flatten().collect() })
}

fn arm(variant: Option<&Ident>, advice: Advice) -> Arm {
    let variant = variant.map(|variant| quote!(::#variant));
    Arm { path: quote!(Self #variant), advice }
}

/// Is there more than `#[retry(crate = ..)]`?
fn is_said(attrs: &[Attribute]) -> bool {
    let said =
        |attr: &&Attribute| attr.path().is_ident("retry") && !attr.to_token_stream().to_string().contains("crate");
    attrs.iter().any(|attr| said(&attr))
}

/// *Input:* `#[retry(after = pause)]` and the fields. *Output:* its advice; `others` if it has none.
fn read(
    attrs: &[Attribute],
    fields: &Fields,
    others: Option<&Advice>,
    name: &Ident,
    errors: &mut Errors,
) -> Option<Advice> {
    let tokens = helper_options("retry", attrs, errors);
    let mut options = Options::parse("retry", tokens.clone(), errors);
    let mut said = Vec::new();
    said.extend(options.flag("never").map(|_| Advice::Never));
    said.extend(options.flag("transient").map(|_| Advice::Transient));
    said.extend(options.tokens("after").and_then(|field| named_field(&field, fields, &mut options)).map(Advice::After));
    let source = options.flag("source").and_then(|at| source_field(fields, at, &mut options));
    said.extend(source.map(|(field, ty)| Advice::Source(field, Box::new(ty))));
    options.finish();
    match said.len() {
        0 if others.is_some() => return others.cloned(),
        0 if tokens.is_empty() => errors.at(
            name,
            "nothing says whether to retry this: write `#[retry(never)]`, `#[retry(transient)]`, `#[retry(after = field)]` \
             or `#[retry(source)]`; above an enum, that applies to all variants without one",
        ),
        2.. => errors.at(&tokens, "expected only one of `never`, `transient`, `after` and `source`"),
        _ => {}
    }
    said.pop()
}

/// *Input:* `pause`, or `0`. *Output:* the field.
fn named_field(tokens: &TokenStream, fields: &Fields, options: &mut Options) -> Option<Member> {
    let Ok(member) = syn::parse2::<Member>(tokens.clone()) else {
        options.error(tokens, "`after` takes the name of a field: write `after = pause`, or `after = 0`");
        return None;
    };
    let is_there = fields.members().any(|known| known == member);
    if !is_there {
        options.error(tokens, format!("no field `{}` here", member.to_token_stream()));
    }
    is_there.then_some(member)
}

/// The only field, the one called `source`, or the one marked as the source.
fn source_field(fields: &Fields, at: Span, options: &mut Options) -> Option<(Member, Type)> {
    let is_marked =
        |field: &Field| field.attrs.iter().any(|attr| attr.path().is_ident("source") || attr.path().is_ident("from"));
    let is_it = |field: &Field| {
        fields.len() == 1 || is_marked(field) || field.ident.as_ref().is_some_and(|name| name == "source")
    };
    let found = fields.members().zip(fields).find(|(_, field)| is_it(field));
    if found.is_none() {
        options.at_span(at, "cannot tell which field is the source: call it `source`, or mark it with `#[source]`");
    }
    found.map(|(member, field)| (member, field.ty.clone()))
}

impl Retryable {
    /// *Output:* `impl Retryable for ShopError { fn advice(&self) -> Advice { match self { .. } } }`
    fn expand(&self) -> TokenStream {
        let retry = self.krate.private("retry");
        let generics = self.bounded(&retry);
        let (impl_generics, type_generics, bounds) = generics.split_for_impl();
        let (name, arms) = (&self.name, self.arms.iter().map(|arm| arm.expand(&retry)));
        let this = if self.arms.is_empty() { ours!(*self) } else { ours!(self) };
        ours! {
            #[automatically_derived]
            impl #impl_generics #retry::Retryable for #name #type_generics #bounds {
                fn advice(&self) -> #retry::Advice {
                    match #this { #(#arms)* }
                }
            }
        }
    }

    /// A source with a generic type has to be `Retryable`.
    fn bounded(&self, retry: &TokenStream) -> Generics {
        let mut generics = self.generics.clone();
        if generics.type_params().next().is_none() {
            return generics;
        }
        let bounds = &mut generics.make_where_clause().predicates;
        for arm in &self.arms {
            if let Advice::Source(_, ty) = &arm.advice {
                bounds.push(syn::parse_quote!(#ty: #retry::Retryable));
            }
        }
        generics
    }
}

impl Arm {
    fn expand(&self, retry: &TokenStream) -> TokenStream {
        let path = &self.path;
        match &self.advice {
            Advice::Never => ours!(#path { .. } => #retry::Advice::Never,),
            Advice::Transient => ours!(#path { .. } => #retry::Advice::Transient,),
            Advice::After(field) => {
                let wait = quote_spanned!(ours_at(field.span()) => #retry::after(field));
                ours!(#path { #field: field, .. } => #wait,)
            }
            Advice::Source(field, ty) => {
                let advice = quote_spanned!(ours_at(ty.span()) => #retry::Retryable::advice(field));
                ours!(#path { #field: field, .. } => #advice,)
            }
        }
    }
}
