//! `#[festoon::test]`: a test with its own clock, caches and counts.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Attribute, FnArg, Signature};

use crate::kit::{Errors, Krate, Options, Unparsed, our_span, ours};

/// A function that becomes a test.
struct Test(Unparsed);

/// *Input:* `fn expires(test: &Isolated) { work }`. *Output:* `#[test] fn expires() { fn expires(test: &Isolated) { work }
/// run(expires) }`.
pub(crate) fn expand(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let krate = Krate::find(&options);
    Options::parse("test", options, &mut errors).finish();
    let Ok(test) = syn::parse2(item.clone()).map(Test) else {
        let first = item.clone().into_iter().find(|token| !matches!(token, TokenTree::Punct(_)));
        errors.at(&first, "`#[festoon::test]` goes on a function, which it turns into a test");
        return errors.with_item(item);
    };
    test.check(&mut errors);
    if errors.is_empty() { test.expand(&krate) } else { errors.with_item(item) }
}

impl Test {
    fn check(&self, errors: &mut Errors) {
        let Signature { inputs, generics, .. } = &self.0.signature;
        if !generics.params.is_empty() {
            errors.at(&generics.params, "a test cannot be generic: the test harness calls it without parameters");
        }
        if let Some(FnArg::Receiver(receiver)) = inputs.first() {
            errors.at(receiver, "a test has to be a free function: remove `self`");
        } else if let Some(second) = inputs.iter().nth(1) {
            errors.at(second, "expected at most one argument: write `test: &festoon::testing::Isolated`");
        }
    }

    /// Does an attribute below turn it into a test, perhaps with a runtime?
    fn is_test(&self) -> bool {
        let last = |attribute: &Attribute| attribute.path().segments.last().map(|last| last.ident.to_string());
        self.0.attributes.iter().filter_map(last).any(|name| name.ends_with("test"))
    }

    fn expand(self, krate: &Krate) -> TokenStream {
        let is_test = self.is_test();
        let Unparsed { attributes, visibility, signature, body } = self.0;
        let (name, asyncness, output) = (&signature.ident, &signature.asyncness, &signature.output);
        let is_async = asyncness.is_some();
        let mark = (!is_test).then(|| ours!(#[::core::prelude::v1::test]));
        let (run, asyncness, wait) = match (is_async, is_test) {
            (false, _) => ("run", None, None),
            (true, true) => ("run_async", Some(asyncness), Some(ours!(.await))),
            (true, false) => ("block_on", None, None),
        };
        let (test, run) = (krate.private("test"), Ident::new(run, our_span()));
        let called = called(&signature, is_async);
        let one_time = start_paused(&attributes).map(|paused| one_time(&paused, &test));
        let whole = ours!(#one_time #signature #body #test::#run(#called) #wait);
        quote!(#(#attributes)* #mark #visibility #asyncness fn #name() #output { #whole })
    }
}

/// Where tokio pauses its time: the option of a test's attribute.
fn start_paused(attributes: &[Attribute]) -> Option<TokenTree> {
    let tokens = attributes.iter().filter_map(|attribute| attribute.meta.require_list().ok());
    tokens.flat_map(|list| list.tokens.clone()).find(|token| token.to_string() == "start_paused")
}

/// *Output:* `const { assert!(HAS_TOKIO_TIME, ..) }`.
fn one_time(paused: &TokenTree, test: &TokenStream) -> TokenStream {
    let told =
        "`start_paused` pauses tokio's time alone: enable the feature `tokio` of festoon, whose clock then follows it";
    let span = paused.span().resolved_at(our_span());
    quote_spanned!(span=> const { ::core::assert!(#test::HAS_TOKIO_TIME, #told) };)
}

/// *Input:* `fn f(test: &Isolated)`. *Output:* `f`. *Input:* `async fn f()`. *Output:* `async |_| f().await`.
fn called(signature: &Signature, is_async: bool) -> TokenStream {
    let name = &signature.ident;
    match (signature.inputs.is_empty(), is_async) {
        (false, _) => name.to_token_stream(),
        (true, false) => ours!(|_| #name()),
        (true, true) => ours!(async |_| #name().await),
    }
}
