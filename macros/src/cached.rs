//! `#[cached]`: keeps what a function has returned.

mod check;
mod key;

use std::time::Duration;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use self::key::{KeyParts, Parameter};
use crate::kit::{Amount, Decorator, Errors, Func, Krate, Length, Options, located_at, site};

/// The options of `#[cached]`.
struct Cached {
    max: Option<Amount>,
    unbounded: Option<Span>,
    ttl: Option<Length>,
    key: KeyParts,
    cache_err: Option<Span>,
    cache_none: Option<Span>,
}

/// Reads them, and checks them against one another.
pub(crate) fn read(options: &mut Options) -> Box<dyn Decorator> {
    let cached = Cached {
        max: options.amount("max"),
        unbounded: options.flag("unbounded"),
        ttl: options.length("ttl"),
        key: KeyParts::read(options),
        cache_err: options.flag("cache_err"),
        cache_none: options.flag("cache_none"),
    };
    cached.check_options(options);
    Box::new(cached)
}

impl Decorator for Cached {
    fn check(&self, func: &Func, errors: &mut Errors) {
        check::shape(func, errors);
        check::output(func, errors);
        check::flags(self.cache_err, self.cache_none, func, errors);
        check::key(&self.key, func, errors);
    }

    /// *Input:* `{ work }`. *Output:*
    /// `let found = look_up(site, policy, engine, key, to_key); match found { Hit(v) => v, Miss(m) => m.run(|| { work }) }`.
    fn expand(&self, func: &mut Func, krate: &Krate) {
        let cached = krate.private("cached");
        let look_up = self.look_up(func, &cached);
        let run = run(func, krate);
        func.body = quote_spanned!(site() => {
            #[allow(clippy::used_underscore_binding)]
            let found = #look_up;
            match found {
                #cached::Found::Hit(value) => value,
                #cached::Found::Miss(miss) => miss.#run,
            }
        });
    }
}

/// How a miss goes on.
fn run(func: &Func, krate: &Krate) -> TokenStream {
    let body = &func.body;
    if func.is_async() {
        let body = func.pinned_body(krate);
        return quote_spanned!(site() => run_async(async move { #body }).await);
    }
    let output = func.closure_output();
    quote_spanned!(site() => run(|| #output { #body }))
}

impl Cached {
    /// The options among themselves.
    fn check_options(&self, options: &mut Options) {
        if let (Some(max), Some(_)) = (&self.max, self.unbounded) {
            options.point(max.span(), "`max` and `unbounded` contradict each other: keep one of them");
        }
        if let Some(max) = self.max.as_ref().filter(|max| max.known() == Some(0)) {
            options.point(max.span(), "`max = 0` would keep nothing: give it room, or remove `#[cached]`");
        }
        if let Some(ttl) = self.ttl.as_ref().filter(|ttl| ttl.known() == Some(Duration::ZERO)) {
            options.point(ttl.span(), "with a `ttl` of zero a value has expired before it is kept: give it some time");
        }
    }

    /// The function's own static, out of sight of its body, and the look-up in it.
    fn look_up(&self, func: &mut Func, cached: &TokenStream) -> TokenStream {
        func.name_arguments();
        let parameters = Parameter::all(func);
        let (parts, to_key) = (self.key.parts(&parameters, cached), self.key.closure(&parameters, cached));
        let (settings, engine, policy) = (self.settings(cached), self.engine(cached), self.policy(func, cached));
        quote_spanned!(site() => {
            #[allow(unused_imports)]
            use #cached::by_type::*;
            static FESTOON_SITE: #cached::Site = #cached::Site::new(#settings);
            #cached::look_up(&FESTOON_SITE, #policy, #engine, #cached::Parts(#parts).shown(), #to_key)
        })
    }

    fn settings(&self, cached: &TokenStream) -> TokenStream {
        let max = self.max.as_ref().map(|max| quote!(.max(#max)));
        let unbounded = self.unbounded.map(|_| quote!(.unbounded()));
        let ttl = self.ttl.as_ref().map(|ttl| quote!(.ttl(#ttl)));
        quote!(#cached::Settings::NONE #max #unbounded #ttl)
    }

    fn engine(&self, cached: &TokenStream) -> TokenStream {
        let times = if self.ttl.is_some() { quote!(#cached::Expiring) } else { quote!(#cached::Lasting) };
        if self.unbounded.is_some() { quote!(#cached::Unbounded(#times)) } else { quote!(#cached::Bounded(#times)) }
    }

    /// What of the value is kept; asked of its type, at whose place the compiler complains.
    fn policy(&self, func: &Func, cached: &TokenStream) -> TokenStream {
        let output = func.output();
        let at = func.output_span();
        let question = if self.cache_err.or(self.cache_none).is_some() { "whole" } else { "policy" };
        let question = Ident::new(question, site());
        located_at(quote_spanned!(site() => (&&&&#cached::Returned::<#output>::NEW).#question()), at)
    }
}
