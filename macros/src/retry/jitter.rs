//! Jitter for waits.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use super::wait::length;
use crate::kit::{Length, Options};

/// `jitter = full`, `jitter = plus(1s)`
pub(super) enum Jitter {
    Word(&'static str),
    Plus(Length),
}

const JITTERS: &[&str] = &["full", "equal", "none", "plus(1s)"];

impl Jitter {
    pub(super) fn read(options: &mut Options, tokens: &TokenStream) -> Option<Self> {
        let parts: Vec<TokenTree> = tokens.clone().into_iter().collect();
        match &parts[..] {
            [TokenTree::Ident(name), TokenTree::Group(more)] if name == "plus" => {
                length(options, &more.stream()).map(Jitter::Plus)
            }
            [TokenTree::Ident(name)] if name == "plus" => {
                options.error(name, "`plus` needs a duration: write `jitter = plus(1s)`");
                None
            }
            _ => options.one_of("jitter", tokens, JITTERS).map(Jitter::Word),
        }
    }

    pub(super) fn is_none(&self) -> bool {
        matches!(self, Jitter::Word("none"))
    }

    pub(super) fn is_known(&self) -> bool {
        matches!(self, Jitter::Word(_) | Jitter::Plus(Length::Known(..)))
    }

    pub(super) fn value(&self, retry: &TokenStream) -> TokenStream {
        match self {
            Jitter::Word("equal") => quote!(#retry::Jitter::Equal),
            Jitter::Word("none") => quote!(#retry::Jitter::None),
            Jitter::Word(_) => quote!(#retry::Jitter::Full),
            Jitter::Plus(more) => quote!(#retry::Jitter::Plus(#more)),
        }
    }

    pub(super) fn call(&self, retry: &TokenStream) -> TokenStream {
        let value = self.value(retry);
        quote!(.jitter(#value))
    }
}
