//! What cannot be stacked, and why: every decorator on every kind of function, and every ordered pair of them.
//! `UPDATE_EXPECT=1 cargo test -p festoon-macros refused` updates `docs/refused.md`.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeMap;
use std::fmt::Write;

use proc_macro2::{TokenStream, TokenTree};

use crate::kit;
use crate::snapshots::expand;

const DECORATORS: &[&str] = &[
    "timed",
    "cached",
    "retry",
    "decorate(f)",
    "decorate(|next| ..)",
    "decorate(layer = L)",
    "invalidates(f)",
    "invalidates(f, when = ok)",
    "within(manager)",
    "within(async manager)",
    "offload",
    "timeout(1s)",
    "fallback(0)",
    "circuit_breaker",
    "rate_limit(9 / 1s)",
    "bulkhead(9)",
    "hedge(after = 1s, idempotent)",
];

/// What a function is called, and the function; what surrounds it is left out, as the macros cannot see it.
const FUNCTIONS: &[(&str, &str)] = &[
    ("a plain function", "fn call(n: u32) -> Option<u32> { Some(n) }"),
    ("`async fn`", "async fn call(n: u32) -> Option<u32> { Some(n) }"),
    ("`&self`", "fn call(&self, n: u32) -> Option<u32> { Some(n) }"),
    ("async `&self`", "async fn call(&self, n: u32) -> Option<u32> { Some(n) }"),
    ("`&mut self`", "fn call(&mut self, n: u32) -> Option<u32> { Some(n) }"),
    ("async `&mut self`", "async fn call(&mut self, n: u32) -> Option<u32> { Some(n) }"),
    ("`self`", "fn call(self, n: u32) -> Option<u32> { Some(n) }"),
    ("`self: Arc<Self>`", "fn call(self: Arc<Self>, n: u32) -> Option<u32> { Some(n) }"),
    ("an owned argument", "fn call(text: String) -> Option<u32> { text.parse().ok() }"),
    ("a `mut` argument", "fn call(mut list: Vec<u8>) -> Option<u8> { list.pop() }"),
    ("a `&mut` argument", "fn call(list: &mut Vec<u8>) -> Option<u8> { list.pop() }"),
    ("an async `&mut` argument", "async fn call(list: &mut Vec<u8>) -> Option<u8> { list.pop() }"),
    ("a borrowed result", "fn call(text: &str) -> Option<&str> { text.get(1..) }"),
    ("an async borrowed result", "async fn call(text: &str) -> Option<&str> { text.get(1..) }"),
    ("a type parameter", "fn call<T: Clone>(value: &T) -> Option<T> { Some(value.clone()) }"),
    ("a const parameter", "fn call<const N: usize>(list: [u8; N]) -> Option<usize> { Some(N) }"),
    ("an `impl Trait` argument", "fn call(text: impl Display) -> Option<String> { Some(text.to_string()) }"),
    ("an `impl Trait` result", "fn call(n: u32) -> impl Display { n }"),
    (
        "a boxed future",
        "fn call(n: u32) -> Pin<Box<dyn Future<Output = Option<u32>>>> { Box::pin(async move { Some(n) }) }",
    ),
    (
        "a statement before a boxed future",
        "fn call(n: u32) -> Pin<Box<dyn Future<Output = Option<u32>>>> { let m = n + 1; Box::pin(async move { Some(m) }) }",
    ),
    ("a result of `()`", "fn call(n: u32) { log(n) }"),
    ("`-> !`", "fn call(n: u32) -> ! { loop {} }"),
    ("`const fn`", "const fn call(n: u32) -> Option<u32> { Some(n) }"),
    ("`unsafe fn`", "unsafe fn call(n: u32) -> Option<u32> { Some(n) }"),
    ("`extern \"C\" fn`", "extern \"C\" fn call(n: u32) -> Option<u32> { Some(n) }"),
    ("`#[track_caller]`", "#[track_caller] fn call(n: u32) -> Option<u32> { Some(n) }"),
    ("`async fn main` below `#[tokio::main]`", "fn main() -> Option<u32> { runtime().block_on(async { Some(3) }) }"),
];

const START: &str = "\
# What cannot be stacked

