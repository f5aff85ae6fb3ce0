//! The options of one `#[register(..)]`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use std::collections::BTreeSet;
use syn::spanned::Spanned;
use syn::{Lit, Path, Type};

use super::FOR_WHICH;
use super::field::as_text;
use super::subject::{Kind, Subject, plain, without_self};
use crate::kit::{Errors, Krate, Options, named, ours_at};

/// One `#[register(..)]`.
pub(super) struct Registration {
    pub(super) krate: Krate,
    /// `dyn Codec`
    pub(super) registry: Type,
    /// The type, or the path of the value.
    pub(super) subject: TokenStream,
    /// It creates a type, with this constructor if one is given; `None` for a value.
    pub(super) makes: Option<TokenStream>,
    /// The names are values of the registry's `key = TYPE`.
    pub(super) is_keyed: bool,
    pub(super) name: TokenStream,
    pub(super) lists: Lists,
    pub(super) new: Option<TokenStream>,
    /// There is no constructor: values are deserialized.
    pub(super) is_read_only: bool,
    pub(super) priority: Option<TokenStream>,
    pub(super) tags: Vec<(Ident, TokenStream)>,
    pub(super) singleton: Option<(Span, Option<Vec<TokenStream>>)>,
    pub(super) on_register: Option<TokenStream>,
}

/// Other names: its own, and those of other types.
pub(super) struct Lists {
    pub(super) aliases: Vec<TokenStream>,
    pub(super) deprecated: Vec<TokenStream>,
    pub(super) before: Vec<TokenStream>,
    pub(super) after: Vec<TokenStream>,
}

impl Registration {
    /// `whole` is the position of the attribute, if it differs from the macro call.
    pub(super) fn read(
        tokens: TokenStream,
        whole: &TokenStream,
        subject: &Subject,
        errors: &mut Errors,
    ) -> Option<Self> {
        let krate = Krate::find(&tokens);
        let mut options = Options::parse("register", tokens, errors);
        let registry = registry(&mut options, whole, subject);
        let ty = instance(&mut options, subject);
        let path = ty.clone().unwrap_or_else(|| subject.path.clone());
        let (name, is_keyed) = name(&mut options, whole, subject, ty.is_some());
        let mut list = |name| options.list(name).unwrap_or_default();
        let (aliases, deprecated) = (list("alias"), list("deprecated"));
        let lists = Lists { aliases, deprecated, before: list("before"), after: list("after") };
        let new = new(&mut options, subject, ty.is_some(), &path);
        let is_read_only = no_new(&mut options, subject);
        let priority = options.value("priority");
        let singleton = singleton(&mut options, subject, ty.is_some());
        let tags = tags(&mut options);
        let on_register = options.value("on_register").map(|hook| without_self(hook, &path));
        options.finish();
        let registration = Registration {
            krate,
            registry: registry?,
            makes: (!subject.is_value() || ty.is_some()).then(|| path.clone()),
            subject: path,
            is_keyed,
            name: name?,
            lists,
            new,
            is_read_only,
            priority,
            tags,
            singleton,
            on_register,
        };
        registration.check_names(errors);
        Some(registration)
    }

    /// Its name and its aliases, the deprecated ones last.
    pub(super) fn all_names(&self) -> impl Iterator<Item = &TokenStream> {
        std::iter::once(&self.name).chain(&self.lists.aliases).chain(&self.lists.deprecated)
    }

    fn check_names(&self, errors: &mut Errors) {
        let mut known = BTreeSet::new();
        for name in self.all_names() {
            let text = match literal(name) {
                Some(text) if text.trim().is_empty() => {
                    errors.at(name, "expected a name that is not empty");
                    continue;
                }
                Some(text) => text,
                None => name.to_string(),
            };
            if known.contains(&text) {
                errors.at(name, format!("this type already has the name `{text}`"));
            }
            known.insert(text);
        }
        for other in self.lists.before.iter().chain(&self.lists.after) {
            if literal(other).is_some_and(|text| known.contains(&text)) {
                errors.at(other, "a type cannot come before or after itself");
            }
        }
        let is_after = |name: &&TokenStream| self.lists.after.iter().any(|it| it.to_string() == name.to_string());
        for both in self.lists.before.iter().filter(is_after) {
            errors.at(both, format!("{both} cannot come both before and after this"));
        }
    }
}

