//! A function up to its body, for attributes that put it inside another one.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Signature, Visibility};

use super::tokens::group;

/// The body is not parsed.
pub(crate) struct Unparsed {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) signature: Signature,
    pub(crate) body: TokenStream,
}

impl Parse for Unparsed {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let (attributes, visibility, signature) =
            (input.call(Attribute::parse_outer)?, input.parse()?, input.parse::<Signature>()?);
        let body: TokenTree = input.parse()?;
        match group(Some(&body), Delimiter::Brace) {
            Some(_) => Ok(Unparsed { attributes, visibility, signature, body: body.into_token_stream() }),
            None => Err(input.error("no body")),
        }
    }
}
