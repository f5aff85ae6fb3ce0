//! Random token streams for every entry point: nothing panics, no item is lost, nothing is slow.
//!
//! The snapshots are mutated according to a number, the seed:
//! `FESTOON_FUZZ_SEED=81 cargo test -p festoon-macros fuzz -- --nocapture` reproduces one. `FESTOON_FUZZ_SECONDS=600`
//! continues for that long, from a random seed.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod mutate;
mod scaling;

use fastrand::Rng;
use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use std::collections::BTreeMap;
use std::env::var;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;
use std::time::{Duration, Instant};
use syn::{Attribute, Meta};

use self::mutate::Pool;
use crate::kit::{self, items};
use crate::{
    DECORATORS, assert_under, context_manager, decorator, guard, register, registry, retryable, snapshots, stack,
};

/// Options and an item into tokens.
type Entry = fn(&str, TokenStream, TokenStream) -> TokenStream;

/// The entry points, each with how much of its item has to be preserved.
const ENTRIES: &[(&str, Entry, Keeps)] = &[
    ("pending", |_, options, item| kit::pending(options, item, decorator), Keeps::Item),
    ("block", |_, options, item| kit::block(options, item, decorator), Keeps::Item),
    ("skip", |_, _, item| kit::skip(item), Keeps::Item),
    ("registry", |_, options, item| registry::expand(options, item), Keeps::Item),
    ("main", |_, options, item| crate::entry_point::expand(options, item), Keeps::Item),
    ("test", |_, options, item| crate::test::expand(options, item), Keeps::Item),
    ("context_manager", |_, options, item| context_manager::function::expand(options, item), Keeps::Item),
    ("context", |_, _, input| context_manager::function::expand_all(input), Keeps::Nothing),
    ("ContextManager", |_, _, item| context_manager::derive(item), Keeps::Nothing),
    ("Guard", |_, _, item| guard::derive(item), Keeps::Nothing),
    ("Retryable", |_, _, item| retryable::derive(item), Keeps::Nothing),
    ("Register", |_, _, item| register::derive(item), Keeps::Nothing),
    // It takes `#[field(..)]` away, which is its own.
    ("register", |_, options, item| register::attribute(options, item), Keeps::Nothing),
    ("require", |_, _, input| crate::require::expand(input), Keeps::Nothing),
    ("stack", |_, _, input| stack::define(input, 7, decorator), Keeps::Nothing),
    ("with", |_, _, input| crate::with::expand(input), Keeps::Nothing),
    ("assert_under", |_, _, input| assert_under::expand(input), Keeps::Nothing),
];

#[derive(Clone, Copy, PartialEq)]
enum Keeps {
    Item,
    /// A derive, whose item rustc keeps, or a macro without an item.
    Nothing,
}

fn entry(name: &str) -> Option<(Entry, Keeps)> {
    let found = ENTRIES.iter().find(|(known, ..)| *known == name).map(|(_, entry, keeps)| (*entry, *keeps));
    found.or_else(|| decorator(name).map(|_| (decorate as Entry, Keeps::Item)))
}

fn decorate(name: &str, options: TokenStream, item: TokenStream) -> TokenStream {
    kit::decorate(Ident::new(name, Span::call_site()), options, item, decorator)
}

/// The input of an entry point.
#[derive(Clone)]
struct Case {
    entry: String,
    options: TokenStream,
    item: TokenStream,
}

impl Case {
    fn new(entry: &str, options: &str, item: &str) -> Self {
        Case { entry: entry.to_owned(), options: options.parse().unwrap(), item: item.parse().unwrap() }
    }

    fn run(&self) -> TokenStream {
        entry(&self.entry).unwrap().0(&self.entry, self.options.clone(), self.item.clone())
    }

    /// What is wrong with this call, if anything.
    fn fault(&self) -> Option<String> {
        let start = processor_time();
        let Ok(output) = catch_unwind(AssertUnwindSafe(|| self.run())) else { return Some("it panics".to_owned()) };
        if processor_time().saturating_sub(start) > self.limit() && self.quickest(5) > self.limit() {
            return Some(format!("it takes {:?}", self.quickest(1)));
        }
        lost(&self.item, &output).filter(|_| entry(&self.entry).unwrap().1 == Keeps::Item)
    }

