//! `#[derive(Register)]`: registers a type with its name and constructor.

mod expand;
mod field;
mod options;
mod subject;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Item, Meta};

use crate::kit::Errors;
use options::Registration;
use subject::Subject;

const FOR_WHICH: &str = "expected the trait first: write `#[register(dyn Trait, name = \"..\")]`";

/// *Input:* `#[register(dyn Codec, name = "gzip")] struct Gzip { .. }`. *Output:* an entry for each `#[register(..)]`.
pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    match all(item, &mut errors) {
        Some((subject, all)) if errors.is_empty() => all.iter().map(|it| it.expand(&subject)).collect(),
        _ => errors.with_item(TokenStream::new()),
    }
}

fn all(item: TokenStream, errors: &mut Errors) -> Option<(Subject, Vec<Registration>)> {
    let item = errors.take(syn::parse2(item))?;
    let attrs = subject::attributes(&item)?.to_vec();
    let subject = Subject::of(&item, errors)?;
    let ours: Vec<&Attribute> = attrs.iter().filter(|attr| attr.path().is_ident("register")).collect();
    if ours.is_empty() {
        errors.at(&subject.name, "missing trait: write `#[register(dyn Trait, name = \"..\")]`");
    }
    let registrations: Vec<_> = ours.into_iter().filter_map(|attr| of_helper(attr, &subject, errors)).collect();
    options::refuse_repeats(&registrations, errors);
    Some((subject, registrations))
}

fn of_helper(attr: &Attribute, subject: &Subject, errors: &mut Errors) -> Option<Registration> {
    let Meta::List(list) = &attr.meta else {
        errors.at(&attr.meta, "missing trait: write `#[register(dyn Trait, name = \"..\")]`");
        return None;
    };
    Registration::read(list.tokens.clone(), &attr.to_token_stream(), subject, errors)
}

/// *Input:* `dyn Codec, name = "gzip"` and the item below. *Output:* the unchanged item, and its entry.
pub(crate) fn attribute(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let entry = entry(options, item.clone(), &mut errors);
    let item = field::without_helpers(item);
    if errors.is_empty() { quote!(#item #entry) } else { errors.with_item(item) }
}

fn entry(options: TokenStream, item: TokenStream, errors: &mut Errors) -> Option<TokenStream> {
    let span = proc_macro2::Span::call_site();
    let Ok(item) = syn::parse2::<Item>(item.clone()) else {
        let message = "`#[register(..)]` goes on a type, an `impl` block, a function, a constant or a static";
        errors.at(&item.into_iter().next(), message);
        return None;
    };
    if subject::derives_it(&item) {
        errors.at_span(
            span,
            "`#[derive(Register)]` below this cannot read it: move it below the derive, or remove the derive",
        );
        return None;
    }
    let subject = Subject::of(&item, errors)?;
    let registration = Registration::read(options, &TokenStream::new(), &subject, errors)?;
    errors.is_empty().then(|| registration.expand(&subject))
}
