//! What is common to functions that run in other processes.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::{FnArg, GenericParam, Type};

use crate::kit::{Errors, Func, find_word, has_word, ours_at};

/// The most arguments.
const MOST: usize = 12;

/// How messages call the other process, and what they say of results.
pub(super) struct Remote {
    pub(super) place: &'static str,
    pub(super) result: &'static str,
}

impl Remote {
    /// The rules for their signatures.
    pub(super) fn check(&self, func: &Func, errors: &mut Errors) {
        let place = self.place;
        let generic = format!(
            "a generic function cannot run in {place}, which finds functions by name: write one for a concrete type"
        );
        for input in &func.sig.inputs {
            match input {
                FnArg::Receiver(receiver) => errors
                    .at(receiver, format!("{place} has no `self`: write a free function that takes what it needs")),
                FnArg::Typed(typed) if has_word(&typed.ty.to_token_stream(), &["impl"]) => {
                    errors.at(&typed.ty, &generic);
                }
                FnArg::Typed(_) => {}
            }
        }
        if let Some(first) = func.sig.inputs.iter().nth(MOST) {
            errors.at(first, format!("at most {MOST} arguments can be sent to {place}: put them in a struct"));
        }
        for parameter in &func.sig.generics.params {
            if !matches!(parameter, GenericParam::Lifetime(_)) {
                errors.at(parameter, &generic);
            }
        }
        // A `Self` in the body may be that of a type that is declared there; the compiler explains the others.
        if let Some(at) = find_word(&func.sig.to_token_stream(), &["Self"]) {
            errors.at_span(at, format!("{place} runs this without its `impl`: write the name of the type"));
        }
        if func.never_returns() || !func.may_be_result() {
            errors.at_span(func.output_span(), self.result);
        }
    }
}

/// The types of the parameters.
pub(super) fn types(func: &Func) -> Vec<Type> {
    func.typed().map(|typed| (*typed.ty).clone()).collect()
}

/// *Output:* `argument::<A>()` for each type.
pub(super) fn codecs(types: &[Type], private: &TokenStream) -> Vec<TokenStream> {
    types.iter().map(|ty| quote_spanned!(ours_at(ty.span())=> #private::argument::<#ty>())).collect()
}

/// *Output:* `outcome::<R>()`.
pub(super) fn outcome(func: &Func, private: &TokenStream) -> TokenStream {
    let output = func.output();
    quote_spanned!(ours_at(func.output_span())=> #private::outcome::<#output>())
}
