//! `#[registry]` on a trait: `<dyn Codec>::registry()` finds every type that registered itself for it.

mod compatible;
mod serde;

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::quote;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, GenericArgument, Generics, PathArguments, Token, Type, Visibility};

use serde::Tagging;

use crate::kit::{Errors, Krate, Options, group, is_punct, located_at, ours, text};

/// The trait and the arguments of its constructors.
struct Registry {
    header: Header,
    krate: Krate,
    arguments: Vec<Argument>,
    rules: Rules,
}

/// The options.
#[expect(clippy::struct_excessive_bools, reason = "each is a separate option")]
struct Rules {
    key: Option<TokenStream>,
    default: Option<TokenStream>,
    is_async: bool,
    ignores_case: bool,
    is_unique: bool,
    allows_duplicates: bool,
    on_register: Option<TokenStream>,
    /// Where the name of a type is in its serialized form.
    serde: Option<Tagging>,
}

/// A trait up to its name; its content is not parsed.
struct Header {
    name: Ident,
    generics: Generics,
    /// The tokens between the name and the braces.
    supertraits: TokenStream,
    body: TokenStream,
}

/// `level: u32`
struct Argument {
    name: Ident,
    ty: Type,
}

/// *Input:* `args(level: u32)` and `pub trait Codec { .. }`. *Output:* the unchanged trait, and its registry.
pub(crate) fn expand(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    match parse(options, &item, &mut errors) {
        Some(registry) if errors.is_empty() => {
            let item = registry.with_supertraits(&item);
            let registry = registry.expand();
            quote!(#item #registry)
        }
        _ => errors.with_item(item),
    }
}

fn parse(tokens: TokenStream, item: &TokenStream, errors: &mut Errors) -> Option<Registry> {
    let krate = Krate::find(&tokens);
    let mut options = Options::parse("registry", tokens, errors);
    let arguments = options.group("args").unwrap_or_default();
    let rules = Rules::read(&mut options);
    options.finish();
    let arguments = errors.take(arguments_of.parse2(arguments)).unwrap_or_default();
    let Ok(header) = header.parse2(item.clone()) else {
        errors.at(
            &keyword.parse2(item.clone()).ok(),
            "`#[registry]` goes on a trait, for which types register themselves",
        );
        return None;
    };
    check(&header, &arguments, errors);
    Some(Registry { header, krate, arguments, rules })
}

impl Rules {
    fn read(options: &mut Options) -> Self {
        let key = options.tokens("key");
        if let Some(key) = &key
            && syn::parse2::<Type>(key.clone()).is_err()
        {
            options.error(key, "expected the type of the keys: write `key = u16`");
        }
        let default = options.value("default");
        let case = options.choice("case", &["sensitive", "insensitive"]);
        if case.is_some() && key.is_some() {
            options.refuse("case", "`case` needs names, but the keys of this registry are values: remove it");
        }
        let (unique, duplicates) = (options.flag("unique"), options.flag("duplicates"));
        if let (Some(_), Some(span)) = (unique, duplicates) {
            options.at_span(span, "`duplicates` and `unique` contradict each other: keep one of them");
        }
        let serde = serde::read(options, key.is_some());
        Rules {
            serde,
            key: key.filter(|key| key.to_string() != "str"),
            default,
            is_async: options.flag("async_new").is_some(),
            ignores_case: case == Some("insensitive"),
            is_unique: unique.is_some(),
            allows_duplicates: duplicates.is_some(),
            on_register: options.value("on_register"),
        }
    }
}

fn header(input: ParseStream) -> syn::Result<Header> {
    input.call(Attribute::parse_outer)?;
    input.parse::<Visibility>()?;
    input.parse::<Option<Token![unsafe]>>()?;
    input.parse::<Token![trait]>()?;
    let (name, generics) = (input.parse()?, input.parse()?);
    let mut rest: Vec<TokenTree> = input.parse::<TokenStream>()?.into_iter().collect();
    let body = group(rest.last(), Delimiter::Brace).map(proc_macro2::Group::stream);
    if body.is_some() {
        rest.pop();
    }
    Ok(Header { name, generics, supertraits: rest.into_iter().collect(), body: body.unwrap_or_default() })
}

/// The first word after the attributes and `pub`.
fn keyword(input: ParseStream) -> syn::Result<TokenTree> {
    input.call(Attribute::parse_outer)?;
    input.parse::<Visibility>()?;
    let word = input.parse()?;
    input.parse::<TokenStream>()?;
    Ok(word)
}

fn arguments_of(input: ParseStream) -> syn::Result<Vec<Argument>> {
    Ok(Punctuated::<Argument, Token![,]>::parse_terminated_with(input, argument)?.into_iter().collect())
}

fn argument(input: ParseStream) -> syn::Result<Argument> {
    let ahead = input.fork();
    if ahead.parse::<Ident>().is_err() || !ahead.peek(Token![:]) || ahead.peek(Token![::]) {
        return Err(input.error("expected a name and a type for each argument: write `args(level: u32)`"));
    }
    let name = input.parse()?;
    input.parse::<Token![:]>()?;
    Ok(Argument { name, ty: input.parse()? })
}

fn check(header: &Header, arguments: &[Argument], errors: &mut Errors) {
    if !header.generics.params.is_empty() {
        let name = &header.name;
        let message = format!(
            "a generic trait cannot have a registry: put `#[registry]` on one instantiation, as in `trait Of: {name}<..> {{}}`"
        );
        errors.at(&header.generics, message);
    }
    compatible::check(header, errors);
    for argument in arguments {
        refuse_borrows(&argument.ty, errors);
    }
    if let Some(argument) = arguments.get(8) {
        errors.at(&argument.name, "expected at most 8 arguments: put them in a struct, and take that");
    }
}

/// A constructor is called with the arguments of any caller, whose borrows it cannot name.
fn refuse_borrows(ty: &Type, errors: &mut Errors) {
    match ty {
        Type::Reference(it) if it.lifetime.as_ref().is_none_or(|lifetime| lifetime.ident != "static") => {
            errors.at(
                it,
                "a registry's arguments have to be owned: take `String`, `Vec<T>`, `Arc<T>`, or a `&'static` reference",
            );
        }
        Type::Reference(it) => refuse_borrows(&it.elem, errors),
        Type::Array(it) => refuse_borrows(&it.elem, errors),
        Type::Slice(it) => refuse_borrows(&it.elem, errors),
        Type::Paren(it) => refuse_borrows(&it.elem, errors),
        Type::Group(it) => refuse_borrows(&it.elem, errors),
        Type::Tuple(it) => it.elems.iter().for_each(|ty| refuse_borrows(ty, errors)),
        Type::Path(it) => it.path.segments.iter().for_each(|segment| refuse_borrows_in(&segment.arguments, errors)),
        _ => {}
    }
}

fn refuse_borrows_in(arguments: &PathArguments, errors: &mut Errors) {
    let PathArguments::AngleBracketed(arguments) = arguments else { return };
    for argument in &arguments.args {
        match argument {
            GenericArgument::Type(ty) => refuse_borrows(ty, errors),
            GenericArgument::Lifetime(it) if it.ident != "static" => {
                errors.at(it, "a registry's arguments have to be owned: only `'static` is allowed here");
            }
            _ => {}
        }
    }
}

/// *Input:* `pub trait Codec: Send { .. }`. *Output:* `pub trait Codec: Concrete + Send { .. }`.
fn with_supertrait(item: &TokenStream, ours: &TokenStream) -> TokenStream {
    let mut tokens = item.clone().into_iter().peekable();
    let mut out = TokenStream::new();
    let is_trait = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "trait");
    for token in tokens.by_ref() {
        let is_keyword = is_trait(&token);
        out.extend([token]);
        if is_keyword {
            break;
        }
    }
    out.extend(tokens.next());
    let colon = tokens.next_if(|next| is_punct(Some(next), ':'));
    out.extend(colon.map_or_else(|| ours!(: #ours), |colon| quote!(#colon #ours +)));
    out.extend(tokens);
    out
}

impl Registry {
    /// The trait, with the supertraits that every type implements.
    fn with_supertraits(&self, item: &TokenStream) -> TokenStream {
        let private = self.krate.private("registry");
        let serde = self.rules.serde.as_ref().map(|_| quote!(+ #private::wire::ErasedSerialize));
        with_supertrait(item, &ours!(#private::Concrete #serde))
    }

    /// *Output:* a slot type for the linker, `impl Registered for dyn Codec` and `<dyn Codec>::registry()`.
    fn expand(&self) -> TokenStream {
        let private = self.krate.private("registry");
        let (slot, registered) = (self.slot(&private), self.registered(&private));
        let (default, inherent) = (self.default(&private), self.inherent(&private));
        let serde = self.rules.serde.as_ref().map(|tagging| self.serde(tagging, &private));
        ours! {
            const _: () = {
                #private::target!();
                #slot
                #registered
                #default
                #serde
                #inherent
            };
        }
    }

    /// What an entry is stored in.
    fn slot(&self, private: &TokenStream) -> TokenStream {
        let name = &self.header.name;
        ours! {
            pub struct FestoonSlot(#private::Entry<dyn #name>);
            #private::collect!(FestoonSlot);

            impl ::core::convert::AsRef<#private::Entry<dyn #name>> for FestoonSlot {
                fn as_ref(&self) -> &#private::Entry<dyn #name> {
                    &self.0
                }
            }
        }
    }

    /// *Output:* `impl dyn Codec { pub fn registry() .. }`.
    fn inherent(&self, private: &TokenStream) -> TokenStream {
        let (name, make_slot) = (&self.header.name, self.make_slot(private));
        ours! {
            // A program may not look anything up.
            #[allow(dead_code)]
            impl dyn #name {
                /// Every type that is registered for this trait.
                #[inline]
                pub fn registry() -> &'static #private::Registry<dyn #name> {
                    <dyn #name as #private::Registered>::registry()
                }

                /// Its symbol names the registry to the linker.
                #[doc(hidden)]
                #[inline(never)]
                pub fn festoon_names() {}

                /// Whether several types may have one name.
                #[doc(hidden)]
                pub const FESTOON_SHARED: bool = <dyn #name as #private::Registered>::RULES.allows_duplicates;

                #make_slot
            }
        }
    }

    /// The constructor of a slot, for each registered type `C`.
    fn make_slot(&self, private: &TokenStream) -> TokenStream {
        let (bound, reads) = self.rules.serde.as_ref().map(|_| self.reads(private)).unzip();
        ours! {
            #[doc(hidden)]
            pub const fn festoon_slot<C: 'static #bound>(
                make: #private::Make<Self>,
                spec: #private::Spec<Self, C>,
            ) -> FestoonSlot {
                FestoonSlot(#private::Entry::new(make, spec) #reads)
            }
        }
    }

    fn registered(&self, private: &TokenStream) -> TokenStream {
        let (name, key, args, rules) = (&self.header.name, self.key(), self.args(), self.rules(private));
        let mode = if self.rules.is_async { quote!(Later) } else { quote!(Now) };
        ours! {
            impl #private::Registered for dyn #name {
                type Key = #key;
                #args
                type Mode = #private::#mode;
                type Slot = FestoonSlot;
                const RULES: #private::Rules<Self> = #rules;

                #[inline]
                fn registry() -> &'static #private::Registry<dyn #name> {
                    static REGISTRY: #private::Registry<dyn #name> = #private::Registry::new();
                    &REGISTRY
                }

                fn concrete(&self) -> ::core::any::TypeId {
                    self.festoon_type_id()
                }
            }
        }
    }

    /// *Output:* the types, the text and the names of the arguments.
    fn args(&self) -> TokenStream {
        let (types, text) = (self.types(), self.text());
        let names = self.arguments.iter().map(|argument| argument.name.to_string());
        ours! {
            type Args = (#(#types,)*);
            const ARGS: &'static str = #text;
            const ARG_NAMES: &'static [&'static str] = &[#(#names),*];
        }
    }

    fn key(&self) -> TokenStream {
        self.rules.key.clone().unwrap_or_else(|| ours!(::core::primitive::str))
    }

    /// *Output:* `Rules { is_unique: true, ..Rules::NONE }`.
    fn rules(&self, private: &TokenStream) -> TokenStream {
        let Rules { default, ignores_case, is_unique, allows_duplicates, on_register, .. } = &self.rules;
        let some = quote!(::core::option::Option::Some);
        let default = default.as_ref().map(|_| quote!(default: #some(<Self as #private::HasDefault>::DEFAULT),));
        let ignores_case = ignores_case.then(|| quote!(ignores_case: true,));
        let is_unique = is_unique.then(|| quote!(is_unique: true,));
        let duplicates = allows_duplicates.then(|| quote!(allows_duplicates: true,));
        let hook = on_register.as_ref().map(|hook| {
            let call = located_at(ours!((#hook)(entry)), hook.span());
            ours!(on_register: #some(|entry| #private::told(#call)),)
        });
        ours!(#private::Rules { #default #ignores_case #is_unique #duplicates #hook ..#private::Rules::NONE })
    }

    fn default(&self, private: &TokenStream) -> Option<TokenStream> {
        let name = &self.header.name;
        let default = self.rules.default.as_ref()?;
        let key = self.key();
        let reference = self.rules.key.as_ref().map(|_| quote!(&));
        Some(ours! {
            impl #private::HasDefault for dyn #name {
                const DEFAULT: &'static #key = #reference #default;
            }
        })
    }

    fn types(&self) -> impl Iterator<Item = &Type> {
        self.arguments.iter().map(|argument| &argument.ty)
    }

    /// `level: u32, name: String`
    fn text(&self) -> String {
        let one = |argument: &Argument| format!("{}: {}", argument.name, text(&argument.ty));
        self.arguments.iter().map(one).collect::<Vec<_>>().join(", ")
    }
}
