//! `#[registry(serde)]`: a `Box<dyn Trait>` is serialized with the name of its type.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::LitStr;

use super::Registry;
use crate::kit::{Options, in_manifest, named, ours};

/// Where the name is.
pub(super) enum Tagging {
    External,
    Internal(LitStr),
    Adjacent(LitStr, LitStr),
}

/// `serde`, `serde(tag = "type")`, `serde(tag = "type", content = "value")`
pub(super) fn read(options: &mut Options, is_keyed: bool) -> Option<Tagging> {
    let (span, list) = options.flag_or_list("serde")?;
    if !cfg!(feature = "serde") {
        options.at_span(span, format!("`serde` needs the feature `serde` of festoon: {}", in_manifest("serde")));
        return None;
    }
    if is_keyed {
        options.at_span(span, "`serde` needs names, but the keys of this registry are values: remove `key` or `serde`");
    }
    let (mut tag, mut content) = (None, None);
    for part in list.unwrap_or_default() {
        let found = named(&part).and_then(|(name, value)| Some((name, syn::parse2::<LitStr>(value).ok()?)));
        match found {
            Some((name, value)) if name == "tag" => tag = Some(value),
            Some((name, value)) if name == "content" => content = Some(value),
            _ => options.error(
                &part,
                "expected `serde`, `serde(tag = \"type\")` or `serde(tag = \"type\", content = \"value\")`",
            ),
        }
    }
    match (tag, content) {
        (None, None) => Some(Tagging::External),
        (Some(tag), None) => Some(Tagging::Internal(tag)),
        (Some(tag), Some(content)) if tag.value() == content.value() => {
            options.error(&content, "expected two different keys: choose another name for `tag` or `content`");
            None
        }
        (Some(tag), Some(content)) => Some(Tagging::Adjacent(tag, content)),
        (None, Some(content)) => {
            options.error(&content, "missing `tag`: write `serde(tag = \"type\", content = ..)`");
            None
        }
    }
}

impl Registry {
    /// The bounds of a type, and how its entry deserializes it.
    pub(super) fn reads(&self, private: &TokenStream) -> (TokenStream, TokenStream) {
        let name = &self.header.name;
        let bound = ours!(+ #name + #private::wire::DeserializeOwned);
        let reads = ours! {
            .with_read(|from| match #private::wire::read::<C>(from) {
                ::core::result::Result::Ok(made) => ::core::result::Result::Ok(#private::Box::new(made)),
                ::core::result::Result::Err(error) => ::core::result::Result::Err(error),
            })
        };
        (bound, reads)
    }

    /// `Serialize` for the trait object, with any auto traits, and `Deserialize` for its box.
    pub(super) fn serde(&self, tagging: &Tagging, private: &TokenStream) -> TokenStream {
        let name = &self.header.name;
        let text = name.to_string();
        let wire = quote!(#private::wire);
        let autos = [quote!(), quote!(+ ::core::marker::Send), quote!(+ ::core::marker::Sync)];
        let both = quote!(+ ::core::marker::Send + ::core::marker::Sync);
        let serialize = autos.into_iter().chain([both]).map(|auto| {
            ours! {
                impl #wire::Serialize for dyn #name #auto {
                    fn serialize<S: #wire::Serializer>(
                        &self,
                        serializer: S,
                    ) -> ::core::result::Result<S::Ok, S::Error> {
                        #wire::serialize::<dyn #name, S>(self, serializer)
                    }
                }
            }
        });
        ours! {
            impl #wire::Wired for dyn #name {
                const TAGGING: #wire::Tagging = #wire::Tagging::#tagging;
                const NAME: &'static str = #text;

                fn erased(&self) -> &dyn #wire::ErasedSerialize {
                    self
                }
            }

            #(#serialize)*

            impl<'de> #wire::Deserialize<'de> for #private::Box<dyn #name> {
                fn deserialize<D: #wire::Deserializer<'de>>(
                    deserializer: D,
                ) -> ::core::result::Result<Self, D::Error> {
                    #wire::deserialize::<dyn #name, D>(deserializer)
                }
            }
        }
    }
}

impl ToTokens for Tagging {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(match self {
            Tagging::External => quote!(External),
            Tagging::Internal(tag) => quote!(Internal(#tag)),
            Tagging::Adjacent(tag, content) => quote!(Adjacent(&[#tag, #content])),
        });
    }
}
