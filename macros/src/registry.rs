//! `#[registry]` on a trait: `<dyn Codec>::registry()` finds every type that registered itself for it.

mod compatible;

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, GenericArgument, Generics, PathArguments, Token, Type, Visibility};

use crate::kit::{Errors, Krate, Options, group, site, text};

/// The trait and what its types are made from.
struct Registry {
    header: Header,
    krate: Krate,
    arguments: Vec<Argument>,
}

/// A trait up to its name; what stands in it stays unread.
struct Header {
    name: Ident,
    generics: Generics,
    /// Between the name and the braces.
    supertraits: TokenStream,
    body: TokenStream,
}

/// `level: u32`
struct Argument {
    name: Ident,
    ty: Type,
}

/// *Input:* `args(level: u32)` and `pub trait Codec { .. }`. *Output:* the trait as it was, and its registry.
pub(crate) fn expand(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    match parse(options, &item, &mut errors) {
        Some(registry) if errors.is_empty() => {
            let registry = registry.expand();
            quote!(#item #registry)
        }
        _ => errors.beside(item),
    }
}

fn parse(tokens: TokenStream, item: &TokenStream, errors: &mut Errors) -> Option<Registry> {
    let krate = Krate::find(&tokens);
    let mut options = Options::parse("registry", tokens, errors);
    let arguments = options.group("args").unwrap_or_default();
    options.finish();
    let arguments = errors.take(arguments_of.parse2(arguments)).unwrap_or_default();
    let Ok(header) = header.parse2(item.clone()) else {
        let first = item.clone().into_iter().find(|token| !matches!(token, TokenTree::Punct(_)));
        errors.at(&first, "`#[registry]` stands above a trait: types register themselves for it");
        return None;
    };
    check(&header, &arguments, errors);
    Some(Registry { header, krate, arguments })
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

fn arguments_of(input: ParseStream) -> syn::Result<Vec<Argument>> {
    Ok(Punctuated::<Argument, Token![,]>::parse_terminated_with(input, argument)?.into_iter().collect())
}

fn argument(input: ParseStream) -> syn::Result<Argument> {
    let ahead = input.fork();
    if ahead.parse::<Ident>().is_err() || !ahead.peek(Token![:]) || ahead.peek(Token![::]) {
        return Err(input.error("write each argument with its name: `args(level: u32)`"));
    }
    let name = input.parse()?;
    input.parse::<Token![:]>()?;
    Ok(Argument { name, ty: input.parse()? })
}

fn check(header: &Header, arguments: &[Argument], errors: &mut Errors) {
    if !header.generics.params.is_empty() {
        let name = &header.name;
        let message = format!(
            "`{name}` is a trait for each of its parameters: put `#[registry]` on one of them, as `trait Of: {name}<..> {{}}`"
        );
        errors.at(&header.generics, message);
    }
    if let Some(keyword) =
        header.body.clone().into_iter().find(|token| matches!(token, TokenTree::Ident(i) if i == "type"))
    {
        let message = format!(
            "`{0}` is a trait for each of its associated types: put `#[registry]` on one of them, as `trait Of: {0}<Item = ..> {{}}`",
            header.name
        );
        errors.at(&keyword, message);
    }
    compatible::check(header, errors);
    for argument in arguments {
        refuse_borrows(&argument.ty, errors);
    }
    if let Some(argument) = arguments.get(8) {
        errors.at(&argument.name, "at most 8 arguments: put them in a struct, and take that");
    }
}

/// A constructor is called with the arguments of any caller, whose borrows it could not name.
fn refuse_borrows(ty: &Type, errors: &mut Errors) {
    match ty {
        Type::Reference(it) if it.lifetime.as_ref().is_none_or(|lifetime| lifetime.ident != "static") => {
            errors.at(
                it,
                "a registry's arguments are owned: take `String`, `Vec<T>`, `Arc<T>`, or a `&'static` reference",
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
                errors.at(it, "a registry's arguments are owned: only `'static` can stand here");
            }
            _ => {}
        }
    }
}

impl Registry {
    /// *Output:* a slot type for the linker, `impl Registered for dyn Codec` and `<dyn Codec>::registry()`.
    fn expand(&self) -> TokenStream {
        let private = self.krate.private("registry");
        let name = &self.header.name;
        let registered = self.registered(&private);
        quote_spanned! {site()=>
            const _: () = {
                #private::target!();

                pub struct FestoonSlot(#private::Entry<dyn #name>);
                #private::collect!(FestoonSlot);

                impl ::core::convert::AsRef<#private::Entry<dyn #name>> for FestoonSlot {
                    fn as_ref(&self) -> &#private::Entry<dyn #name> {
                        &self.0
                    }
                }

                #registered

                #[allow(dead_code)]
                impl dyn #name {
                    /// Every type that is registered for this trait.
                    #[inline]
                    pub fn registry() -> &'static #private::Registry<dyn #name> {
                        <dyn #name as #private::Registered>::registry()
                    }

                    #[doc(hidden)]
                    pub const fn festoon_slot(
                        make: #private::Make<Self>,
                        spec: #private::Spec<Self>,
                    ) -> FestoonSlot {
                        FestoonSlot(#private::Entry::new(make, spec))
                    }
                }
            };
        }
    }

    fn registered(&self, private: &TokenStream) -> TokenStream {
        let name = &self.header.name;
        let types = self.types();
        let text = self.text();
        quote_spanned! {site()=>
            impl #private::Registered for dyn #name {
                type Args = (#(#types,)*);
                const ARGS: &'static str = #text;
                type Slot = FestoonSlot;

                #[inline]
                fn registry() -> &'static #private::Registry<dyn #name> {
                    static REGISTRY: #private::Registry<dyn #name> = #private::Registry::new();
                    &REGISTRY
                }
            }
        }
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