Every decorator works on every function below, and every ordered pair of them, except for these. The table is the output
of a test, which expands all of them; the sentence is what the compiler says, at the token that it is about.

Other rules depend on types, which only the compiler knows: a cached value has to be `Clone` and owned, the arguments that
are its key `Eq + Hash`, what `#[offload]` moves to a thread `Send + 'static`, an argument that the body of a `#[retry]`
uses up `Clone`, with `clone(argument)`; a refused or timed out call needs an error type that it can be converted to. Their
messages name the type.
";

/// The sentences of a kind of message, each with the stacks and functions that it is about.
type Table = BTreeMap<(String, String), Vec<&'static str>>;

#[test]
fn what_is_refused_is_in_the_documentation() {
    if kit::TIMED_OFF {
        return eprintln!("skipped: `#[timed]` is compiled out");
    }
    let (mut alone, mut pairs, mut warned) = (Table::new(), Table::new(), Table::new());
    for (function, code) in FUNCTIONS {
        let single: Vec<_> = DECORATORS.iter().map(|name| (name, Messages::of(&format!("#[{name}] {code}")))).collect();
        for (name, messages) in &single {
            note(&mut alone, &format!("`#[{name}]`"), &messages.refused, function);
        }
        let works = || single.iter().filter(|(_, messages)| messages.refused.is_empty());
        for ((above, one), (below, other)) in works().flat_map(|upper| works().map(move |lower| (upper, lower))) {
            if above == below && !above.starts_with("decorate") {
                continue;
            }
            let messages = Messages::of(&format!("#[{above}] #[{below}] {code}"));
            let is_new = |text: &&String| !one.warned.contains(text) && !other.warned.contains(text);
            let stack = format!("`#[{above}] #[{below}]`");
            note(&mut pairs, &stack, &messages.refused, function);
            note(&mut warned, &stack, messages.warned.iter().filter(is_new), function);
        }
    }
    let mut page = START.to_owned();
    write(&mut page, "One decorator alone", &alone);
    write(&mut page, "Two, each of which works alone", &pairs);
    write(&mut page, "Two that compile with a warning", &warned);
    expect_test::expect_file!["../../docs/refused.md"].assert_eq(&page);
}

fn note<'m>(table: &mut Table, stack: &str, messages: impl IntoIterator<Item = &'m String>, function: &'static str) {
    for message in messages {
        let functions = table.entry((stack.to_owned(), message.clone())).or_default();
        if !functions.contains(&function) {
            functions.push(function);
        }
    }
}

fn write(page: &mut String, title: &str, table: &Table) {
    if table.is_empty() {
        return write!(page, "\n## {title}\n\nNone are refused.\n").unwrap();
    }
    write!(page, "\n## {title}\n\n| stack | on | message |\n|---|---|---|\n").unwrap();
    for ((stack, message), functions) in table {
        let on = if functions.len() > FUNCTIONS.len() / 2 { "most functions".to_owned() } else { functions.join(", ") };
        writeln!(page, "| {} | {on} | {} |", stack.replace('|', "\\|"), message.replace('|', "\\|")).unwrap();
    }
}

/// What the compiler says of some code.
#[derive(Default)]
struct Messages {
    /// The texts of `compile_error!`.
    refused: Vec<String>,
    /// Those of `#[deprecated(note = ..)]`.
    warned: Vec<String>,
}

impl Messages {
    fn of(code: &str) -> Self {
        let mut messages = Messages::default();
        messages.collect(expand(code.parse().unwrap()));
        messages
    }

    fn collect(&mut self, tokens: TokenStream) {
        let mut last = String::new();
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => last = ident.to_string(),
                TokenTree::Group(group) if last == "compile_error" => self.refused.extend(texts(group.stream())),
                TokenTree::Group(group) if last == "deprecated" => self.warned.extend(texts(group.stream())),
                TokenTree::Group(group) => self.collect(group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}

fn texts(tokens: TokenStream) -> Vec<String> {
    let text = |token| match token {
        TokenTree::Literal(literal) => syn::parse_str::<syn::LitStr>(&literal.to_string()).ok(),
        _ => None,
    };
    tokens.into_iter().filter_map(text).map(|text| text.value()).collect()
}
