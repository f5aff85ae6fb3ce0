//! `stale` and `refresh_ahead`: the body becomes a closure that does not own any part of the call, so that it can run
//! after its caller has returned.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{FnArg, ReceiverKind, Type};

use super::key::Parameter;
use super::{Cached, led};
use crate::kit::{Errors, Func, Krate, closure_type, located_at, numbered, ours};

/// Arguments and statements that cannot run later.
pub(super) fn check(func: &Func, errors: &mut Errors) {
    for input in &func.sig.inputs {
        match input {
            FnArg::Receiver(receiver) => {
                let advice = match &receiver.kind {
                    ReceiverKind::Reference(..) => {
                        "what it needs from `self`, as in `fn price(shop: &Shop, sku: &str)`"
                    }
                    _ => "`self` as an argument with another name",
                };
                let message =
                    format!("a background refresh has no access to `self`: cache a function that takes {advice}");
                errors.at(receiver, message);
            }
            FnArg::Typed(typed) => {
                if let Type::Reference(reference) = &*typed.ty
                    && reference.mutability.is_some()
                {
                    let message = "a background refresh has no access to this `&mut`: take a `&` to something that is \
                                   `Clone`, such as an `Arc<Mutex<..>>`";
                    errors.at(&typed.ty, message);
                }
                if let Type::ImplTrait(ty) = &*typed.ty {
                    errors.at(
                        ty,
                        "a background refresh has to name this type: use a type parameter, as in `<T: Display>`",
                    );
                }
            }
        }
    }
    if let Some(statements) = func.statements_before_future() {
        errors.at(
            statements,
            "a background refresh runs only the future, without this statement: move it into the `async move` block",
        );
    }
}

impl Cached {
    /// *Input:* `fn f(n: u32, s: &str) -> u8 { work }`. *Output:*
    /// `let body = |n: u32, s: &str| -> u8 { work }; match look_up_refreshed(..) { Hit(v) => v, Due(v, claim) => { let owned =
    /// ..; claim.run(move || body(owned..)); v } Miss(m) => m.run(|| body(n, s)) }`.
    pub(super) fn expand_refreshed(&self, func: &mut Func, krate: &Krate) {
        let cached = krate.private("cached");
        let parameters = Parameter::all(func);
        let body = body(func);
        let look_up = self.look_up(func, &parameters, krate);
        let names = func.argument_names();
        // A layer above keeps them for another call.
        let clone = |name: &Ident| ours!(::core::clone::Clone::clone(&#name));
        let give = |name: &Ident| if func.lent.arguments { clone(name) } else { quote!(#name) };
        let given: Vec<TokenStream> = names.iter().map(give).collect();
        let due = due(func, &names, &cached);
        let miss = if func.is_async() {
            ours!(miss.run_async(body(#(#given),*)).await)
        } else {
            led(&ours!(|| body(#(#given),*)), krate)
        };
        func.body = ours!({
            let body = #body;
            // The key may contain `_unused` arguments.
            #[allow(clippy::used_underscore_binding)]
            let found = #look_up;
            match found {
                #cached::Refreshed::Hit(value) => value,
                #cached::Refreshed::Due(value, claim) => { #due value }
                #cached::Refreshed::Miss(miss) => #miss,
            }
        });
    }
}

/// *Output:* `|n: u32, s: &str| -> u8 { work }`, or the same, `async`; the function's own parameters become plain names.
fn body(func: &mut Func) -> TokenStream {
    let parameters = func.take_parameters(closure_type);
    let output = func.taken_output(closure_type);
    let body = &func.body;
    let keyword = func.is_async().then(|| quote!(async));
    ours!(#keyword |#(#parameters),*| #output { #body })
}

/// *Output:* `let (owned0, owned1) = (copies of the arguments); claim.run(move || body(owned0.argument(), ..));`.
fn due(func: &Func, names: &[Ident], cached: &TokenStream) -> TokenStream {
    let owned: Vec<Ident> = (0..names.len()).map(|index| numbered("owned", index)).collect();
    let types = func.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(syn::spanned::Spanned::span(&typed.ty)),
        FnArg::Receiver(_) => None,
    });
    let copies =
        names.iter().zip(types).map(|(name, at)| located_at(ours!((&&&&#cached::RefreshArg(&#name)).owned()), at));
    let call = ours!(body(#(#owned.argument()),*));
    let run = if func.is_async() { ours!(run_async(async move { #call.await })) } else { ours!(run(move || #call)) };
    ours!({
        // The types decide which of its traits is called.
        #[allow(unused_imports)]
        use #cached::by_type::*;
        #(let #owned = #copies;)*
        claim.#run;
    })
}
