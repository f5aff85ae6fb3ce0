//! `#[derive(Register)]`: a type tells a registry its name and how it is made.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use std::collections::BTreeSet;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, ExprLit, Fields, Generics, Item, Lit, Meta, Path, Type};

use crate::kit::{Errors, Krate, Options, located_at, named, ours_at, site, text};

/// What all registrations of one type have in common.
struct Registered {
    name: Ident,
    docs: String,
    fields: Vec<Field>,
}

struct Field {
    name: String,
    ty: String,
    docs: String,
}

/// One `#[register(..)]`.
struct Registration {
    krate: Krate,
    /// `dyn Codec`
    registry: Type,
    name: TokenStream,
    aliases: Vec<TokenStream>,
    new: Option<TokenStream>,
    priority: Option<TokenStream>,
    tags: Vec<(Ident, TokenStream)>,
    singleton: Option<(Span, Option<Vec<TokenStream>>)>,
    on_register: Option<TokenStream>,
}

/// *Input:* `#[register(dyn Codec, name = "gzip")] struct Gzip { .. }`. *Output:* an entry for each `#[register(..)]`.
pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    match parse(item, &mut errors) {
        Some((ty, registrations)) if errors.is_empty() => registrations.iter().map(|it| it.expand(&ty)).collect(),
        _ => errors.beside(TokenStream::new()),
    }
}

fn parse(item: TokenStream, errors: &mut Errors) -> Option<(Registered, Vec<Registration>)> {
    let item = errors.take(syn::parse2(item))?;
    let (name, attrs, generics, fields) = match &item {
        Item::Struct(item) => (&item.ident, &item.attrs, &item.generics, fields(&item.fields)),
        Item::Enum(item) => (&item.ident, &item.attrs, &item.generics, Vec::new()),
        Item::Union(item) => (&item.ident, &item.attrs, &item.generics, Vec::new()),
        _ => return None,
    };
    refuse_generics(name, generics, errors);
    let ours: Vec<&Attribute> = attrs.iter().filter(|attr| attr.path().is_ident("register")).collect();
    if ours.is_empty() {
        errors.at(name, "say for which trait: `#[register(dyn Trait, name = \"..\")]`");
    }
    let registrations = ours.into_iter().filter_map(|attr| registration(attr, name, errors)).collect();
    Some((Registered { name: name.clone(), docs: docs(attrs), fields }, registrations))
}

fn refuse_generics(name: &Ident, generics: &Generics, errors: &mut Errors) {
    if !generics.params.is_empty() {
        let message = format!(
            "`{name}` is a type for each of its parameters, and each needs a name of its own: register a type that holds \
             one of them, as `struct Special({name}<..>);`"
        );
        errors.at(generics, message);
    }
}

fn registration(attr: &Attribute, name: &Ident, errors: &mut Errors) -> Option<Registration> {
    let Meta::List(list) = &attr.meta else {
        errors.at(&attr.meta, "say for which trait: `#[register(dyn Trait, name = \"..\")]`");
        return None;
    };
    let tokens = list.tokens.clone();
    let krate = Krate::find(&tokens);
    let mut options = Options::parse("register", tokens, errors);
    let registry = registry(&mut options, attr);
    let own_name = options.text("name").and_then(|own| quoted(own, &mut options));
    let aliases = options.list("alias").unwrap_or_default();
    let new = options.value("new").map(|new| without_self(new, name));
    let priority = options.value("priority");
    let singleton = options.flag_or_list("singleton");
    let tags = tags(&mut options);
    let on_register = options.value("on_register").map(|hook| without_self(hook, name));
    options.finish();
    let name = own_name.unwrap_or_else(|| name.unraw().to_string().to_token_stream());
    refuse_repeated_names(&name, &aliases, errors);
    Some(Registration { krate, registry: registry?, name, aliases, new, priority, tags, singleton, on_register })
}

