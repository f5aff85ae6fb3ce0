//! `#[cached]`: keeps what a function has returned.

mod check;
mod key;
mod refresh;
mod scope;
mod store;
mod times;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use self::key::{Asked, KeyParts, Parameter};
use self::scope::Scope;
use self::store::Outside;
use self::times::{Room, Times};
use crate::kit::{Decorator, Errors, Func, Krate, Options, located_at, site};

/// The options of `#[cached]`.
struct Cached {
    room: Room,
    times: Times,
    scope: Scope,
    key: KeyParts,
    keep_if: Option<TokenStream>,
    tags: Vec<TokenStream>,
    cache_err: Option<Span>,
    cache_none: Option<Span>,
    outside: Option<Outside>,
}

/// Reads them, and checks them against one another.
pub(crate) fn read(options: &mut Options) -> Box<dyn Decorator> {
    let scope = Scope::read(options);
    let key = KeyParts::read(options);
    let cached = Cached {
        room: Room::read(options),
        times: Times::read(options),
        key: if scope.has_memo() { key.without_self() } else { key },
        scope,
        keep_if: options.value("if"),
        tags: times::tags(options),
        cache_err: options.flag("cache_err"),
        cache_none: options.flag("cache_none"),
        outside: Outside::read(options),
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
        check::key(&self.key, func, errors);
        self.scope.check(self.times.is_refreshed(), func, errors);
        if let Some(fails) = self.outside.as_ref().and_then(Outside::fails).filter(|_| !func.may_be_result()) {
            let message = "a call that fails with its store returns an `Err`, but this function returns no `Result`";
            errors.point(fails, message);
        }
        if self.times.is_refreshed() {
            refresh::check(func, errors);
        }
    }

    /// *Input:* `{ work }`. *Output:*
    /// `let found = look_up(site, policy, engine, key, to_key); match found { Hit(v) => v, Miss(m) => m.run(|| { work }) }`.
    fn expand(&self, func: &mut Func, krate: &Krate) {
        if self.times.is_refreshed() {
            return self.expand_refreshed(func, krate);
        }
        let cached = krate.private("cached");
        let look_up = self.look_up(func, &cached);
        let run = self.run(func, krate, &cached);
        let found = Ident::new(if self.outside.is_some() { "FoundThrough" } else { "Found" }, site());
        func.body = quote_spanned!(site() => {
            #[allow(clippy::used_underscore_binding)]
            let found = #look_up;
            match found {
                #cached::#found::Hit(value) => value,
                #cached::#found::Miss(miss) => miss.#run,
            }
        });
    }
}

impl Cached {
    /// How a miss goes on.
    fn run(&self, func: &Func, krate: &Krate, cached: &TokenStream) -> TokenStream {
        let fallen = self.outside.as_ref().map(|outside| outside.fallen(func.output_span(), cached));
        let run = |name: &str| {
            Ident::new(&if fallen.is_some() { name.replace("run", "run_through") } else { name.to_owned() }, site())
        };
        let (fallen, body) = (fallen.as_ref().map(|fallen| quote!(#fallen,)), &func.body);
        if func.is_async() {
            let (run, body) = (run("run_async"), func.pinned_body(krate));
            return quote_spanned!(site() => #run(#fallen async move { #body }).await);
        }
        let (run, output) = (run("run"), func.closure_output());
        quote_spanned!(site() => #run(#fallen || #output { #body }))
    }

    /// The options among themselves.
    fn check_options(&self, options: &mut Options) {
        if self.times.keeps_negatives() {
            for flag in ["cache_err", "cache_none"] {
                options.refuse(flag, format!("`negative_ttl` keeps `Err` and `None` already: remove `{flag}`"));
            }
        }
        if self.times.stale_if_error().is_some() && self.cache_err.is_some() {
            let message = "an `Err` that is kept would be given out, and no older value: remove `cache_err`";
            options.refuse("cache_err", message);
        }
        if self.outside.is_some() {
            store::check_options(options);
        }
    }

    /// The function's own static, out of sight of its body, and the look-up in it.
    fn look_up(&self, func: &mut Func, cached: &TokenStream) -> TokenStream {
        func.name_arguments();
        let parameters = Parameter::all(func);
        let asked = Asked { cached, outside: self.outside.is_some() };
        let parts = self.key.parts(&parameters, &asked);
        let to_key = self.key.closure(&parameters, &self.scope, &asked);
        let is_method = parameters.iter().any(Parameter::is_self);
        let elsewhere = self.outside.as_ref().filter(|_| !is_method).map(|_| store::elsewhere(cached));
        let shared = self.outside.as_ref().map(|outside| outside.shared(cached)).map(|shared| quote!(, #shared));
        let (settings, engine) = (self.settings(cached), self.engine(cached));
        let (door, policy) = self.policy_and_rules(func, cached);
        let (own, place) = (self.scope.site(&settings, cached), self.scope.place(func));
        quote_spanned!(site() => {
            #[allow(unused_imports)]
            use #cached::by_type::*;
            #own
            #elsewhere
            #cached::#door(#place, #policy, #engine, #cached::Parts(#parts).shown(), #to_key #shared)
        })
    }

    fn settings(&self, cached: &TokenStream) -> TokenStream {
        let (times, tags) = (self.times.settings(), &self.tags);
        let room = self.outside.as_ref().map_or_else(|| self.room.settings(), Outside::settings);
        let tags = (!tags.is_empty()).then(|| quote!(.tags(&[#(#tags),*])));
        quote!(#cached::Settings::NONE #room #times #tags)
    }

    fn engine(&self, cached: &TokenStream) -> TokenStream {
        let times = self.times.kind(cached);
        match &self.outside {
            Some(outside) => outside.engine(times, cached),
            None => self.room.engine(times, &self.scope, cached),
        }
    }

    /// Which of the look-ups, and what it is told about values: a policy, or rules where there is more to say.
    fn policy_and_rules(&self, func: &Func, cached: &TokenStream) -> (Ident, TokenStream) {
        let keep_if = self.keep_if.as_ref().map(|keep_if| quote!(.keep_if(#keep_if)));
        let (times, weigh) = (self.times.rules(), self.room.rules(cached));
        let (rules, policy) = (quote!(#times #keep_if #weigh), self.policy(func, cached));
        let refreshed = self.times.is_refreshed();
        if rules.is_empty() && !refreshed && self.scope.door().is_none() && self.outside.is_none() {
            return (Ident::new("look_up", site()), policy);
        }
        let plain = if refreshed { "look_up_refreshed" } else { "look_up_with" };
        let through = self.outside.as_ref().map(|_| "look_up_through");
        let door = through.or(self.scope.door()).unwrap_or(plain);
        (Ident::new(door, site()), quote_spanned!(site() => #cached::Rules::of(#policy) #rules))
    }

    /// What of the value is kept; asked of its type, at whose place the compiler complains.
    fn policy(&self, func: &Func, cached: &TokenStream) -> TokenStream {
        let output = func.output();
        let at = func.output_span();
        let question = match self.cache_err.or(self.cache_none) {
            _ if self.times.keeps_negatives() => "negative",
            Some(_) => "whole",
            None => "policy",
        };
        let question = Ident::new(question, site());
        let storable = self.outside.as_ref().map(|_| quote_spanned!(site() => .storable_values()));
        located_at(quote_spanned!(site() => (&&&&#cached::Returned::<#output>::NEW).#question() #storable), at)
    }
}
