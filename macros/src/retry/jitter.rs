//! Jitter for waits.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use crate::kit::{DurationValue, Options};

/// `jitter = full`, `jitter = plus(1s)`
pub(super) enum Jitter {
    Named(&'static str),
    Plus(DurationValue),
}

const JITTERS: &[&str] = &["full", "equal", "none", "plus(1s)"];

impl Jitter {
    pub(super) fn read(options: &mut Options) -> Option<Self> {
        let tokens = options.tokens("jitter")?;
        let parts: Vec<TokenTree> = tokens.clone().into_iter().collect();
        match &parts[..] {
            [TokenTree::Ident(name), TokenTree::Group(more)] if name == "plus" => {
                options.convert(&more.stream(), DurationValue::parse).map(Jitter::Plus)
            }
            [TokenTree::Ident(name)] if name == "plus" => {
                options.error(name, "`plus` needs a duration: write `jitter = plus(1s)`");
                None
            }
            _ => options.one_of("jitter", &tokens, JITTERS).map(Jitter::Named),
        }
    }

    pub(super) fn is_none(&self) -> bool {
        matches!(self, Jitter::Named("none"))
    }

    pub(super) fn is_known(&self) -> bool {
        matches!(self, Jitter::Named(_) | Jitter::Plus(DurationValue::Known(..)))
    }

    pub(super) fn value(&self, retry: &TokenStream) -> TokenStream {
        match self {
            Jitter::Named("equal") => quote!(#retry::Jitter::Equal),
            Jitter::Named("none") => quote!(#retry::Jitter::None),
            Jitter::Named(_) => quote!(#retry::Jitter::Full),
            Jitter::Plus(more) => quote!(#retry::Jitter::Plus(#more)),
        }
    }

    pub(super) fn call(&self, retry: &TokenStream) -> TokenStream {
        let value = self.value(retry);
        quote!(.jitter(#value))
    }
}