/// `dyn Codec`, which stands first.
fn registry(options: &mut Options, attr: &Attribute) -> Option<Type> {
    let Some(tokens) = options.positional() else {
        options.error(attr, "say for which trait, first: `#[register(dyn Trait, ..)]`");
        return None;
    };
    match syn::parse2(tokens.clone()) {
        Ok(Type::TraitObject(it)) => Some(Type::TraitObject(it)),
        _ if is_type_name(&tokens) => {
            options.error(&tokens, format!("a registry belongs to a trait: write `dyn {tokens}`"));
            None
        }
        _ => {
            options.error(&tokens, "say for which trait, first: `#[register(dyn Trait, ..)]`");
            None
        }
    }
}

/// *Input:* `gzip`, which is no constant. *Output:* to write `"gzip"`.
fn quoted(name: TokenStream, options: &mut Options) -> Option<TokenStream> {
    let word = syn::parse2::<Ident>(name.clone()).map(|word| word.to_string()).unwrap_or_default();
    if !word.contains(char::is_lowercase) {
        return Some(name);
    }
    options.error(&name, format!("a name is a text: write `name = \"{word}\"`"));
    None
}

/// `Codec`, `codecs::Codec`.
fn is_type_name(tokens: &TokenStream) -> bool {
    let last = syn::parse2::<Path>(tokens.clone()).ok().and_then(|path| path.segments.last().cloned());
    last.is_some_and(|last| last.ident.unraw().to_string().starts_with(char::is_uppercase))
}

/// `tag(kind = "lossless", ..)`
fn tags(options: &mut Options) -> Vec<(Ident, TokenStream)> {
    let mut tags = Vec::new();
    for tag in options.list("tag").unwrap_or_default() {
        match named(&tag) {
            Some(tag) => tags.push(tag),
            None => options.error(&tag, "a tag has a name and a value: `tag(kind = \"lossless\")`"),
        }
    }
    tags
}

fn refuse_repeated_names(name: &TokenStream, aliases: &[TokenStream], errors: &mut Errors) {
    let mut known = BTreeSet::new();
    for name in std::iter::once(name).chain(aliases) {
        let Some(text) = literal(name) else { continue };
        if text.trim().is_empty() {
            errors.at(name, "a name has at least one letter");
        } else if known.contains(&text) {
            errors.at(name, format!("this type has the name `{text}` already"));
        }
        known.insert(text);
    }
}

/// The text of a string literal.
fn literal(tokens: &TokenStream) -> Option<String> {
    match syn::parse2(tokens.clone()) {
        Ok(Lit::Str(text)) => Some(text.value()),
        _ => None,
    }
}

/// *Input:* `Self::new`. *Output:* `Gzip::new`: what we generate stands outside of any `impl`.
fn without_self(tokens: TokenStream, name: &Ident) -> TokenStream {
    let rename = |token| match token {
        TokenTree::Ident(word) if word == "Self" => TokenTree::Ident(Ident::new(&name.to_string(), word.span())),
        TokenTree::Group(group) => {
            let mut renamed = Group::new(group.delimiter(), without_self(group.stream(), name));
            renamed.set_span(group.span());
            TokenTree::Group(renamed)
        }
        other => other,
    };
    tokens.into_iter().map(rename).collect()
}

fn fields(fields: &Fields) -> Vec<Field> {
    let name = |index: usize, field: &syn::Field| match &field.ident {
        Some(name) => name.unraw().to_string(),
        None => index.to_string(),
    };
    let describe = |(index, field)| Field { name: name(index, field), ty: text(&field.ty), docs: docs(&field.attrs) };
    fields.iter().enumerate().map(describe).collect()
}