/// Several `#[register(..)]` of one type use the same name in one registry.
pub(super) fn refuse_repeats(all: &[Registration], errors: &mut Errors) {
    let mut known = BTreeSet::new();
    for registration in all {
        let registry = registration.registry.to_token_stream().to_string();
        let names: BTreeSet<_> = registration.all_names().map(ToString::to_string).collect();
        for name in registration.all_names() {
            if known.contains(&(registry.clone(), name.to_string())) {
                errors.at(name, format!("{name} is already registered for `{registry}` above"));
            }
        }
        known.extend(names.into_iter().map(|name| (registry.clone(), name)));
    }
}

/// `dyn Codec`, which has to be first; above an `impl Codec for ..` it is known.
fn registry(options: &mut Options, whole: &TokenStream, subject: &Subject) -> Option<Type> {
    let Some(tokens) = options.positional() else {
        if subject.registry.is_none() {
            options.error(whole, FOR_WHICH);
        }
        return subject.registry.clone();
    };
    match syn::parse2(tokens.clone()) {
        Ok(Type::TraitObject(it)) => Some(Type::TraitObject(it)),
        _ if is_type_name(&tokens) => {
            options.error(&tokens, format!("expected a trait object: write `dyn {tokens}`"));
            None
        }
        _ => {
            options.error(&tokens, FOR_WHICH);
            None
        }
    }
}

/// `for = Buffer<u8>`: the instantiation, or the type that a function creates.
fn instance(options: &mut Options, subject: &Subject) -> Option<TokenStream> {
    let ty = options.tokens("for");
    match (&ty, &subject.generics, subject.kind) {
        (None, Some(generics), _) => {
            let name = &subject.name;
            let parameters = generics.params.iter().map(|_| "..").collect::<Vec<_>>().join(", ");
            let message = format!(
                "cannot register the generic type `{name}`: register each instantiation, as in \
                 `#[register(dyn Trait, for = {name}<{parameters}>, name = \"..\")]`"
            );
            options.error(generics, message);
        }
        (Some(ty), _, Kind::Constant | Kind::Static) => {
            options.error(ty, "the type of a value is known: remove `for`");
        }
        (Some(ty), ..) if syn::parse2::<Type>(ty.clone()).is_err() => {
            options.error(ty, "expected a type: write `for = Buffer<u8>`");
        }
        _ => {}
    }
    ty
}

/// `name = "gzip"`, `key = 7`, or the name of the item; and whether it is a `key`.
fn name(options: &mut Options, whole: &TokenStream, subject: &Subject, is_given: bool) -> (Option<TokenStream>, bool) {
    let (name, key) = (options.text("name"), options.value("key"));
    if let (Some(_), Some(key)) = (&name, &key) {
        options.error(key, "expected either `name` or `key`, found both: remove one of them");
    }
    match (name, key) {
        (_, Some(key)) => (Some(key), true),
        (Some(name), None) => (quoted(name, options), false),
        (None, None) if subject.is_instance || (is_given && subject.kind == Kind::Type) => {
            options.error(whole, "missing name: write `name = \"..\"`");
            (None, false)
        }
        (None, None) => (Some(plain(&subject.name).to_token_stream()), false),
    }
}

