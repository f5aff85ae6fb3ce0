//! One small change somewhere in a token stream.

use fastrand::Rng;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The source of new tokens.
pub(super) struct Pool {
    tokens: Vec<TokenTree>,
    strange: Vec<TokenTree>,
}

/// Tokens that a lexer accepts and people rarely write.
const STRANGE: &str = r##"
    r#type r#fn größe _ self Self crate super async await dyn impl for where mut ref move const static unsafe extern
    default auto pub fn struct trait mod use macro_rules r#async
    1u8 1. 0xff 0b1 1_0_0 1e400 1.5e3f64 5µs 1.5.0 5min 0s 18446744073709551616 340282366920938463463374607431768211456s
    b"x" c"x" 'x' b'x' "\u{0}" "größe" r#"raw"# 1_ms 5_s 1kb 1.5mb 99999999999999999999gb
    , ; : :: = == => -> <- < > << >> <= & && | || ! ? . .. ... ..= # $ @ ~ + - * / % ^ 'a '_ 'static #!
    () [] {} (,) [,] {;} #[x] #![x] #[timed] #[cfg(any())] |x| || {} Box::pin(async move {}) -> impl Future<Output = u8>
    ttl = 5m max = 3 key = (a, b) skip(self) clone(a) span crate = a::b wait = fixed(5ms) f::<A, B> |a, b| a
"##;

const DELIMITERS: [Delimiter; 4] = [Delimiter::None, Delimiter::Brace, Delimiter::Bracket, Delimiter::Parenthesis];

impl Pool {
    pub(super) fn of(streams: impl Iterator<Item = TokenStream>) -> Self {
        let mut pool = Pool { tokens: Vec::new(), strange: Vec::new() };
        streams.for_each(|stream| collect(stream, &mut pool.tokens));
        collect(STRANGE.parse().unwrap(), &mut pool.strange);
        pool
    }

    fn token(&self, rng: &mut Rng) -> TokenTree {
        let from = if rng.bool() { &self.strange } else { &self.tokens };
        rng.choice(from).unwrap().clone()
    }

    /// Consecutive tokens.
    fn some(&self, rng: &mut Rng) -> Vec<TokenTree> {
        let from = if rng.bool() { &self.strange } else { &self.tokens };
        let start = rng.usize(..from.len());
        from[start..].iter().take(rng.usize(1..6)).cloned().collect()
    }

    /// *Input:* tokens. *Output:* the same with one change, at the top or in some group.
    pub(super) fn mutate(&self, tokens: TokenStream, rng: &mut Rng) -> TokenStream {
        let mut all: Vec<TokenTree> = tokens.into_iter().collect();
        let groups: Vec<usize> = (0..all.len()).filter(|at| matches!(all[*at], TokenTree::Group(_))).collect();
        match rng.choice(&groups) {
            Some(&at) if rng.u8(..3) > 0 => {
                if let TokenTree::Group(group) = &all[at] {
                    all[at] = Group::new(group.delimiter(), self.mutate(group.stream(), rng)).into();
                }
            }
            _ => self.change(&mut all, rng),
        }
        all.into_iter().collect()
    }

    fn change(&self, all: &mut Vec<TokenTree>, rng: &mut Rng) {
        if all.is_empty() {
            return all.extend(self.some(rng));
        }
        let at = rng.usize(..all.len());
        let end = (at + rng.usize(1..5)).min(all.len());
        let (here, there) = (all[at].clone(), rng.usize(..all.len()));
        match rng.u8(..11) {
            0 => drop(all.drain(at..end)),
            1 => all.insert(there, here),
            2 => all.swap(at, there),
            3 => drop(all.splice(at..at, self.some(rng))),
            4 => drop(all.splice(at..end, self.some(rng))),
            5 => all[at] = self.token(rng),
            6 => group_up(all, at, end, Delimiter::None),
            7 => group_up(all, at, end, *rng.choice(&DELIMITERS).unwrap()),
            8 => open(all, at),
            9 => all.truncate(at),
            _ => regroup(all, at, *rng.choice(&DELIMITERS).unwrap()),
        }
    }
}

fn collect(stream: TokenStream, into: &mut Vec<TokenTree>) {
    for token in stream {
        into.push(token.clone());
        if let TokenTree::Group(group) = token {
            collect(group.stream(), into);
        }
    }
}

fn group_up(all: &mut Vec<TokenTree>, at: usize, end: usize, delimiter: Delimiter) {
    let inside: TokenStream = all.drain(at..end).collect();
    all.insert(at, Group::new(delimiter, inside).into());
}

/// `(a b)` becomes `a b`.
fn open(all: &mut Vec<TokenTree>, at: usize) {
    if let TokenTree::Group(group) = all[at].clone() {
        all.splice(at..=at, group.stream());
    }
}

/// `(a b)` becomes `[a b]`.
fn regroup(all: &mut [TokenTree], at: usize, delimiter: Delimiter) {
    if let TokenTree::Group(group) = &all[at] {
        all[at] = Group::new(delimiter, group.stream()).into();
    }
}
