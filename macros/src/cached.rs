//! `#[cached]`: caches what a function returns.
//!
//! In: options and a function. Out: the function with a lookup around its body. Open this file first; `cached/key.rs` has
//! the key, `cached/times.rs` and `cached/store.rs` the options.

mod bounds;
mod check;
mod fixed;
mod key;
mod recur;
mod refresh;
mod scope;
mod store;
mod times;
mod unit;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::FnArg;

use self::key::{KeyContext, KeyParts, Parameter, Places};
use self::scope::Scope;
use self::store::Remote;
#[cfg(any(feature = "queue", all(feature = "redis", feature = "resilience")))]
pub(crate) use self::store::Server;
use self::times::{Capacity, Times};
use crate::kit::{Decorator, Errors, Func, Krate, Options, located_at, our_span, ours, plain_name};

/// The options of `#[cached]`.
struct Cached {
    room: Capacity,
    times: Times,
    scope: Scope,
    key: KeyParts,
    keep_if: Option<TokenStream>,
    tags: Vec<TokenStream>,
    cache_err: Option<Span>,
    cache_none: Option<Span>,
    cache_unit: Option<Span>,
    remote: Option<Remote>,
}

/// Reads them, and checks them against one another.
pub(crate) fn read(options: &mut Options) -> Box<dyn Decorator> {
    let scope = Scope::read(options);
    let key = KeyParts::read(options);
    let cached = Cached {
        room: Capacity::read(options),
        times: Times::read(options),
        key: if scope.has_memo() { key.without_self() } else { key },
        scope,
        keep_if: options.value("if"),
        tags: times::tags(options),
        cache_err: options.flag("cache_err"),
        cache_none: options.flag("cache_none"),
        cache_unit: options.flag("cache_unit"),
        remote: Remote::read(options),
    };
    cached.check_options(options);
    Box::new(cached)
}

impl Decorator for Cached {
    fn check(&self, func: &Func, errors: &mut Errors) {
        check::shape(func, errors);
        check::output(func, errors);
        check::flags(self.cache_err, self.cache_none, func, errors);
        check::errors(&self.times, func, errors);
        check::key(&self.key.of(&Parameter::all(func)), func, errors);
        unit::check(self.cache_unit, func, errors);
        self.room.check_constants(func, errors);
        self.times.check_constants(func, errors);
        if let Some(remote) = &self.remote {
            remote.check_constants(func, errors);
        }
        self.scope.check(self.times.is_refreshed(), func, errors);
        if let Some(fails) = self.remote.as_ref().and_then(Remote::fails).filter(|_| !func.may_be_result()) {
            let message = "`on_store_error = fail` is for functions that return a `Result`";
            errors.at_span(fails, message);
        }
        if self.times.is_refreshed() {
            refresh::check(func, errors);
        }
    }

    /// *Input:* `{ work }`. *Output:* `let found = look_up(scope, id, rules, engine, key); match found { Hit(value) => value,
    /// Miss(miss) => match miss.lead() { Ok(run) => { let value = { work }; run.finish(value) } Err(value) => value } }`.
    fn expand(&self, func: &mut Func, krate: &Krate) {
        let warning = self.unit_warning(func);
        if self.times.is_refreshed() {
            self.expand_refreshed(func, krate);
        } else {
            self.expand_plain(func, krate);
        }
        func.precede(warning);
    }

