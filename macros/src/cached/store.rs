//! `store = ..`: where values are stored in addition to this process's memory, or instead of it.

use std::time::Duration;

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::quote;

use crate::kit::{
    Amount, DurationValue, Errors, Func, Options, closest, expr, group, in_manifest, located_at, our_span, ours, split,
    transparent,
};

/// The options about stores.
pub(super) struct Remote {
    /// An expression that converts into a `Store`; `#cached` is not known yet.
    store: Expr,
    /// A cache in memory in front of it.
    memory: Option<Memory>,
    version: Option<TokenStream>,
    prefix: Option<TokenStream>,
    /// The span of `fail`, if a call has to fail with its store.
    fails: Option<Span>,
}

/// `memory(max = 1000, ttl = 10s)`
#[derive(Default)]
struct Memory {
    max: Option<Amount>,
    unbounded: Option<Span>,
    ttl: Option<DurationValue>,
}

enum Expr {
    /// `redis(..)`: the name of the type, the span of the word, and the method calls.
    Known { of: &'static str, at: Span, calls: TokenStream },
    /// An expression of the user's.
    Given(TokenStream),
}

impl Expr {
    fn tokens(&self, cached: &TokenStream) -> TokenStream {
        match self {
            Expr::Given(expr) => expr.clone(),
            Expr::Known { of, at, calls } => {
                let of = Ident::new(of, our_span().located_at(*at));
                quote!(#cached::#of #calls)
            }
        }
    }
}

/// A known store.
struct BackendSpec {
    name: &'static str,
    of: &'static str,
    example: &'static str,
    /// The constructor without arguments.
    bare: Option<&'static str>,
    lengths: &'static [&'static str],
    texts: &'static [&'static str],
    sizes: &'static [&'static str],
    flags: &'static [&'static str],
    is_on: bool,
}

const WORDS: &[BackendSpec] = &[
    BackendSpec {
        name: "redis",
        of: "Redis",
        example: "redis(\"redis://localhost\")",
        bare: Some("from_env"),
        lengths: &["timeout", "lease", "wait"],
        texts: &["sentinel"],
        sizes: &[],
        flags: &["cluster"],
        is_on: cfg!(feature = "redis"),
    },
    BackendSpec {
        name: "disk",
        of: "Disk",
        example: "disk(\"cache.redb\")",
        bare: None,
        lengths: &[],
        texts: &[],
        sizes: &["max_size"],
        flags: &[],
        is_on: cfg!(feature = "disk"),
    },
];

impl Remote {
    /// `store = .., version = .., on_store_error = ..`
    pub(super) fn read(options: &mut Options) -> Option<Self> {
        let at = options.key("store");
        let store = options.tokens("store");
        let version = options.value("version");
        let prefix = options.value("prefix");
        let written = options.key("on_store_error");
        let fails = options.choice("on_store_error", &["run", "fail"]).filter(|word| *word == "fail");
        let Some(store) = store else {
            if at.is_none() {
                let message = |name: &str| format!("`{name}` needs a `store`, and this function has none");
                for name in ["version", "prefix", "on_store_error"] {
                    options.refuse(name, message(name));
                }
            }
            return None;
        };
        let (memory, store) = read_store(options, &store)?;
        Some(Remote { store, memory, version, prefix, fails: fails.and(written).map(|written| written.span()) })
    }

