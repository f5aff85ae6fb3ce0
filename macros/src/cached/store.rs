//! `store = ..`: where values are kept besides this process's memory, or instead of it.

use std::time::Duration;

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use crate::kit::{
    Amount, Errors, Func, Length, Options, closest, group, in_manifest, located_at, site, split, transparent, whole,
};

/// What the options say of it.
pub(super) struct Remote {
    /// Gives what the runtime makes a `Store` of; `#cached` is not known yet.
    store: Expr,
    /// In front of it.
    memory: Option<Memory>,
    version: Option<TokenStream>,
    prefix: Option<TokenStream>,
    /// Where `fail` stands, when a call is to fail with its store.
    fails: Option<Span>,
}

/// `memory(max = 1000, ttl = 10s)`
#[derive(Default)]
struct Memory {
    max: Option<Amount>,
    unbounded: Option<Span>,
    ttl: Option<Length>,
}

enum Expr {
    /// `redis(..)`: the name of the type, where the word stands, and what is called on it.
    Known { of: &'static str, at: Span, calls: TokenStream },
    /// An expression of the user's.
    Given(TokenStream),
}

/// One of the words.
struct Word {
    name: &'static str,
    of: &'static str,
    example: &'static str,
    /// What it is called when it is told nothing.
    bare: Option<&'static str>,
    lengths: &'static [&'static str],
    texts: &'static [&'static str],
    sizes: &'static [&'static str],
    flags: &'static [&'static str],
    is_on: bool,
}

