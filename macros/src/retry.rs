//! `#[retry]`: the loop around a function that may fail.
//!
//! In: options and a function. Out: the loop, which calls the runtime, around its body. Open this file first; `retry/wait.rs`
//! reads waits, `retry/arguments.rs` decides what each attempt gets.

mod arguments;
mod borrows;
mod hooks;
mod jitter;
mod limits;
mod shapes;
mod until;
mod wait;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, Expr, ReturnType, parse_quote};

use crate::kit::{
    Decorator, DurationValue, Errors, Func, Krate, Lent, Options, located_at, ours, ours_at, text as source,
};
use arguments::{Clones, again, lends_all, mentions_argument, reborrows};
use hooks::Hooks;
use limits::{Limits, returns_story};
use wait::Waits;

/// The options of `#[retry]`.
struct Retry {
    limits: Limits,
    waits: Waits,
    timeout: Option<(Ident, DurationValue)>,
    when: Option<TokenStream>,
    until: Option<TokenStream>,
    wait_hint: Option<TokenStream>,
    max_hint: Option<(Ident, DurationValue)>,
    clones: Clones,
    reset: Vec<TokenStream>,
    hooks: Hooks,
}

/// Reads them.
pub(crate) fn read(options: &mut Options) -> Box<dyn Decorator> {
    Box::new(Retry {
        limits: Limits::read(options),
        waits: Waits::read(options),
        timeout: options.key("timeout").zip(positive(options, "timeout", "no attempt could end in time")),
        when: predicate(options, "when", "error"),
        until: predicate(options, "until", "value"),
        wait_hint: options.value("wait_hint"),
        max_hint: options.key("max_hint").zip(options.length("max_hint")),
        clones: Clones::read(options),
        reset: options.list("reset").unwrap_or_default(),
        hooks: Hooks::read(options),
    })
}

/// A function or a closure, rather than the body of one.
fn predicate(options: &mut Options, name: &'static str, argument: &str) -> Option<TokenStream> {
    let value = options.value(name)?;
    let is_body = matches!(syn::parse2(value.clone()), Ok(Expr::Binary(_) | Expr::Unary(_) | Expr::Lit(_)))
        || matches!(syn::parse2(value.clone()), Ok(Expr::Macro(call)) if call.mac.path.is_ident("matches"));
    if is_body {
        options.error(&value, format!("expected a closure: write `{name} = |{argument}| {}`", source(&value)));
    }
    Some(value)
}

fn positive(options: &mut Options, name: &'static str, because: &str) -> Option<DurationValue> {
    let length = options.length(name)?;
    if length.known().is_some_and(|known| known.is_zero()) {
        options.at_span(length.span(), format!("`{name}` is zero: {because}"));
    }
    Some(length)
}

impl Decorator for Retry {
    fn check(&self, func: &Func, errors: &mut Errors) {
        if func.never_returns() {
            errors.at(&func.output_type(), "a function that never returns cannot fail: there is nothing to retry");
        }
        for attr in func.attrs.iter().filter(|attr| attr.path().is_ident("track_caller")) {
            errors.at(attr, "each attempt runs in a closure, which would hide the caller: remove `#[track_caller]`");
        }
        let otherwise =
            "a sync function cannot be stopped from outside: make it `async`, or set a timeout on what it calls";
        if let (Some((timeout, _)), Some(message)) = (&self.timeout, func.sync_message(otherwise)) {
            errors.at(timeout, message);
        }
        if let (Some((max_hint, _)), true) = (&self.max_hint, self.never_hints()) {
            let message = "no wait is asked for here, since `when` and `until` only say whether to retry: remove \
                           `max_hint`, or write `wait_hint = |error| ..`";
            errors.at(max_hint, message);
        }
        if let Some(until) = &self.until {
            until::check(until, func, errors);
        }
        self.limits.check(func, errors);
        self.hooks.check(func, errors);
        self.clones.of(func).check(func, errors);
        borrows::check(func, errors);
    }

    /// Each attempt needs all arguments again.
    fn lends(&self, _: Lent) -> Lent {
        Lent::ALL
    }

    /// *Input:* `{ work }`. *Output:* `run(place, limits, || { work }, kind)`, or a loop where an attempt needs more
    /// than what it borrows.
    fn expand(&self, func: &mut Func, krate: &Krate) {
        self.document(func);
        func.body = if self.is_plain(func) { self.call(func, krate) } else { self.repeat(func, krate) };
    }
}