/// *Input:* `gzip`, which is not a constant. *Output:* the advice to write `"gzip"`.
fn quoted(name: TokenStream, options: &mut Options) -> Option<TokenStream> {
    let word = syn::parse2::<Ident>(name.clone()).map(|word| word.to_string()).unwrap_or_default();
    if !word.contains(char::is_lowercase) {
        return Some(name);
    }
    options.error(&name, format!("expected a string literal: write `name = \"{word}\"`"));
    None
}

/// The constructor; a function with `for = TYPE` is one.
fn new(options: &mut Options, subject: &Subject, is_given: bool, ty: &TokenStream) -> Option<TokenStream> {
    let new = options.value("new").map(|new| without_self(new, ty));
    if !subject.is_value() {
        return new;
    }
    if new.is_some() {
        options.refuse("new", "this is already the value, which needs no constructor: remove `new`");
    }
    (is_given && subject.kind == Kind::Function).then(|| subject.name.to_token_stream())
}

/// `no_new`
fn no_new(options: &mut Options, subject: &Subject) -> bool {
    let is_given = options.flag("no_new").is_some();
    if is_given && subject.is_value() {
        options.refuse("no_new", "cannot combine `no_new` with a value, which needs no constructor: remove it");
    }
    for other in ["new", "singleton"] {
        if is_given && options.key(other).is_some() {
            options.refuse("no_new", format!("`no_new` and `{other}` contradict each other: keep one of them"));
        }
    }
    is_given
}

/// `singleton`, `singleton(3, x)`; functions and statics are.
fn singleton(options: &mut Options, subject: &Subject, is_given: bool) -> Option<(Span, Option<Vec<TokenStream>>)> {
    let singleton = options.flag_or_list("singleton");
    let is_made = !subject.is_value() || is_given;
    match &singleton {
        Some(_) if !is_made && subject.kind != Kind::Constant => {
            options.refuse("singleton", "this is always a singleton: remove `singleton`");
        }
        Some((_, Some(_))) if !is_made => {
            options.refuse("singleton", "a constant takes no arguments: write `singleton`");
        }
        _ => {}
    }
    singleton
}

/// `Codec`, `codecs::Codec`.
fn is_type_name(tokens: &TokenStream) -> bool {
    let last = syn::parse2::<Path>(tokens.clone()).ok().and_then(|path| path.segments.last().cloned());
    last.is_some_and(|last| plain(&last.ident).starts_with(char::is_uppercase))
}

/// `tag(kind = "lossless", ..)`
fn tags(options: &mut Options) -> Vec<(Ident, TokenStream)> {
    let mut tags = Vec::<(Ident, TokenStream)>::new();
    for tag in options.list("tag").unwrap_or_default() {
        match named(&tag) {
            Some((name, _)) if tags.iter().any(|(known, _)| *known == name) => {
                options.error(&name, format!("the tag `{name}` is given twice"));
            }
            Some((name, value)) => tags.push((name, as_text(value))),
            None => options.error(&tag, "expected a name and a value: write `tag(kind = \"lossless\")`"),
        }
    }
    tags
}

/// The text of a string literal.
pub(super) fn literal(tokens: &TokenStream) -> Option<String> {
    match syn::parse2(tokens.clone()) {
        Ok(Lit::Str(text)) => Some(text.value()),
        _ => None,
    }
}

/// *Input:* a name. *Output:* a reference to it that lives as long as the program.
pub(super) fn key(name: &TokenStream, is_keyed: bool) -> TokenStream {
    // With the span of the key, for one of another type.
    if is_keyed { quote_spanned!(ours_at(name.span()) => const { &(#name) }) } else { name.clone() }
}

/// *Input:* names. *Output:* a list of references.
pub(super) fn keys(names: &[TokenStream], is_keyed: bool) -> TokenStream {
    let key = |name: &TokenStream| quote_spanned!(ours_at(name.span()) => &(#name));
    let names = names.iter().map(|name| if is_keyed { key(name) } else { name.clone() });
    if is_keyed { quote!(const { &[#(#names),*] }) } else { quote!(&[#(#names),*]) }
}
