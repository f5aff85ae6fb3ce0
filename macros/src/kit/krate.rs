//! The path of the runtime crate: `::festoon`, or the one in `crate = path`.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::Path;
use syn::parse::Parser;

use super::tokens::ours;

/// The path of the runtime crate in expansions.
#[derive(Clone)]
pub(crate) struct Krate(TokenStream);

impl Default for Krate {
    fn default() -> Self {
        Krate(quote!(::festoon))
    }
}

impl Krate {
    /// *Input:* `max = 3, crate = my::reexport`. *Output:* `my::reexport`, or `::festoon` by default.
    pub(crate) fn find(options: &TokenStream) -> Self {
        let mut tokens = options.clone().into_iter().peekable();
        let mut starts = true;
        while let Some(token) = tokens.next() {
            let is_equals = |next: &TokenTree| matches!(next, TokenTree::Punct(p) if p.as_char() == '=');
            if starts && matches!(&token, TokenTree::Ident(i) if i == "crate") && tokens.next_if(is_equals).is_some() {
                return Krate::parse(tokens.take_while(|next| !is_comma(next)).collect()).unwrap_or_default();
            }
            starts = is_comma(&token);
        }
        Krate::default()
    }

    /// The value of `crate = path`.
    pub(crate) fn parse(path: TokenStream) -> Result<Self, String> {
        match Path::parse_mod_style.parse2(path) {
            Ok(path) => Ok(Krate(path.to_token_stream())),
            Err(_) => Err("`crate` takes the path of festoon: write `crate = my_crate::festoon`".to_owned()),
        }
    }

    /// The module with everything that expansions may name, and one name in it.
    pub(crate) fn private(&self, name: &str) -> TokenStream {
        let name = Ident::new(name, Span::call_site());
        let path = &self.0;
        quote!(#path::__private::#name)
    }

    /// The place of the expanded function, and the version of its crate.
    pub(crate) fn place(&self) -> TokenStream {
        let place = self.private("Place");
        ours!(#place::new(
                ::core::file!(),
                ::core::line!(),
                ::core::column!(),
                ::core::option_env!("CARGO_PKG_VERSION"),
            )
        )
    }
}

impl ToTokens for Krate {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.0.to_tokens(tokens);
    }
}

fn is_comma(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(p) if p.as_char() == ',')
}