/// The text of all `///` lines.
fn docs(attrs: &[Attribute]) -> String {
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

impl Registration {
    /// *Output:* `submit! { <dyn Codec>::festoon_slot(make, Spec { aliases: &["gz"], ..Spec::of::<Gzip>("gzip", place!()) }) }`.
    fn expand(&self, ty: &Registered) -> TokenStream {
        let Registration { krate, registry, name, .. } = self;
        let private = krate.private("registry");
        let (type_name, make, options) = (&ty.name, self.make(&ty.name, &private), self.options(ty, &private));
        // The trait's own words keep their places, or a misspelt one would be told twice.
        let at = |tokens| located_at(tokens, registry.span());
        let (registered, slot) = (at(quote!(#private::registered)), at(quote!(festoon_slot)));
        quote_spanned! {site()=>
            const _: () = {
                const _: () = #registered::<#registry>();
                #private::submit! {
                    <#registry>::#slot(#make, #private::Spec {
                        #(#options,)*
                        ..#private::Spec::of::<#type_name>(#name, #private::place!())
                    })
                }
            };
        }
    }

    /// The parts that differ from those of a type without options.
    fn options(&self, ty: &Registered, private: &TokenStream) -> Vec<TokenStream> {
        let Registration { aliases, priority, tags, .. } = self;
        let docs = (!ty.docs.is_empty()).then_some(&ty.docs).map(|docs| quote!(docs: #docs));
        let aliases = (!aliases.is_empty()).then(|| quote!(aliases: &[#(#aliases),*]));
        let priority = priority.as_ref().map(|priority| quote!(priority: #priority));
        let (keys, values): (Vec<_>, Vec<_>) = tags.iter().map(|(key, value)| (key.unraw().to_string(), value)).unzip();
        let tags = (!keys.is_empty()).then(|| quote!(tags: &[#((#keys, #values)),*]));
        let fields = ty.fields.iter().map(|Field { name, ty, docs }| quote!(#private::Field::new(#name, #ty, #docs)));
        let fields = (!ty.fields.is_empty()).then(|| quote!(fields: &[#(#fields),*]));
        let singleton = self.singleton(&ty.name, private);
        [docs, aliases, priority, tags, fields, singleton, self.hook(private)].into_iter().flatten().collect()
    }

    /// *Output:* `|args| construct::<Gzip, _, _>(Gzip::new, args).map(|made| -> Box<dyn Codec> { Box::new(made) })`.
    fn make(&self, ty: &Ident, private: &TokenStream) -> TokenStream {
        let new = self.constructor(ty, private);
        let registry = &self.registry;
        let boxed = located_at(quote_spanned!(site() => #private::Box::new(made)), registry.span());
        quote_spanned! {site()=>
            &|args| #private::construct::<#ty, _, _>(args, #new).map(|made| -> #private::Box<#registry> { #boxed })
        }
    }

    fn constructor(&self, ty: &Ident, private: &TokenStream) -> TokenStream {
        let default = || located_at(quote!(#private::by_default::<#ty>()), ty.span());
        self.new.clone().unwrap_or_else(default)
    }

    fn singleton(&self, ty: &Ident, private: &TokenStream) -> Option<TokenStream> {
        let (span, arguments) = self.singleton.as_ref()?;
        let span = ours_at(*span);
        let one = located_at(quote!(#private::Singleton<#ty>), span);
        let registry = &self.registry;
        let new = self.constructor(ty, private);
        let arguments = match arguments {
            Some(arguments) => quote!((#(#arguments,)*)),
            None => located_at(quote!(#private::no_arguments::<<#registry as #private::Registered>::Args>()), span),
        };
        Some(quote_spanned! {site()=>
            singleton: ::core::option::Option::Some(&|| {
                static ONE: #one = #private::Singleton::new();
                ONE.get(|| #private::construct::<#ty, _, _>(#arguments, #new)).map(|one| -> &#registry { one })
            })
        })
    }

    fn hook(&self, private: &TokenStream) -> Option<TokenStream> {
        let hook = self.on_register.as_ref()?;
        let call = located_at(quote_spanned!(site() => (#hook)(entry)), hook.span());
        Some(quote_spanned!(site() => on_register: ::core::option::Option::Some(|entry| #private::told(#call))))
    }
}
