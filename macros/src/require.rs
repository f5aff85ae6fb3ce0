//! `require!(dyn Codec: "gzip")`: a name that is not registered is a build error.

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{LitStr, Path, Token, Type};

use crate::kit::{Errors, Krate, ours};

struct Require {
    krate: Krate,
    registry: Type,
    names: Vec<LitStr>,
}

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    match errors.take(require.parse2(input)) {
        Some(require) => require.expand(),
        None => errors.with_item(TokenStream::new()),
    }
}

/// `crate = path, dyn Codec: "gzip", "zstd"`
fn require(input: ParseStream) -> syn::Result<Require> {
    let is_given = input.peek(Token![crate]) && input.peek2(Token![=]);
    let krate = if is_given { krate(input)? } else { Krate::default() };
    let wrong = "expected a trait and names: write `require!(dyn Codec: \"gzip\", \"zstd\")`";
    let registry = match input.parse()? {
        it @ Type::TraitObject(_) => it,
        other => return Err(syn::Error::new_spanned(other, wrong)),
    };
    input.parse::<Token![:]>().map_err(|error| syn::Error::new(error.span(), wrong))?;
    let names = Punctuated::<LitStr, Token![,]>::parse_terminated(input)
        .map_err(|error| syn::Error::new(error.span(), "expected a literal: write `\"gzip\"`"))?;
    if names.is_empty() {
        return Err(input.error(wrong));
    }
    Ok(Require { krate, registry, names: names.into_iter().collect() })
}

fn krate(input: ParseStream) -> syn::Result<Krate> {
    input.parse::<Token![crate]>()?;
    input.parse::<Token![=]>()?;
    let path = input.call(Path::parse_mod_style)?;
    input.parse::<Token![,]>()?;
    Krate::parse(quote::quote!(#path)).map_err(|message| syn::Error::new_spanned(path, message))
}

impl Require {
    fn expand(&self) -> TokenStream {
        let Require { krate, registry, names } = self;
        let private = krate.private("registry");
        let symbols = names.iter().map(|name| in_symbol(&name.value()));
        ours! {
            const _: () = {
                #[allow(unused_imports)]
                use #private::NoRegistry as _;
                #private::submit! { #private::Required::of::<#registry>(&[#(#names),*]) }
                #private::require! { #registry, #(#symbols),* }
            };
        }
    }
}

/// *Input:* a name. *Output:* the same as part of a symbol: characters that an assembler could misread become `%` and
/// their number.
pub(crate) fn in_symbol(name: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.:/+*@#=<>()[], ".contains(letter);
    let one = |letter| if is_plain(letter) { letter.to_string() } else { format!("%{:x}", u32::from(letter)) };
    name.chars().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::in_symbol;

    #[test]
    fn different_names_are_different_symbols() {
        assert_eq!(in_symbol("image/png; q=1"), "image/png%3b q=1");
        assert_eq!(in_symbol("a{b}\"\\`"), "a%7bb%7d%22%5c%60");
        assert_ne!(in_symbol("é"), in_symbol("%e9"));
    }
}
