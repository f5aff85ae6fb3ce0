//! The fields of a registered struct, and their `#[field(..)]`.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Attribute, Fields, Lit, Meta};

use super::subject::docs;
use crate::kit::{Errors, group, is_punct, named, split, text, with_inside};

pub(super) struct Field {
    name: String,
    ty: String,
    docs: String,
    attributes: Vec<(Ident, TokenStream)>,
    /// `on_register = path`: called with the entry and the field.
    pub(super) hook: Option<TokenStream>,
}

pub(super) fn fields(fields: &Fields, errors: &mut Errors) -> Vec<Field> {
    let name = |index: usize, field: &syn::Field| match &field.ident {
        Some(name) => name.unraw().to_string(),
        None => index.to_string(),
    };
    let describe = |(index, field): (usize, &syn::Field)| {
        let (attributes, hook) = attributes(&field.attrs, errors);
        Field { name: name(index, field), ty: text(&field.ty), docs: docs(&field.attrs), attributes, hook }
    };
    fields.iter().enumerate().map(describe).collect()
}

/// `#[field(min = 0, label = "Level", on_register = path)]`
fn attributes(attrs: &[Attribute], errors: &mut Errors) -> (Vec<(Ident, TokenStream)>, Option<TokenStream>) {
    let (mut found, mut hook) = (Vec::<(Ident, TokenStream)>::new(), None);
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("field")) {
        let Meta::List(list) = &attr.meta else {
            errors.at(&attr.meta, "missing name and value: write `#[field(name = \"value\")]`");
            continue;
        };
        for part in split(list.tokens.clone()) {
            match named(&part) {
                Some((name, _)) if found.iter().any(|(known, _)| *known == name) => {
                    errors.at(&name, format!("`{name}` is given twice"));
                }
                Some((name, value)) if name == "on_register" => hook = hook.or(Some(value)),
                Some((name, value)) => found.push((name, as_text(value))),
                None => errors.at(&part, "expected a name and a value: write `#[field(min = 0, label = \"Level\")]`"),
            }
        }
    }
    (found, hook)
}

/// *Input:* `0`, `true`, `'x'`, `-1`. *Output:* `"0"`, `"true"`, `"x"`, `"-1"`; everything else is unchanged.
pub(super) fn as_text(value: TokenStream) -> TokenStream {
    let plain = match syn::parse2::<Lit>(value.clone()) {
        Ok(Lit::Int(it)) => it.base10_digits().to_owned(),
        Ok(Lit::Float(it)) => it.base10_digits().to_owned(),
        Ok(Lit::Bool(it)) => it.value.to_string(),
        Ok(Lit::Char(it)) => it.value().to_string(),
        _ => return value,
    };
    plain.to_token_stream()
}

impl Field {
    pub(super) fn expand(&self, private: &TokenStream) -> TokenStream {
        let Field { name, ty, docs, attributes, .. } = self;
        let (names, values): (Vec<_>, Vec<_>) =
            attributes.iter().map(|(name, value)| (name.unraw().to_string(), value)).unzip();
        let with = (!names.is_empty()).then(|| quote!(.with(&[#((#names, #values)),*])));
        quote!(#private::Field::new(#name, #ty, #docs) #with)
    }
}

/// *Input:* `struct Gzip { #[field(min = 0)] level: u32 }`. *Output:* the same without `#[field(..)]`, which only a
/// derive may leave in place, unless another `#[register(..)]` still has to read it.
pub(super) fn without_helpers(item: TokenStream) -> TokenStream {
    let is_read_again = |text: String| text.contains("register");
    let mut tokens: Vec<TokenTree> = item.into_iter().collect();
    let is_type = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "struct");
    let Some(start) = tokens.iter().position(is_type) else { return tokens.into_iter().collect() };
    let mut above = tokens[..start].windows(2);
    if above.any(|two| is_punct(two.first(), '#') && is_read_again(two[1].to_string())) {
        return tokens.into_iter().collect();
    }
    for token in &mut tokens[start..] {
        if let TokenTree::Group(fields) = token
            && fields.delimiter() != Delimiter::Bracket
        {
            *token = with_inside(fields, without_field(fields.stream()));
        }
    }
    tokens.into_iter().collect()
}

fn without_field(fields: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = fields.into_iter().collect();
    let mut kept = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let body = is_punct(Some(token), '#').then(|| group(tokens.get(at + 1), Delimiter::Bracket)).flatten();
        let first = body.and_then(|body| body.stream().into_iter().next());
        if matches!(first, Some(TokenTree::Ident(word)) if word == "field") {
            at += 2;
        } else {
            kept.push(token.clone());
            at += 1;
        }
    }
    kept.into_iter().collect()
}
