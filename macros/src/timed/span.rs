//! The span of a call: `span`, `span = debug` or `span(level = debug, fields(sku), err, ret)`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::field::{self, Field};
use crate::kit::{Errors, Func, Krate, Options, did_you_mean, located_at, our_span, ours, ours_at, quoted, text};

/// The levels of `tracing`; a span has the first one by default.
pub(super) const LEVELS: &[&str] = &["info", "error", "warn", "debug", "trace"];

/// The span of a call.
pub(super) struct CallSpan {
    level: &'static str,
    pub(super) name: Option<TokenStream>,
    pub(super) target: Option<TokenStream>,
    parent: Option<TokenStream>,
    follows_from: Option<TokenStream>,
    fields: Vec<Field>,
    err: Option<Event>,
    ret: Option<Event>,
    outcome: Option<Span>,
}

/// Options of `#[timed]` that also apply to the span.
pub(super) struct Shared<'t> {
    pub(super) name: Option<&'t TokenStream>,
    pub(super) target: Option<&'t TokenStream>,
    pub(super) args: &'t [TokenStream],
}

/// `err` or `ret`: the event that tells of a value.
struct Event {
    at: Span,
    level: Option<&'static str>,
    /// Written as `Debug` or `Display`; otherwise an error is shown with `Display`, a value with `Debug`.
    is_debug: Option<bool>,
}

/// Reads it.
pub(super) fn read(options: &mut Options) -> Option<CallSpan> {
    if let Some((key, list)) = options.only_list("span") {
        return Some(options.nested(&key, list, in_full));
    }
    if let Some(name) = options.literal_text("span").filter(|text| !LEVELS.contains(&text.as_str())) {
        let _ = options.tokens("span");
        options.refuse("span", format!("`span` takes a level, not a name: write `span, name = \"{name}\"`"));
        return None;
    }
    let level = options.flag_or_choice("span", LEVELS)?;
    Some(CallSpan {
        level,
        name: None,
        target: None,
        parent: None,
        follows_from: None,
        fields: Vec::new(),
        err: None,
        ret: None,
        outcome: None,
    })
}

/// The options in the parentheses.
fn in_full(options: &mut Options) -> CallSpan {
    let span = CallSpan {
        level: level(options).unwrap_or(LEVELS[0]),
        name: options.text("name"),
        target: options.text("target"),
        fields: options.group("fields").map(|list| field::read(list, options)).unwrap_or_default(),
        parent: options.value("parent"),
        follows_from: options.value("follows_from"),
        err: event(options, "err"),
        ret: event(options, "ret"),
        outcome: options.flag("outcome"),
    };
    if let (Some(at), true) = (span.outcome, span.records("outcome")) {
        options.at_span(at, "a field has this name: rename the field, or remove `outcome`");
    }
    span
}

/// `level = debug`
fn level(options: &mut Options) -> Option<&'static str> {
    let tokens = options.tokens("level")?;
    let written = tokens.to_string();
    let word = written.rsplit(':').next().unwrap_or(&written).trim_matches(['"', ' ']).to_lowercase();
    let found = LEVELS.iter().find(|known| **known == word).copied();
    let message = match found {
        Some(found) if written == found => return Some(found),
        Some(found) => format!("write the word alone: `level = {found}`"),
        None => format!("`level` has to be one of {}{}", quoted(LEVELS), did_you_mean(&word, LEVELS)),
    };
    options.error(&tokens, message);
    None
}

/// `err`, `err(Debug)` or `err(level = warn)`
fn event(options: &mut Options, name: &'static str) -> Option<Event> {
    let key = options.key(name);
    if let Some((key, list)) = options.only_list(name) {
        let read = |options: &mut Options| Event { at: key.span(), level: level(options), is_debug: is_debug(options) };
        return Some(options.nested(&key, list, read));
    }
    let _ = options.flag(name)?;
    key.map(|key| Event { at: key.span(), level: None, is_debug: None })
}

/// `Debug` or `Display`
fn is_debug(options: &mut Options) -> Option<bool> {
    let mut is_debug = None;
    for trait_name in options.positionals() {
        match trait_name.to_string().as_str() {
            "Debug" | "Display" if is_debug.is_some() => options.error(&trait_name, "write `Debug` or `Display`, once"),
            "Debug" => is_debug = Some(true),
            "Display" => is_debug = Some(false),
            other => {
                let hint = did_you_mean(other, &["Debug", "Display"]);
                let message = format!("expected `Debug`, `Display` or `level = ..`{hint}");
                options.error(&trait_name, message);
            }
        }
    }
    is_debug
}

