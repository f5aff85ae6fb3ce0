//! `stack!`: several decorators under one name, a `macro_rules!` that writes them in front of an item.

use proc_macro2::{Ident, Punct, Spacing, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Meta, Token, Visibility};

use crate::kit::{Errors, Krate, Lookup, check_options, is_punct, map_tree};

const FORM: &str = "write `stack! { pub name = #[timed] #[retry(attempts = 5)] }`";

/// *Input:* `/// Docs. pub resilient = #[timed] #[retry(attempts = 5)]`, parsed.
struct Stack {
    attrs: Vec<Attribute>,
    vis: Visibility,
    name: Ident,
    layers: Vec<Attribute>,
    /// Tokens that are not attributes.
    rest: TokenStream,
}

impl Parse for Stack {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let name =
            input.parse().map_err(|error| syn::Error::new(error.span(), format!("a stack needs a name: {FORM}")))?;
        input.parse::<Token![=]>().map_err(|error| syn::Error::new(error.span(), FORM))?;
        let layers = input.call(Attribute::parse_outer)?;
        input.parse::<Option<Token![;]>>()?;
        Ok(Stack { attrs, vis, name, layers, rest: input.parse()? })
    }
}

/// *Input:* the content of `stack!`. *Output:* the macro, and an import that gives it its visibility. `place` makes the
/// name of a public one unique in its crate.
pub(crate) fn define(input: TokenStream, place: u64, find: Lookup) -> TokenStream {
    let mut errors = Errors::default();
    let Some(mut stack) = errors.take(syn::parse2::<Stack>(input)) else { return errors.with_item(TokenStream::new()) };
    stack.check(find, &mut errors);
    if !errors.is_empty() {
        // The name stays defined, and causes no further errors where it is used.
        stack.layers.clear();
    }
    errors.with_item(stack.expand(place, find))
}

impl Stack {
    /// The options are read here, so that a mistake is reported once and not at each use.
    fn check(&self, find: Lookup, errors: &mut Errors) {
        if !self.rest.is_empty() {
            errors.at(&self.rest, format!("expected an attribute for each decorator: {FORM}"));
        } else if self.layers.is_empty() {
            errors.at(&self.name, format!("this stack has no decorators: {FORM}"));
        }
        for layer in &self.layers {
            if let Some(name) = ours(layer, find) {
                check_options(name, options(layer), find, errors);
            }
        }
    }

    /// *Output:* `macro_rules! resilient { ($($item:tt)*) => { #[::festoon::timed] #[::festoon::retry(attempts = 5)]
    /// $($item)* }; } pub(crate) use resilient;`. A public one is exported under another name first, since a macro that
    /// a macro has made cannot be named by its path in its own crate.
    fn expand(&self, place: u64, find: Lookup) -> TokenStream {
        let Stack { attrs, vis, name, layers, .. } = self;
        let layers = layers.iter().map(|layer| written(layer, find));
        let arm = quote!(($($item:tt)*) => { #(#layers)* $($item)* };);
        let on_import = attrs.iter().filter(|attr| attr.path().is_ident("doc") || attr.path().is_ident("cfg"));
        if matches!(vis, Visibility::Public(_)) {
            let exported = format_ident!("__festoon_{}_{:x}", name, place);
            return quote! {
                #[doc(hidden)]
                #[macro_export]
                #(#attrs)*
                macro_rules! #exported { #arm }
                #(#on_import)*
                // The stack may only be used by its path, or not at all.
                #[allow(unused_imports)]
                #vis use #exported as #name;
            };
        }
        quote! {
            #(#attrs)*
            macro_rules! #name { #arm }
            #(#on_import)*
            // The stack may only be used by its path, or not at all.
            #[allow(unused_imports)]
            #vis use #name;
        }
    }
}

/// The name of one of festoon's decorators, written without a path.
fn ours(layer: &Attribute, find: Lookup) -> Option<&Ident> {
    layer.path().get_ident().filter(|name| find(&name.to_string()).is_some())
}

fn options(layer: &Attribute) -> TokenStream {
    match &layer.meta {
        Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    }
}

/// *Input:* `#[retry(wait = crate::WAIT)]`. *Output:* `#[::festoon::retry(wait = $crate::WAIT)]`, which means the same
/// wherever the stack is used.
fn written(layer: &Attribute, find: Lookup) -> TokenStream {
    let layer = match ours(layer, find) {
        Some(name) => {
            let options = options(layer);
            let krate = Krate::find(&options);
            quote!(#[#krate::#name(#options)])
        }
        None => layer.to_token_stream(),
    };
    from_this_crate(layer)
}

/// *Input:* `crate::WAIT`. *Output:* `$crate::WAIT`.
fn from_this_crate(tokens: TokenStream) -> TokenStream {
    let dollar = Punct::new('$', Spacing::Alone);
    map_tree(tokens, &|rest| match rest {
        [TokenTree::Ident(word), next, ..] if word == "crate" && is_punct(Some(next), ':') => {
            Some((1, quote!(#dollar #word)))
        }
        _ => None,
    })
}