    /// *Output:* `|| Shared::on(Redis::from_env()).package(..).version(3)`
    pub(super) fn shared(&self, cached: &TokenStream) -> TokenStream {
        let store = self.store.tokens(cached);
        let version = self.version.as_ref().map(|version| quote!(.version(#version)));
        let memory = self.memory.as_ref().map(|_| quote!(.behind_memory()));
        let prefix = self.prefix.as_ref().map(|prefix| quote!(.prefix(#prefix)));
        let package = ["CARGO_PKG_NAME", "CARGO_PKG_VERSION_MAJOR", "CARGO_MANIFEST_DIR"];
        let package = ours!(.package(#(::core::option_env!(#package)),*));
        ours!(|| #cached::Shared::on(#store) #package #version #prefix #memory)
    }

    /// The return value of a call whose store fails: a function of the error.
    pub(super) fn on_failure(&self, output: Span, cached: &TokenStream) -> TokenStream {
        if self.fails.is_some() { located_at(quote!(#cached::fail), output) } else { quote!(#cached::open) }
    }

    /// The settings for this process's memory.
    pub(super) fn settings(&self) -> TokenStream {
        let Some(memory) = &self.memory else { return quote!(.unbounded()) };
        let max = memory.max.as_ref().map(|max| quote!(.max(#max)));
        let unbounded = memory.unbounded.map(|_| quote!(.unbounded()));
        let ttl = memory.ttl.as_ref().map(|ttl| quote!(.memory_ttl(#ttl)));
        quote!(#max #unbounded #ttl)
    }

    /// The engine for this process's memory.
    pub(super) fn engine(&self, times: TokenStream, cached: &TokenStream) -> TokenStream {
        let Some(memory) = &self.memory else { return quote!(#cached::Null) };
        let times = if memory.ttl.is_some() { quote!(#cached::FixedExpiry) } else { times };
        if memory.unbounded.is_some() { quote!(#cached::Unbounded(#times)) } else { quote!(#cached::Bounded(#times)) }
    }

    /// The settings for this process's memory are in a static.
    pub(super) fn check_constants(&self, func: &Func, errors: &mut Errors) {
        let Some(memory) = &self.memory else { return };
        func.check_constant("max", memory.max.as_ref(), errors);
        func.check_constant("ttl", memory.ttl.as_ref(), errors);
    }

    pub(super) fn fails(&self) -> Option<Span> {
        self.fails
    }
}

/// `store = redis(..)` for a limit that processes share.
#[cfg(any(feature = "queue", all(feature = "redis", feature = "resilience")))]
pub(crate) struct Server(Expr);

#[cfg(any(feature = "queue", all(feature = "redis", feature = "resilience")))]
impl Server {
    pub(crate) fn read(options: &mut Options, tokens: &TokenStream) -> Option<Self> {
        match word(tokens) {
            Some((name, list)) if name == "redis" => read_word(options, &name, list).map(Server),
            Some((name, _)) => {
                options.error(&name, format!("processes cannot share a limit through `{name}`: write `store = redis`"));
                None
            }
            None => expression(options, tokens).map(Server),
        }
    }

    /// *Output:* `Redis::from_env()`.
    pub(crate) fn expr(&self, cached: &TokenStream) -> TokenStream {
        self.0.tokens(cached)
    }
}

/// Options that have no meaning with a store.
pub(super) fn check_options(options: &mut Options) {
    for name in ["max", "unbounded", "max_weight", "weigh"] {
        let message = "needs a cache in memory: write `store = tiered(memory(max = 1000), ..)`";
        options.refuse(name, format!("`{name}` {message}"));
    }
    options.refuse("policy", "`policy` only applies without a `store`: remove one of them");
    options.refuse("scope", "values in a `store` are shared by all threads and instances: remove `scope` or `store`");
    for name in ["tti", "stale", "refresh_ahead", "stale_if_error"] {
        options.refuse(name, format!("`{name}` only works without a `store`: remove one of them"));
    }
}

/// *Input:* `tiered(memory(max = 100), redis)`. *Output:* both.
fn read_store(options: &mut Options, tokens: &TokenStream) -> Option<(Option<Memory>, Expr)> {
    let Some((name, list)) = word(tokens) else { return Some((None, expression(options, tokens)?)) };
    match name.to_string().as_str() {
        "memory" => {
            options.error(tokens, "without `store`, values are kept in memory: write only `max = ..` and `ttl = ..`");
            None
        }
        "tiered" => read_tiers(options, &name, list),
        _ => Some((None, read_word(options, &name, list)?)),
    }
}

/// *Input:* `redis` or `redis(..)`. *Output:* the word, and the tokens in the parentheses.
fn word(tokens: &TokenStream) -> Option<(Ident, Option<TokenStream>)> {
    let parts: Vec<TokenTree> = transparent(tokens.clone()).into_iter().collect();
    let known = |name: &Ident| name == "tiered" || name == "memory" || WORDS.iter().any(|word| *name == word.name);
    match &parts[..] {
        [TokenTree::Ident(name)] if known(name) => Some((name.clone(), None)),
        [TokenTree::Ident(name), list] if known(name) => {
            let list = group(Some(list), Delimiter::Parenthesis)?;
            Some((name.clone(), Some(list.stream())))
        }
        _ => None,
    }
}

fn read_tiers(options: &mut Options, name: &Ident, list: Option<TokenStream>) -> Option<(Option<Memory>, Expr)> {
    let parts = list.map(split).unwrap_or_default();
    let memory = parts.first().and_then(word).filter(|(first, _)| first == "memory");
    let ([_, behind], Some((memory, list))) = (&parts[..], memory) else {
        let example = "`tiered(memory(max = 1000, ttl = 10s), redis)`";
        options.error(name, format!("`tiered` takes a memory and the store behind it: write {example}"));
        return None;
    };
    let memory = options.nested(&memory, list.unwrap_or_default(), Memory::read);
    let behind = match word(behind) {
        Some((inner, _)) if inner == "tiered" || inner == "memory" => {
            options.error(&inner, format!("expected `redis` or another store behind the memory, found `{inner}`"));
            return None;
        }
        Some((inner, list)) => read_word(options, &inner, list)?,
        None => expression(options, behind)?,
    };
    Some((Some(memory), behind))
}

impl Memory {
    fn read(options: &mut Options) -> Self {
        let memory =
            Memory { max: options.count("max"), unbounded: options.flag("unbounded"), ttl: options.length("ttl") };
        memory.check(options);
        memory
    }

    fn check(&self, options: &mut Options) {
        if let (Some(max), Some(_)) = (&self.max, self.unbounded) {
            options.at_span(max.span(), "`max` and `unbounded` contradict each other: keep one of them");
        }
        if let Some(max) = self.max.as_ref().filter(|max| max.known() == Some(0)) {
            options.at_span(max.span(), "`max = 0` would cache nothing in memory: raise it, or remove `tiered`");
        }
        if let Some(ttl) = self.ttl.as_ref().filter(|ttl| ttl.known() == Some(Duration::ZERO)) {
            options.at_span(ttl.span(), "with a `ttl` of zero nothing is ever found in memory: raise it");
        }
    }
}

/// *Input:* `redis("redis://cache", timeout = 200ms)`. *Output:* `::new("redis://cache").timeout(..)`.
fn read_word(options: &mut Options, name: &Ident, list: Option<TokenStream>) -> Option<Expr> {
    let word = WORDS.iter().find(|word| *name == word.name)?;
    if !word.is_on {
        let feature = word.name;
        options.error(
            name,
            format!("`store = {feature}` needs the feature `{feature}` of festoon: {}", in_manifest(feature)),
        );
        return None;
    }
    if word.bare.is_some() && list.as_ref().is_some_and(TokenStream::is_empty) {
        let message = "is festoon's own word here: for a function of yours, give it another name;";
        options.error(name, format!("`{name}` {message} otherwise write `store = {name}`"));
        return None;
    }
    let calls = options.nested(name, list.unwrap_or_default(), |options| word.read(options))?;
    Some(Expr::Known { of: word.of, at: name.span(), calls })
}

impl BackendSpec {
    fn read(&self, options: &mut Options) -> Option<TokenStream> {
        let calls: TokenStream = self.calls(options).collect();
        let new = match (options.positional(), self.bare) {
            (Some(address), _) => {
                let address = options.convert(&address, expr)?;
                check_address(options, self, &address);
                quote!(::new(#address))
            }
            (None, Some(bare)) => {
                let bare = Ident::new(bare, our_span());
                quote!(::#bare())
            }
            (None, None) => {
                options.missing(format!("`{}` needs a path: write `{}`", self.name, self.example));
                return None;
            }
        };
        Some(quote!(#new #calls))
    }

    /// *Input:* `timeout = 200ms, cluster`. *Output:* `.timeout(Duration::new(0, 200_000_000))`, `.cluster()`.
    fn calls(&self, options: &mut Options) -> impl Iterator<Item = TokenStream> {
        let name = |name: &str| Ident::new(name, our_span());
        let mut calls = Vec::new();
        for known in self.lengths {
            if let Some(length) = options.length(known) {
                if length.known() == Some(Duration::ZERO) {
                    let message = format!("with a `{known}` of zero the store could never answer: raise it");
                    options.at_span(length.span(), message);
                }
                let call = name(known);
                calls.push(quote!(.#call(#length)));
            }
        }
        for known in self.texts {
            let call = name(known);
            calls.extend(options.value(known).map(|text| quote!(.#call(#text))));
        }
        for known in self.sizes {
            let call = name(known);
            calls.extend(options.size(known).map(|size| quote!(.#call(#size))));
        }
        for known in self.flags {
            let call = name(known);
            calls.extend(options.flag(known).map(|_| quote!(.#call())));
        }
        calls.into_iter()
    }
}

/// A literal that cannot be an address.
fn check_address(options: &mut Options, word: &BackendSpec, address: &TokenStream) {
    const SCHEMES: &[&str] =
        &["redis://", "rediss://", "valkey://", "valkeys://", "redis+unix://", "valkey+unix://", "unix://"];
    let Ok(literal) = syn::parse2::<syn::LitStr>(address.clone()) else { return };
    let text = literal.value();
    if word.name == "redis" && !SCHEMES.iter().any(|scheme| text.starts_with(scheme)) {
        let message = format!("`{text}` is not the address of a Redis server: write `redis://host:port`");
        options.error(address, message);
    } else if text.is_empty() {
        options.error(address, format!("`{}` needs a path: write `{}`", word.name, word.example));
    }
}

fn expression(options: &mut Options, tokens: &TokenStream) -> Option<Expr> {
    if !WORDS.iter().any(|word| word.is_on) {
        options
            .error(tokens, format!("`store` needs the feature `redis` or `disk` of festoon: {}", in_manifest("redis")));
        return None;
    }
    if let Ok(text) = syn::parse2::<syn::LitStr>(tokens.clone()) {
        let word = if text.value().contains("://") { "redis" } else { "disk" };
        options.error(tokens, format!("expected a store, found a string literal: write `store = {word}({tokens})`"));
        return None;
    }
    if let [TokenTree::Ident(name), rest @ ..] = &tokens.clone().into_iter().collect::<Vec<_>>()[..]
        && matches!(rest, [] | [TokenTree::Group(_)])
    {
        refuse_misspelled(options, name);
    }
    options.convert(tokens, expr).map(Expr::Given)
}

/// `store = reddis`
fn refuse_misspelled(options: &mut Options, name: &Ident) {
    let words = ["redis", "disk", "tiered"];
    let text = name.to_string();
    if let Some(near) = closest(&text, &words).filter(|_| !text.contains(char::is_uppercase)) {
        options.error(name, format!("unknown store `{name}`, did you mean `{near}`?"));
    }
}
