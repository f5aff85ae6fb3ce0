//! Where the runtime crate is found: `::festoon`, or what `crate = path` says.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// The path of the runtime crate as expansions name it.
#[derive(Clone)]
pub(crate) struct Krate(TokenStream);

impl Default for Krate {
    fn default() -> Self {
        Krate(quote!(::festoon))
    }
}

impl Krate {
    /// *Input:* `max = 3, crate = my::reexport`. *Output:* `my::reexport`, or `::festoon` when it is not given.
    pub(crate) fn find(options: &TokenStream) -> Self {
        let mut tokens = options.clone().into_iter().peekable();
        let mut starts = true;
        while let Some(token) = tokens.next() {
            let is_equals = |next: &TokenTree| matches!(next, TokenTree::Punct(p) if p.as_char() == '=');
            if starts && matches!(&token, TokenTree::Ident(i) if i == "crate") && tokens.next_if(is_equals).is_some() {
                let path = tokens.take_while(|next| !is_comma(next)).collect();
                return Krate(path);
            }
            starts = is_comma(&token);
        }
        Krate::default()
    }

    /// The door to everything that expansions may name, and one name behind it.
    pub(crate) fn private(&self, name: &str) -> TokenStream {
        let name = Ident::new(name, Span::call_site());
        let path = &self.0;
        quote!(#path::__private::#name)
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