    /// *Output:*
    /// `let instance = || (); if is_asked(&instance) { let found = look_up(..); match found { Hit(value) => return value, Miss(miss) => miss.leave() } }`,
    /// with the arguments named as the cache names them: a query leaves here, so the arguments may be moved.
    fn prologue(&self, original: &Func, func: &Func, krate: &Krate) -> Option<TokenStream> {
        let cached = krate.private("cached");
        let own = self.scope.site(&self.settings(&cached), &cached, krate);
        let mut original = original.clone();
        let parameters = Parameter::all(&original);
        let look_up = self.look_up(&mut original, &parameters, krate);
        let renamed = original.sig.inputs.iter().zip(&func.sig.inputs).map(renamed);
        let start = krate.private("Start");
        let value = if func.is_begun() { ours!(#start::Has(value)) } else { ours!(value) };
        let leave = match (func.is_begun(), func.is_async()) {
            (true, _) => ours!((_) => return #start::Never),
            (false, true) => ours!((miss) => match miss.leave_async().await {}),
            (false, false) => ours!((miss) => miss.leave()),
        };
        let found = self.found();
        let due = self.times.is_refreshed().then(|| ours!(#cached::#found::Due(value, _) => return #value,));
        Some(ours!(#own
            let instance = || ();
            if #cached::is_asked(&instance) {
                #(#renamed)*
                // The key may contain `_unused` arguments.
                #[allow(clippy::used_underscore_binding)]
                let found = #look_up;
                match found {
                    #cached::#found::Hit(value) => return #value,
                    #due
                    #cached::#found::Miss #leave,
                }
            }
        ))
    }
}

impl Cached {
    fn expand_plain(&self, func: &mut Func, krate: &Krate) {
        let cached = krate.private("cached");
        let parameters = Parameter::all(func);
        let look_up = self.look_up(func, &parameters, krate);
        let found = self.found();
        if func.is_async() {
            return self.begin(func, &look_up, krate);
        }
        let missed = self.missed(func, krate, &cached);
        func.body = ours!({
            // The key may contain `_unused` arguments.
            #[allow(clippy::used_underscore_binding)]
            let found = #look_up;
            match found {
                #cached::#found::Hit(value) => value,
                #cached::#found::Miss(miss) => #missed,
            }
        });
    }

    /// *Output:* `match look_up(..) { Hit(value) => Start::Has(value), Miss(miss) => Start::Runs(miss.run_async(async move { work
    /// })) }`.
    fn begin(&self, func: &mut Func, look_up: &TokenStream, krate: &Krate) {
        let (start, cached, found) = (krate.private("Start"), krate.private("cached"), self.found());
        let on_failure = self.remote.as_ref().map(|remote| remote.on_failure(func.output_span(), &cached));
        let future = func.future(krate);
        let run = match on_failure {
            None => ours!(run_async(#future)),
            Some(on_failure) => ours!(run_remote_async(#on_failure, #future)),
        };
        // The key may contain `_unused` arguments.
        let begin = ours!(#[allow(clippy::used_underscore_binding)]
            let found = #look_up;
            match found {
                #cached::#found::Hit(value) => #start::Has(value),
                #cached::#found::Miss(miss) => #start::Runs(miss.#run),
            }
        );
        func.begin(&begin, &future, krate);
    }

    /// The type that a lookup returns.
    fn found(&self) -> Ident {
        let name = match &self.remote {
            Some(_) => "FoundRemote",
            None if self.times.is_refreshed() => "Refreshed",
            None => "Found",
        };
        Ident::new(name, our_span())
    }

    /// How a miss continues.
    fn missed(&self, func: &mut Func, krate: &Krate, cached: &TokenStream) -> TokenStream {
        let on_failure = self.remote.as_ref().map(|remote| remote.on_failure(func.output_span(), cached));
        let closure = func.closure();
        match on_failure {
            Some(on_failure) => ours!(miss.run_remote(#on_failure, #closure)),
            None => led(&closure, krate),
        }
    }

    /// The options among themselves.
    fn check_options(&self, options: &mut Options) {
        if self.times.keeps_negatives() {
            for flag in ["cache_err", "cache_none"] {
                options.refuse(flag, format!("`negative_ttl` already caches `Err` and `None`: remove `{flag}`"));
            }
        }
        if self.times.stale_if_error().is_some() && self.cache_err.is_some() {
            let message = "a cached `Err` would be returned instead of an older value: remove `cache_err`";
            options.refuse("cache_err", message);
        }
        if self.remote.is_some() {
            store::check_options(options);
        }
    }

    /// The lookup, with the function's own static, out of sight of its body; if there are other layers above, the
    /// prologue has it.
    fn look_up(&self, func: &mut Func, parameters: &[Parameter], krate: &Krate) -> TokenStream {
        let cached = &krate.private("cached");
        let rules = self.rules(func, cached);
        let key = self.key.of(parameters);
        let told = key.told();
        let opens = func.lent.arguments && !self.times.is_refreshed();
        let places = Places::find(func, &quote!(#told #rules), opens, &key);
        let parts = key.parts(parameters, &places, &KeyContext { cached, remote: self.remote.is_some() });
        let recurring = recur::may_recur(&key, parameters, &func.output_type()).then(|| quote!(.recurring()));
        let copies = places.copies(parameters, &key);
        let key = ours!(#cached::KeyParts(#parts).lookup_key()#recurring);
        let shared = self.remote.as_ref().map(|remote| remote.shared(cached)).map(|shared| quote!(, #shared));
        let own = func.is_outermost.then(|| self.scope.site(&self.settings(cached), cached, krate));
        let instance = func.is_outermost.then(|| ours!(let instance = || ();));
        let (engine, scope) = (self.engine(cached), self.scope.place(func, cached));
        let door = Ident::new(self.door(), our_span());
        ours!({
            // The types decide which of its traits is called.
            #[allow(unused_imports)]
            use #cached::by_type::*;
            #own
            #copies
            #instance
            #cached::#door(#scope, #cached::Id::of(&instance), #rules, #engine, #key #shared)
        })
    }

    fn settings(&self, cached: &TokenStream) -> TokenStream {
        let (times, tags) = (self.times.settings(), &self.tags);
        let room = self.remote.as_ref().map_or_else(|| self.room.settings(), Remote::settings);
        let tags = (!tags.is_empty()).then(|| quote!(.tags(&[#(#tags),*])));
        quote!(#cached::Settings::NONE #room #times #tags)
    }

    fn engine(&self, cached: &TokenStream) -> TokenStream {
        let times = self.times.kind(cached);
        match &self.remote {
            Some(remote) => remote.engine(times, cached),
            None => self.room.engine(times, &self.scope, cached),
        }
    }

    /// Selects a lookup function.
    fn door(&self) -> &'static str {
        match &self.remote {
            Some(_) => "look_up_remote",
            None if self.times.is_refreshed() => "look_up_refreshed",
            None => "look_up",
        }
    }

    /// The rules for values.
    fn rules(&self, func: &Func, cached: &TokenStream) -> TokenStream {
        let keep_if = self.keep_if.as_ref().map(|keep_if| quote!(.keep_if(#keep_if)));
        let (policy, times, weigh) = (self.policy(func, cached), self.times.rules(), self.room.rules(cached));
        ours!(#cached::Rules::of(#policy) #times #keep_if #weigh)
    }

    /// The part of the value to cache; found by its type, where the compiler complains.
    fn policy(&self, func: &Func, cached: &TokenStream) -> TokenStream {
        let output = func.output();
        let at = func.output_span();
        let question = match self.cache_err.or(self.cache_none) {
            _ if self.times.keeps_negatives() => "negative",
            Some(_) => "whole",
            None => "policy",
        };
        let question = Ident::new(question, our_span());
        let storable = self.remote.as_ref().map(|_| ours!(.storable_values()));
        located_at(ours!((&&&&&#cached::Returned::<#output>::NEW).#question() #storable), at)
    }
}

/// A parameter as the key sees it, from its final name. *Output:* `let Path(id) = argument0;`.
fn renamed((before, now): (&FnArg, &FnArg)) -> Option<TokenStream> {
    let (FnArg::Typed(before), FnArg::Typed(now)) = (before, now) else { return None };
    let now = plain_name(&now.pat)?;
    match plain_name(&before.pat) {
        Some(name) if name == now => None,
        Some(name) => Some(ours!(let #name = #now;)),
        None => {
            let pattern = &before.pat;
            // Moved out first, for `ref mut`.
            // The pattern is written twice: the first one has the warnings.
            Some(ours!(#[allow(unused_braces, unused_mut, unused_variables, clippy::restriction)]
                let #pattern = { #now };
            ))
        }
    }
}

/// *Input:* `|| -> R { work }`. *Output:* `match miss.lead() { Ok(run) => { let value = once(|| -> R { work })();
/// run.finish(value) } Err(value) => value }`. The closure is called here, so that nothing is generic over it.
fn led(body: &TokenStream, krate: &Krate) -> TokenStream {
    let once = krate.private("once");
    ours!(match miss.lead() {
        ::core::result::Result::Ok(run) => {
            let value = #once(#body)();
            run.finish(value)
        }
        ::core::result::Result::Err(value) => value,
    })
}