impl CallSpan {
    /// Does the end of the call have to be told about?
    fn tells(&self) -> bool {
        self.sees_value() || self.outcome.is_some()
    }

    /// Does the return value have to be seen, whatever its type?
    pub(super) fn sees_value(&self) -> bool {
        self.err.is_some() || self.ret.is_some()
    }

    /// Is there a field with this name?
    fn records(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.is_called(name))
    }

    /// Options that may use up an argument, which must not be moved into the call then.
    pub(super) fn owners(&self) -> TokenStream {
        let (parent, follows_from) = (&self.parent, &self.follows_from);
        quote!(#parent #follows_from)
    }

    /// Does it have a field with the name that one of `args(..)` has?
    pub(super) fn has_field_of(&self, arg: &TokenStream) -> bool {
        let name = arg.to_string();
        self.records(&name) || (self.outcome.is_some() && name == "outcome")
    }

    pub(super) fn check(&self, func: &Func, errors: &mut Errors) {
        func.check_constant("name", self.name.as_ref(), errors);
        func.check_constant("target", self.target.as_ref(), errors);
        for field in &self.fields {
            field.check(func, errors);
        }
        let output = text(&func.output_type());
        if let Some(err) = self.err.as_ref().filter(|_| !func.may_be_result()) {
            let what = if output == "()" { "nothing".to_owned() } else { format!("`{output}`") };
            let message = format!("`err` tells of an `Err`, but `{}` returns {what}: remove `err`", func.sig.ident);
            errors.at_span(err.at, message);
        }
        if let Some(ret) = self.ret.as_ref().filter(|_| func.never_returns()) {
            errors.at_span(
                ret.at,
                format!("`ret` tells of a value, but `{}` never returns: remove `ret`", func.sig.ident),
            );
        }
        self.check_track_caller(func, errors);
    }

    /// The closure in which the value is seen would become the caller.
    fn check_track_caller(&self, func: &Func, errors: &mut Errors) {
        if func.is_async() || !func.has_attribute("track_caller") {
            return;
        }
        let outcome = self.outcome.filter(|_| func.may_be_result()).map(|at| ("outcome", at));
        let err = self.err.as_ref().map(|event| ("err", event.at));
        let ret = self.ret.as_ref().map(|event| ("ret", event.at));
        for (name, at) in [outcome, err, ret].into_iter().flatten() {
            let message = "needs the return value, which is not inspected under `#[track_caller]`: remove one of them";
            errors.at_span(at, format!("`{name}` {message}"));
        }
    }

    /// *Input:* `span(level = debug, fields(id))` on `fn price`. *Output:*
    /// `{ let span = span!(target: module_path!(), DEBUG, "price", "id" = ..); span }`: its call site is a static in the
    /// function's own module, and the temporaries of the fields are dropped before the call.
    pub(super) fn create(&self, func: &Func, shared: &Shared, krate: &Krate) -> TokenStream {
        let (timed, tracing) = (krate.private("timed"), krate.private("tracing"));
        let (level, target) = (upper(self.level), self.target(shared));
        let name = self.name.as_ref().or(shared.name).cloned();
        let name = name.unwrap_or_else(|| func.sig.ident.unraw().to_string().into_token_stream());
        let args = shared.args.iter().map(|arg| {
            let name = arg.to_string();
            let value = if arg.clone().into_iter().count() > 1 { quote!((#arg)) } else { arg.clone() };
            quote!(, #name = #tracing::field::debug(&#value))
        });
        let fields = args.chain(self.fields.iter().map(|field| field.expand(krate)));
        let outcome = self.outcome.map(|_| quote!(, "outcome" = #tracing::field::Empty));
        let parent = self.parent.as_ref().map(|parent| quote!(parent: #parent,));
        let span = ours!(#tracing::span!(target: #target, #parent #tracing::Level::#level, #name #(#fields)* #outcome)
        );
        if self.fields.is_empty() && self.parent.is_none() && self.follows_from.is_none() {
            return span;
        }
        // A field's type decides whether the trait is needed.
        let plain = (!self.fields.is_empty()).then(|| quote!(#[allow(unused_imports)] use #timed::NotPlain as _;));
        let follows_from = self.follows_from.as_ref().map(|causes| {
            let timed = located_at(timed.clone(), causes.span());
            let follow = quote_spanned!(ours_at(causes.span()) => #timed::follow(&span, #causes));
            ours!(if !span.is_disabled() { #follow; })
        });
        ours!({ #plain let span = #span; #follows_from span })
    }

    fn target(&self, shared: &Shared) -> TokenStream {
        let target = self.target.as_ref().or(shared.target).cloned();
        target.unwrap_or_else(|| quote!(::core::module_path!()))
    }

    /// *Output:* `spanned(span, call)`, or `spanned_to_end(span, true, call, tell)`.
    pub(super) fn around(
        &self,
        span: &TokenStream,
        call: &TokenStream,
        tell: &TokenStream,
        krate: &Krate,
    ) -> TokenStream {
        let (timed, outcome) = (krate.private("timed"), self.outcome.is_some());
        if !self.tells() {
            return ours!(#timed::spanned(#span, #call));
        }
        ours!(#timed::spanned_to_end(#span, #outcome, #call, #tell))
    }

    /// *Output:* `let span = span!(..).entered(); let end = End::of(&span);`
    pub(super) fn enter(&self, span: &TokenStream, krate: &Krate) -> TokenStream {
        let timed = krate.private("timed");
        // The name starts with `_` in case the call never returns.
        let end = self.outcome.map(|_| ours!(let _end = #timed::End::of(&span);));
        ours!(let span = #span.entered(); #end)
    }

    /// *Output:* `_end.returned(); tell(&span, &value, |span, value| ..);`
    pub(super) fn tell_of_value(&self, tell: &TokenStream, krate: &Krate) -> Option<TokenStream> {
        let timed = krate.private("timed");
        let end = self.outcome.map(|_| ours!(_end.returned();));
        self.tells().then(|| ours!(#end #timed::tell(&span, &value, #tell);))
    }

    /// *Output:* `|span: &Span, value: &Ret| { record_outcome(span, value, kind); event!(..); }`
    pub(super) fn tell(&self, func: &Func, kind: &TokenStream, shared: &Shared, krate: &Krate) -> TokenStream {
        let (timed, tracing) = (krate.private("timed"), krate.private("tracing"));
        let outcome = self.outcome.map(|_| ours!(#timed::record_outcome(span, value, #kind);));
        let target = self.target(shared);
        let err = self.err.as_ref().map(|err| err.emit("error", "error", "error", false, &target, krate));
        let ret = self.ret.as_ref().map(|ret| ret.emit("value", "return", self.level, true, &target, krate));
        let events = match (&self.err, err, ret) {
            (Some(at), Some(err), ret) => {
                // The output decides whether the trait is needed.
                let no_result = quote!(#[allow(unused_imports)] use #timed::NoResult as _;);
                let result = quote_spanned!(ours_at(at.at) => #timed::Returned(value).by_reference());
                let value = if ret.is_some() { ours!(value) } else { quote!(_) };
                ours!(#no_result match #result {
                    ::core::result::Result::Ok(#value) => { #ret }
                    ::core::result::Result::Err(error) => { #err }
                })
            }
            (_, _, ret) => ret.unwrap_or_default(),
        };
        let output = func.inferred_output();
        ours!(|span: &#tracing::Span, value: &#output| {
            let _ = (span, value);
            #outcome
            #events
        })
    }
}

impl Event {
    /// *Input:* the local `error`, for a field of that name. *Output:*
    /// `event!(target: module_path!(), ERROR, "error" = display(error));`
    fn emit(
        &self,
        local: &str,
        field: &str,
        level: &str,
        is_debug: bool,
        target: &TokenStream,
        krate: &Krate,
    ) -> TokenStream {
        let (tracing, level) = (krate.private("tracing"), upper(self.level.unwrap_or(level)));
        let is_debug = self.is_debug.unwrap_or(is_debug);
        let (form, shown) = if is_debug { (quote!(debug), quote!(Debug)) } else { (quote!(display), quote!(Display)) };
        // At the user's option, in case the value has no `Debug` or `Display`.
        let local = Ident::new(local, ours_at(self.at));
        let value = quote_spanned!(ours_at(self.at) => #tracing::field::#form(#local as &dyn ::core::fmt::#shown));
        ours!(#tracing::event!(target: #target, #tracing::Level::#level, #field = #value);)
    }
}

fn upper(level: &str) -> Ident {
    Ident::new(&level.to_uppercase(), our_span())
}