    fn quickest(&self, times: usize) -> Duration {
        let time = |_| {
            let start = processor_time();
            drop(self.run());
            processor_time().saturating_sub(start)
        };
        (0..times).map(time).min().unwrap()
    }

    /// 50 ms for 200 tokens.
    fn limit(&self) -> Duration {
        let tokens = count(&self.options) + count(&self.item);
        Duration::from_millis(50) * u32::try_from(tokens / 200 + 1).unwrap()
    }
}

/// The processor time of this thread, where available; other processes do not count.
fn processor_time() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let own = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = own.and_then(|text| text.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

/// The number of tokens, including those in brackets.
fn count(tokens: &TokenStream) -> usize {
    let one = |token| match token {
        TokenTree::Group(group) => 1 + count(&group.stream()),
        _ => 1,
    };
    tokens.clone().into_iter().map(one).sum()
}

/// The part of the item that was lost. With a mistake, the item comes first and unchanged. Without one, every word of
/// it is still there, and what could be parsed still can be.
fn lost(item: &TokenStream, output: &TokenStream) -> Option<String> {
    let text = output.to_string();
    let kept = kit::skip(item.clone());
    if text.contains(":: core :: compile_error") {
        let is_there = text.starts_with(&kept.to_string()) || missing(&without_waiting(&kept), output).is_none();
        return (!is_there).then(|| "the item is not what it was".to_owned());
    }
    if let Some(word) = missing(&without_waiting(&kept), output) {
        return Some(format!("`{word}` is lost"));
    }
    let could_be_read = is_visible(&kept) && syn::parse2::<syn::File>(kept).is_ok();
    let unread = syn::parse2::<syn::File>(output.clone()).err().filter(|_| could_be_read);
    unread.map(|error| format!("the output cannot be read: {error}"))
}

/// Not an invisible group, in which rustc would not look for attributes as syn does.
fn is_visible(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().all(|token| match token {
        TokenTree::Group(group) => group.delimiter() != Delimiter::None && is_visible(&group.stream()),
        _ => true,
    })
}

/// Without the decorators that are removed with the whole stack.
fn without_waiting(item: &TokenStream) -> TokenStream {
    let mut item = kit::Item::new(item.clone());
    item.attrs.retain(|attr| !attr.to_string().contains("pending"));
    item.into_token_stream()
}

/// A word that occurs more often in the first than in the second.
fn missing(item: &TokenStream, output: &TokenStream) -> Option<String> {
    let (mut wanted, mut found) = (BTreeMap::new(), BTreeMap::new());
    words(item, &mut wanted);
    words(output, &mut found);
    // A clone of `self` has another name, and is `mut` if the argument was. A `yield` becomes a `yield_!`.
    let is_renamed = |word: &str| ["mut", "self", "_", "pending", "yield"].contains(&word);
    wanted.into_iter().find(|(word, count)| !is_renamed(word) && found.get(word) < Some(count)).map(|(word, _)| word)
}

fn words(tokens: &TokenStream, found: &mut BTreeMap<String, usize>) {
    for token in tokens.clone() {
        match token {
            TokenTree::Group(group) => words(&group.stream(), found),
            TokenTree::Ident(word) => *found.entry(word.to_string()).or_default() += 1,
            _ => {}
        }
    }
}

/// Every attribute and derive of the snapshots, and some that they lack.
fn seeds() -> Vec<Case> {
    let mut seeds = vec![
        Case::new(
            "stack",
            "",
            "/// Docs. \n pub(crate) r#type = #[timed(warn_over = 5ms)] #[retry(wait = crate::WAIT)]",
        ),
        Case::new(
            "stack",
            "",
            "pub resilient = #[timed] #[cached(ttl = 5m)] #[tracing::instrument] #[retry(attempts = 5)]",
        ),
        Case::new(
            "with",
            "",
            "a = db.begin(), async pool.get() => { for n in f()? { return vec![n?, break 3] } bail!(1) }",
        ),
        Case::new("with", "", "a => -> u8 { with!(b => { c.await?; continue 'x }); select!{ d => e? } } else { 2 }"),
        Case::new(
            "context",
            "",
            "#[context_manager(error = E)] fn f() -> Yields<u8> { if a { yield 1 } else { loop { break yield 2 } }; g(|| yield) }",
        ),
        Case::new("assert_under", "", "crate = ::festoon, shop::price::<u8>, p95 < 20ms, max < 1.5s"),
        Case::new(
            "pending",
            "timed (warn_over = 5ms)",
            "#[::festoon::__private::pending(retry())] fn f() -> Result<u8, E> { g() }",
        ),
        Case::new("block", "cached block (ttl = 5m)", "fn f(&self, n: u8) -> u8 { n }"),
        Case::new("skip", "", "pub fn f() {}"),
    ];
    for path in snapshots::cases() {
        harvest(snapshots::read(&path), &mut seeds);
    }
    seeds
}

fn harvest(tokens: TokenStream, seeds: &mut Vec<Case>) {
    for item in items(tokens).1 {
        let attributes: Vec<Attribute> = item.attributes().collect();
        for (at, attr) in attributes.iter().enumerate() {
            let options = match &attr.meta {
                Meta::List(list) => list.tokens.clone(),
                _ => TokenStream::new(),
            };
            let name = attr.path().segments.last().unwrap().ident.to_string();
            let derived = if name == "derive" { words_of(&options) } else { vec![name] };
            let mut rest = item.clone();
            rest.attrs.remove(at);
            let known = derived.into_iter().filter(|name| entry(name).is_some());
            seeds.extend(known.map(|entry| Case { entry, options: options.clone(), item: rest.to_token_stream() }));
        }
        let _ = item.change_body(|body| {
            harvest(body.clone(), seeds);
            body
        });
    }
}

fn words_of(tokens: &TokenStream) -> Vec<String> {
    let mut found = BTreeMap::new();
    words(tokens, &mut found);
    found.into_keys().collect()
}

/// One of the seeds, changed a little; occasionally for another entry point than its own.
fn case(seed: u64, seeds: &[Case], pool: &Pool) -> Case {
    let rng = &mut Rng::with_seed(seed);
    let mut case = rng.choice(seeds).unwrap().clone();
    if rng.u8(..8) == 0 {
        let names: Vec<&str> = ENTRIES.iter().map(|(name, ..)| *name).chain(DECORATORS.iter().copied()).collect();
        (*rng.choice(&names).unwrap()).clone_into(&mut case.entry);
    }
    if rng.u8(..6) == 0 {
        case.options = rng.choice(seeds).unwrap().options.clone();
    }
    for _ in 0..rng.u8(..4) {
        case.options = pool.mutate(case.options, rng);
    }
    for _ in 0..rng.u8(..4) {
        case.item = pool.mutate(case.item, rng);
    }
    case
}

#[test]
fn nothing_panics_and_no_item_is_lost() {
    let seeds = seeds();
    assert!(seeds.len() > 100, "only {} seeds", seeds.len());
    let pool = Pool::of(seeds.iter().flat_map(|case| [case.options.clone(), case.item.clone()]));
    if let Some(seed) = number("FESTOON_FUZZ_SEED") {
        let case = case(seed, &seeds, &pool);
        println!("#[{}({})]\n{}\n--- becomes\n{}", case.entry, case.options, case.item, case.run());
        return assert_eq!(case.fault(), None);
    }
    let (first, seconds, most) = match number("FESTOON_FUZZ_SECONDS") {
        Some(seconds) => (fastrand::u64(..) >> 16, seconds, u64::MAX >> 1),
        None => (0, 2, 30_000),
    };
    let end = Instant::now() + Duration::from_secs(seconds);
    let seeds_in_time = (first..first + most).take_while(|_| Instant::now() < end);
    let tried = seeds_in_time.map(|seed| (seed, case(seed, &seeds, &pool)));
    let mut count = 0;
    let counted = tried.inspect(|_| count += 1);
    let faults = counted
        .filter_map(|(seed, case)| Some(format!("FESTOON_FUZZ_SEED={seed}: #[{}] {}", case.entry, case.fault()?)));
    let faults: Vec<String> = faults.take(20).collect();
    println!("{count} expansions from seed {first}");
    assert!(faults.is_empty(), "{faults:#?}");
}

fn number(name: &str) -> Option<u64> {
    var(name).ok().map(|text| text.parse().unwrap())
}