impl Retry {
    /// The policy, in one line of the function's documentation.
    fn document(&self, func: &mut Func) {
        let line = format!(" Retried: {}, {}.", self.limits.words(), self.waits.words());
        let is_documented = func.has_attribute("doc");
        let gap: Option<Attribute> = is_documented.then(|| parse_quote!(#[doc = ""]));
        func.attrs.extend(gap);
        func.attrs.push(parse_quote!(#[doc = #line]));
    }

    /// Can the attempts share one closure? Not if they move an argument, or if something other than the body needs the
    /// arguments too.
    fn is_plain(&self, func: &Func) -> bool {
        let needs = !self.hooks.are_none() || !self.reset.is_empty();
        let max_hint = self.max_hint.as_ref().map(|(_, most)| most.to_token_stream());
        let asked = self.when.iter().chain(&self.until).chain(&self.wait_hint).chain(&max_hint);
        let asks = asked.into_iter().any(|expr| mentions_argument(expr, func));
        !func.is_async() && !needs && !asks && self.waits.has_static() && lends_all(func)
    }

    fn call(&self, func: &mut Func, krate: &Krate) -> TokenStream {
        let retry = &krate.private("retry");
        let (place, limits) = (self.place(krate), self.limits.tokens(func, retry));
        let reborrows = reborrows(func);
        let (output, body) = (func.closure_output(), &func.body);
        let attempt = ours!(|| #output { #reborrows #body });
        let kind = ours!(#retry::Kind { text: (&&of).text(), fault: of.fault() });
        if self.asks_the_type() {
            let judge = quote_spanned!(returned_at(func) => of.judge());
            let kind = by_type(retry, &ours!((#judge, #kind)));
            return ours!(#retry::run(#place, #limits, #attempt, |of| #kind));
        }
        let (verdict, kind) = (self.verdict(func, retry, false), by_type(retry, &kind));
        ours!(#retry::run_when(#place, #limits, #attempt, |result| #verdict, |of| #kind))
    }

    /// Is there nothing that could ask for a wait, neither an option nor the error itself?
    fn never_hints(&self) -> bool {
        self.wait_hint.is_none() && (self.when.is_some() || self.until.is_some())
    }

    /// Does the return type alone decide whether a value is a failure?
    fn asks_the_type(&self) -> bool {
        self.when.is_none() && self.until.is_none() && self.wait_hint.is_none() && self.max_hint.is_none()
    }

    /// *Output:* `let mut retry = start(place, limits); loop { { let result = call(|| { work }); .. } retry.sleep(); }`
    fn repeat(&self, func: &mut Func, krate: &Krate) -> TokenStream {
        let retry = &krate.private("retry");
        let clones = self.clones.of(func);
        let (save, restore) = clones.restored(func);
        let at_risk = clones.at_risk(func);
        // The compiler does not accept an async closure around that future, which is in a variable.
        let is_checked = !at_risk.is_empty() && !func.is_instrumented();
        let again = is_checked.then(|| again(&at_risk, func));
        let keep = clones.before();
        let (start, waits) = (self.start(func, krate), self.declare_waits());
        let attempt = self.attempt(func, &clones, krate, retry, is_checked);
        let (verdict, is_over) = (self.verdict(func, retry, true), self.is_over(retry));
        let (before, after) = (self.hooks.before(retry), self.hooks.after(retry));
        let has_until = self.until.is_some();
        let (give_up, before_sleep) = (self.hooks.give_up(retry, has_until), self.hooks.before_sleep(retry, has_until));
        let sleep = if func.is_async() { quote!(sleep_async().await) } else { quote!(sleep()) };
        let reset = &self.reset;
        ours!(#save #keep #waits
            let mut retry = #start;
            loop {
                {
                    #again
                    #before
                    let result = #attempt;
                    #after
                    let verdict = #verdict;
                    if retry.is_good(verdict) { break result; }
                    let mut failure = result;
                    if #is_over { break #give_up; }
                    #before_sleep
                }
                #restore
                #(#reset;)*
                retry.#sleep;
            }
        )
    }

    fn start(&self, func: &Func, krate: &Krate) -> TokenStream {
        let retry = &krate.private("retry");
        let (place, limits) = (self.place(krate), self.limits.tokens(func, retry));
        let start = if func.is_async() { quote!(start_async) } else { quote!(start) };
        ours!(#retry::#start(#place, #limits))
    }

    /// *Output:* `|| &SITE`. The static is out of sight of the body.
    fn place(&self, krate: &Krate) -> TokenStream {
        let retry = &krate.private("retry");
        let (policy, place) = (self.policy(retry), krate.place());
        ours!(|| {
            static FESTOON_SITE: #retry::RetrySite = #retry::RetrySite::new(#policy, #place);
            &FESTOON_SITE
        })
    }

    /// The part that is known at compile time.
    fn policy(&self, retry: &TokenStream) -> TokenStream {
        let attempts = self.limits.in_policy(retry);
        let wait = self.waits.in_static(retry);
        quote!(#retry::Policy::new(#attempts, #wait))
    }

    /// *Output:* `let mut waits = None;`, if the waits are created at run time.
    fn declare_waits(&self) -> Option<TokenStream> {
        let made = !self.waits.has_static();
        made.then(|| ours!(let mut waits = ::core::option::Option::None;))
    }

    /// One attempt. A closure or an async block, so that `?` and `return` end the attempt and not the function.
    fn attempt(
        &self,
        func: &mut Func,
        clones: &Clones,
        krate: &Krate,
        retry: &TokenStream,
        is_checked: bool,
    ) -> TokenStream {
        let (hand, reborrows) = (clones.each(func, retry), reborrows(func));
        let fault = by_type(retry, &ours!(of.fault()));
        if !func.is_async() {
            let (output, body) = (func.closure_output(), &func.body);
            let attempt = ours!(|| #output { #hand #reborrows #body });
            let attempt = if is_checked { ours!(again(#attempt)) } else { attempt };
            return ours!(retry.call(#attempt, |of| #fault));
        }
        let body = func.pinned_body(krate);
        let work = ours!({ #hand #reborrows #body });
        let future = if is_checked { ours!(again(async || #work)()) } else { ours!(async #work) };
        match &self.timeout {
            None => ours!(retry.attempt(#future, |of| #fault).await),
            Some((key, limit)) => {
                let cut_off = if returns_story(func) { quote!(cut_off_told) } else { quote!(cut_off) };
                let cut_off = located_at(quote!(#retry::#cut_off), key.span());
                ours!(retry.attempt_within(#limit, #future, #cut_off(), |of| #fault).await)
            }
        }
    }

    /// *Output:* `retry.is_over(verdict, text, &mut failure)`.
    fn is_over(&self, retry: &TokenStream) -> TokenStream {
        let text = by_type(retry, &ours!((&&#retry::Of::value(&failure)).text()));
        if self.waits.has_static() {
            return ours!(retry.is_over(verdict, #text, &mut failure));
        }
        let made = self.waits.made(retry);
        ours!(retry.is_over_with(verdict, #text, &mut failure, &mut waits, || #made))
    }

    /// The verdict on a value. A type that cannot fail is an error at the return type.
    fn verdict(&self, func: &Func, retry: &TokenStream, by_value: bool) -> TokenStream {
        let at = returned_at(func);
        let result = if by_value { quote_spanned!(at => &result) } else { quote_spanned!(at => result) };
        let until = self.until.as_ref().map(|until| {
            ours!({
                // The type decides whether the trait's method is called, or one of its own.
                #[allow(unused_imports)]
                use #retry::AnyValue as _;
                #retry::Probe(#result).until(#until)
            })
        });
        let verdict = match (&self.when, until) {
            // Only such an error can ask for a wait.
            (None, None) if self.max_hint.is_some() && self.wait_hint.is_none() => {
                quote_spanned!(at => #retry::judge_as_told(#result))
            }
            (None, None) => by_type(retry, &quote_spanned!(at => #retry::Of::value(#result).judge()(#result))),
            (Some(when), None) => quote_spanned!(at => #retry::judge_when(#result, #when)),
            (None, Some(until)) => until,
            (Some(when), Some(until)) => quote_spanned!(at => #retry::judge_when(#result, #when).and(|| #until)),
        };
        let hinted = self.wait_hint.as_ref().map(|hint| quote_spanned!(at => .hinted(#result, #hint)));
        let at_most = self.max_hint.as_ref().map(|(_, most)| quote_spanned!(at => .at_most(#most)));
        quote_spanned!(at => #verdict #hinted #at_most)
    }
}

/// Where the return type is written.
fn returned_at(func: &Func) -> Span {
    ours_at(match &func.sig.output {
        ReturnType::Default => func.sig.ident.span(),
        ReturnType::Type(_, ty) => ty.span(),
    })
}

/// With the traits whose methods the return type may not have of its own.
fn by_type(retry: &TokenStream, call: &TokenStream) -> TokenStream {
    ours!({
        #[allow(unused_imports)]
        use #retry::by_type::*;
        #call
    })
}
