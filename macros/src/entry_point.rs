//! `#[festoon::main]`: the `main` function of a program with worker processes.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::{Attribute, Signature};

use crate::kit::{Errors, Krate, Options, Unparsed, in_manifest, ours};

/// *Input:* `#[tokio::main] async fn main() { work }`. *Output:* `fn main() { init(); #[tokio::main] async fn main() { work }
/// main() }`.
pub(crate) fn expand(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let krate = Krate::find(&options);
    Options::parse("main", options, &mut errors).finish();
    let first = item.clone().into_iter().find(|token| !matches!(token, TokenTree::Punct(_)));
    let Ok(main) = syn::parse2(item.clone()).map(Main) else {
        errors.at(&first, "`#[festoon::main]` goes on the `main` function");
        return errors.with_item(item);
    };
    main.check(&mut errors);
    if !cfg!(feature = "process") {
        let needs = format!("`#[festoon::main]` needs the feature `process` of festoon: {}", in_manifest("process"));
        errors.at(&main.0.signature.ident, needs);
    }
    if errors.is_empty() { main.expand(&krate) } else { errors.with_item(main.without_async(item)) }
}

/// The `main` function.
struct Main(Unparsed);

impl Main {
    fn check(&self, errors: &mut Errors) {
        let Signature { ident, inputs, asyncness, .. } = &self.0.signature;
        if ident != "main" {
            errors.at(ident, "`#[festoon::main]` goes on the `main` function");
        }
        if let Some(asyncness) = asyncness
            && self.runtime().next().is_none()
        {
            errors.at(asyncness, "put the attribute of your runtime below: `#[festoon::main] #[tokio::main]`");
        }
        if asyncness.is_none() && !inputs.is_empty() {
            errors.at(inputs, "`main` takes no arguments");
        }
    }

    /// *Input:* `async fn main() { work }`. *Output:* `fn main() { async fn main() { work } unreachable!() }`, for which the
    /// compiler has no error of its own.
    fn without_async(&self, item: TokenStream) -> TokenStream {
        if self.0.signature.asyncness.is_none() {
            return item;
        }
        let (name, output) = (&self.0.signature.ident, &self.0.signature.output);
        ours!(fn #name() #output { #[allow(dead_code)] #item ::core::unreachable!() })
    }

    /// The attributes that run an `async fn main`.
    fn runtime(&self) -> impl Iterator<Item = &Attribute> {
        let is_lint = |path: &syn::Path| {
            ["allow", "expect", "warn", "deny", "forbid", "doc", "cfg"].iter().any(|name| path.is_ident(name))
        };
        self.0.attributes.iter().filter(move |attribute| !is_lint(attribute.path()))
    }

    fn expand(self, krate: &Krate) -> TokenStream {
        let process = krate.private("process");
        let Unparsed { attributes, visibility, signature, body } = self.0;
        if signature.asyncness.is_none() {
            let whole = ours!({ #process::init(); #body });
            return quote!(#(#attributes)* #visibility #signature #whole);
        }
        let (name, output) = (&signature.ident, &signature.output);
        let whole = ours!({ #process::init(); #(#attributes)* #signature #body #name() });
        quote!(#visibility fn #name() #output #whole)
    }
}