const WORDS: &[Word] = &[
    Word {
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
    Word {
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
                let message = |name: &str| format!("`{name}` is about a `store`, and this function has none");
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
        let store = match &self.store {
            Expr::Given(expr) => expr.clone(),
            Expr::Known { of, at, calls } => {
                let of = Ident::new(of, site().located_at(*at));
                quote!(#cached::#of #calls)
            }
        };
        let version = self.version.as_ref().map(|version| quote!(.version(#version)));
        let memory = self.memory.as_ref().map(|_| quote!(.behind_memory()));
        let prefix = self.prefix.as_ref().map(|prefix| quote!(.prefix(#prefix)));
        let package = ["CARGO_PKG_NAME", "CARGO_PKG_VERSION_MAJOR", "CARGO_MANIFEST_DIR"];
        let package = quote_spanned!(site() => .package(#(::core::option_env!(#package)),*));
        quote_spanned!(site() => || #cached::Shared::on(#store) #package #version #prefix #memory)
    }

    /// What a call returns when its store fails: a function that makes it of the error.
    pub(super) fn fallen(&self, output: Span, cached: &TokenStream) -> TokenStream {
        if self.fails.is_some() { located_at(quote!(#cached::fail), output) } else { quote!(#cached::open) }
    }

    /// What this process's memory is told.
    pub(super) fn settings(&self) -> TokenStream {
        let Some(memory) = &self.memory else { return quote!(.unbounded()) };
        let max = memory.max.as_ref().map(|max| quote!(.max(#max)));
        let unbounded = memory.unbounded.map(|_| quote!(.unbounded()));
        let ttl = memory.ttl.as_ref().map(|ttl| quote!(.memory_ttl(#ttl)));
        quote!(#max #unbounded #ttl)
    }

    /// What keeps values in this process's memory.
    pub(super) fn engine(&self, times: TokenStream, cached: &TokenStream) -> TokenStream {
        let Some(memory) = &self.memory else { return quote!(#cached::Null) };
        let times = if memory.ttl.is_some() { quote!(#cached::FixedExpiry) } else { times };
        if memory.unbounded.is_some() { quote!(#cached::Unbounded(#times)) } else { quote!(#cached::Bounded(#times)) }
    }

    /// What is told to this process's memory stands in a static.
    pub(super) fn check_constants(&self, func: &Func, errors: &mut Errors) {
        let Some(memory) = &self.memory else { return };
        func.check_constant("max", memory.max.as_ref(), errors);
        func.check_constant("ttl", memory.ttl.as_ref(), errors);
    }

    pub(super) fn fails(&self) -> Option<Span> {
        self.fails
    }
}

/// What has no meaning beside a store.
pub(super) fn check_options(options: &mut Options) {
    for name in ["max", "unbounded", "max_weight", "weigh"] {
        let message = "is about this process's memory: give it one, `store = tiered(memory(max = 1000), ..)`";
        options.refuse(name, format!("`{name}` {message}"));
    }
    options.refuse("policy", "`policy` is for values that are kept in this process alone: leave it or `store` out");
    options.refuse("scope", "what is in a `store` is shared by threads and instances: leave `scope` or `store` out");
    for name in ["tti", "stale", "refresh_ahead", "stale_if_error"] {
        options.refuse(name, format!("`{name}` works on what is kept in this process alone: leave it or `store` out"));
    }
}

/// *Input:* `tiered(memory(max = 100), redis)`. *Output:* both.
fn read_store(options: &mut Options, tokens: &TokenStream) -> Option<(Option<Memory>, Expr)> {
    let Some((name, list)) = word(tokens) else { return Some((None, expression(options, tokens)?)) };
    match name.to_string().as_str() {
        "memory" => {
            options.error(tokens, "values are kept in memory without `store`: write `max = ..` and `ttl = ..` alone");
            None
        }
        "tiered" => read_tiers(options, &name, list),
        _ => Some((None, read_word(options, &name, list)?)),
    }
}

/// *Input:* `redis` or `redis(..)`. *Output:* the word, and what stands in the parentheses.
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
        options.error(name, format!("`tiered` is a memory and what stands behind it: write {example}"));
        return None;
    };
    let memory = options.nested(&memory, list.unwrap_or_default(), Memory::read);
    let behind = match word(behind) {
        Some((inner, _)) if inner == "tiered" || inner == "memory" => {
            options
                .error(&inner, format!("behind the memory of `tiered` stands `redis` or another store, not `{inner}`"));
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
            options.point(max.span(), "`max` and `unbounded` contradict each other: keep one of them");
        }
        if let Some(max) = self.max.as_ref().filter(|max| max.known() == Some(0)) {
            options.point(max.span(), "`max = 0` would keep nothing in memory: give it room, or leave `tiered` out");
        }
        if let Some(ttl) = self.ttl.as_ref().filter(|ttl| ttl.known() == Some(Duration::ZERO)) {
            options.point(ttl.span(), "with a `ttl` of zero nothing is found in memory: give it some time");
        }
    }
}

/// *Input:* `redis("redis://cache", timeout = 200ms)`. *Output:* `::new("redis://cache").timeout(..)`.
fn read_word(options: &mut Options, name: &Ident, list: Option<TokenStream>) -> Option<Expr> {
    let word = WORDS.iter().find(|word| *name == word.name)?;
    if !word.is_on {
        let feature = word.name;
        options.error(name, format!("`store = {feature}` needs a feature of festoon: {}", in_manifest(feature)));
        return None;
    }
    let calls = options.nested(name, list.unwrap_or_default(), |options| word.read(options))?;
    Some(Expr::Known { of: word.of, at: name.span(), calls })
}

impl Word {
    fn read(&self, options: &mut Options) -> Option<TokenStream> {
        let calls: TokenStream = self.calls(options).collect();
        let new = match (options.positional(), self.bare) {
            (Some(address), _) => {
                let address = options.convert(&address, whole)?;
                check_address(options, self, &address);
                quote!(::new(#address))
            }
            (None, Some(bare)) => {
                let bare = Ident::new(bare, site());
                quote!(::#bare())
            }
            (None, None) => {
                options.missing(format!("`{}` needs to know where: write `{}`", self.name, self.example));
                return None;
            }
        };
        Some(quote!(#new #calls))
    }

    /// *Input:* `timeout = 200ms, cluster`. *Output:* `.timeout(Duration::new(0, 200_000_000))`, `.cluster()`.
    fn calls(&self, options: &mut Options) -> impl Iterator<Item = TokenStream> {
        let name = |name: &str| Ident::new(name, site());
        let mut calls = Vec::new();
        for known in self.lengths {
            if let Some(length) = options.length(known) {
                if length.known() == Some(Duration::ZERO) {
                    let message = format!("`{known}` of zero would never let it answer: give it some time");
                    options.point(length.span(), message);
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
fn check_address(options: &mut Options, word: &Word, address: &TokenStream) {
    const SCHEMES: &[&str] =
        &["redis://", "rediss://", "valkey://", "valkeys://", "redis+unix://", "valkey+unix://", "unix://"];
    let Ok(literal) = syn::parse2::<syn::LitStr>(address.clone()) else { return };
    let text = literal.value();
    if word.name == "redis" && !SCHEMES.iter().any(|scheme| text.starts_with(scheme)) {
        let message = format!("`{text}` is no address of a Redis server: write `redis://host:port`");
        options.error(address, message);
    } else if text.is_empty() {
        options.error(address, format!("`{}` needs to know where: write `{}`", word.name, word.example));
    }
}

fn expression(options: &mut Options, tokens: &TokenStream) -> Option<Expr> {
    if !WORDS.iter().any(|word| word.is_on) {
        options
            .error(tokens, format!("`store` needs a feature of festoon, `redis` or `disk`: {}", in_manifest("redis")));
        return None;
    }
    if let Ok(text) = syn::parse2::<syn::LitStr>(tokens.clone()) {
        let word = if text.value().contains("://") { "redis" } else { "disk" };
        options.error(tokens, format!("a store is more than an address: write `store = {word}({tokens})`"));
        return None;
    }
    if let [TokenTree::Ident(name), rest @ ..] = &tokens.clone().into_iter().collect::<Vec<_>>()[..]
        && matches!(rest, [] | [TokenTree::Group(_)])
    {
        refuse_misspelled(options, name);
    }
    options.convert(tokens, whole).map(Expr::Given)
}

/// `store = reddis`
fn refuse_misspelled(options: &mut Options, name: &Ident) {
    let words = ["redis", "disk", "tiered"];
    let text = name.to_string();
    if let Some(near) = closest(&text, &words).filter(|_| !text.contains(char::is_uppercase)) {
        options.error(name, format!("`store` knows no `{name}`, did you mean `{near}`?"));
    }
}
