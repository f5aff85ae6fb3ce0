//! Many mistakes, one report.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// Collects mistakes, so that the user sees all of them at once.
#[derive(Default)]
pub(crate) struct Errors(Vec<syn::Error>);

impl Errors {
    /// A mistake at these tokens.
    pub(crate) fn at(&mut self, tokens: &impl ToTokens, message: impl core::fmt::Display) {
        self.0.push(syn::Error::new_spanned(tokens, message));
    }

    /// A mistake at this span.
    pub(crate) fn at_span(&mut self, span: Span, message: impl core::fmt::Display) {
        self.0.push(syn::Error::new(span, message));
    }

    /// Keeps the value, or the error.
    pub(crate) fn take<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.0.push(error)).ok()
    }

    /// *Output:* every mistake, as statements. A body with them has no others that the compiler finds by its flow.
    pub(crate) fn statements(&self) -> TokenStream {
        self.0.iter().map(syn::Error::to_compile_error).collect()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// *Input:* the item as the user wrote it. *Output:* the item first, so that nothing is lost, then every mistake.
    pub(crate) fn with_item(&self, item: TokenStream) -> TokenStream {
        let errors = self.0.iter().map(syn::Error::to_compile_error);
        item.into_iter().chain(errors.flatten()).collect()
    }
}
