//! `wait = exponential(50ms, max = 2s)` and `jitter = full`.

use super::jitter::Jitter;
use super::shapes::{SHAPES, Shape, is_length, shape_of};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::quote;
use std::time::Duration;
use syn::spanned::Spanned;

use crate::kit::{DurationValue, Number, Options, expr, is_punct, located_at, near_or_all, ours, split, text};

/// The waits between attempts.
pub(super) struct Waits {
    pub(super) wait: Option<Wait>,
    jitter: Option<Jitter>,
    /// As written.
    source: Option<String>,
}

pub(super) enum Wait {
    /// `exponential(50ms, max = 2s)`
    Named(Named),
    /// `exponential(50ms) + uniform(0s, 1s)`
    Sum(Vec<Named>),
    /// Any expression that yields durations.
    Expr(TokenStream),
}

/// One of the known strategies.
pub(super) struct Named {
    name: &'static str,
    lengths: Vec<DurationValue>,
    factor: Option<Number>,
    min: Option<DurationValue>,
    max: Option<DurationValue>,
    jitter: Option<Jitter>,
}

impl Named {
    fn new(name: &'static str, lengths: Vec<DurationValue>) -> Self {
        Named { name, lengths, factor: None, min: None, max: None, jitter: None }
    }
}

impl Waits {
    pub(super) fn read(options: &mut Options) -> Self {
        let tokens = options.tokens("wait");
        let source = tokens.as_ref().map(text);
        let wait = tokens.map(|tokens| read_wait(options, tokens));
        let written = options.key("jitter");
        let jitter = Jitter::read(options);
        if let (Some(Wait::Named(named)), Some(jitter), Some(written)) = (&wait, &jitter, written) {
            named.check_jitter(jitter, &written, options);
        }
        Waits { wait, jitter, source }
    }

    /// For the documentation.
    pub(super) fn words(&self) -> String {
        let wait = self.source.as_deref().unwrap_or("exponential(100ms, max = 5s)");
        format!("with waits of `{}`", wait.replace(" (", "("))
    }

    /// Can it be in a `static`? Otherwise it has to be created at run time.
    pub(super) fn has_static(&self) -> bool {
        match &self.wait {
            None => true,
            Some(Wait::Named(named)) => named.is_known() && self.is_jitter_known(),
            Some(Wait::Sum(parts)) => parts.iter().all(Named::is_known) && self.is_jitter_known(),
            Some(Wait::Expr(_)) => false,
        }
    }

    fn is_jitter_known(&self) -> bool {
        self.jitter.as_ref().is_none_or(Jitter::is_known)
    }

    /// The wait for a `static`; the standard one if it is created at run time.
    pub(super) fn in_static(&self, retry: &TokenStream) -> TokenStream {
        let jitter = self.jitter_call(retry);
        match &self.wait {
            Some(Wait::Named(named)) if self.has_static() => {
                let wait = named.tokens(retry, true);
                quote!(#wait #jitter)
            }
            Some(Wait::Sum(parts)) if self.has_static() => {
                let parts = parts.iter().map(|part| part.tokens(retry, true));
                quote!(#retry::Wait::sum_of({
                    const PARTS: &[#retry::Wait] = &[#(#parts),*];
                    PARTS
                })#jitter)
            }
            Some(_) => quote!(#retry::Wait::STANDARD),
            None => quote!(#retry::Wait::STANDARD #jitter),
        }
    }

    /// The expression for a wait that is created at run time.
    pub(super) fn made(&self, retry: &TokenStream) -> TokenStream {
        let jitter = self.jitter_call(retry);
        match (&self.wait, &self.jitter) {
            (Some(Wait::Expr(expr)), None) => own(expr, retry),
            (Some(Wait::Expr(expr)), Some(jitter)) => {
                let (expr, jitter) = (own(expr, retry), jitter.value(retry));
                ours!(#retry::jittered(#expr, #jitter))
            }
            (Some(Wait::Named(named)), _) => {
                let wait = named.tokens(retry, false);
                quote!(#wait #jitter)
            }
            (Some(Wait::Sum(parts)), _) => {
                let parts = parts.iter().map(|part| part.tokens(retry, false));
                let sum = parts.reduce(|sum, part| quote!(::core::ops::Add::add(#sum, #part)));
                quote!(#sum #jitter)
            }
            (None, _) => TokenStream::new(),
        }
    }

    fn jitter_call(&self, retry: &TokenStream) -> Option<TokenStream> {
        self.jitter.as_ref().map(|jitter| jitter.call(retry))
    }
}

/// An expression of the user's, at whose span the compiler reports that it is not a wait.
fn own(expr: &TokenStream, retry: &TokenStream) -> TokenStream {
    let waits = located_at(ours!(waits), expr.span());
    ours!({
        // The type of the expression decides between the two.
        #[allow(unused_imports)]
        use #retry::{NoSeries as _, Series as _};
        #retry::Own(#expr).#waits()
    })
}

/// *Input:* the value of `wait`. *Output:* a known strategy, or an expression.
fn read_wait(options: &mut Options, tokens: TokenStream) -> Wait {
    if let Some(shape) = shape_of(&tokens) {
        options.error(&tokens, format!("expected a wait strategy, found a duration: write `{shape}`"));
        return Wait::Expr(tokens);
    }
    let parts = summands(&tokens);
    if parts.len() > 1 && parts.iter().any(is_shape) {
        return Wait::Sum(parts.iter().filter_map(|part| read_part(options, part)).collect());
    }
    if let Some(named) = read_named(options, &tokens) {
        return Wait::Named(named);
    }
    match &tokens.clone().into_iter().collect::<Vec<_>>()[..] {
        [TokenTree::Ident(name)] => refuse_bare(options, name),
        [TokenTree::Ident(name), TokenTree::Group(arguments)] => refuse_misspelled(options, name, arguments),
        _ => {}
    }
    expression(options, tokens)
}

/// *Input:* `fixed(1ms) + uniform(0s, 1s)`. *Output:* both.
fn summands(tokens: &TokenStream) -> Vec<TokenStream> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let parts = tokens.split(|token| is_punct(Some(token), '+'));
    parts.map(|part| part.iter().cloned().collect()).collect()
}

fn is_shape(part: &TokenStream) -> bool {
    let Some(TokenTree::Ident(name)) = part.clone().into_iter().next() else { return false };
    name == "chain" || SHAPES.iter().any(|shape| name == shape.name)
}

fn read_part(options: &mut Options, part: &TokenStream) -> Option<Named> {
    let named = read_named(options, part);
    if named.is_none() {
        let message = "expected a wait strategy such as `exponential(50ms)`: to add an expression, write the whole sum as \
                       `Wait::exponential(..) + ..`";
        options.error(part, message);
    }
    named
}

/// One strategy with its arguments.
fn read_named(options: &mut Options, tokens: &TokenStream) -> Option<Named> {
    let parts: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let [TokenTree::Ident(name), TokenTree::Group(arguments)] = &parts[..] else { return None };
    if name == "chain" {
        return Some(read_chain(options, name, arguments));
    }
    let shape = SHAPES.iter().find(|shape| name == shape.name)?;
    Some(read_shape(options, shape, name, arguments))
}

fn expression(options: &mut Options, tokens: TokenStream) -> Wait {
    if let Err(message) = expr(tokens.clone()) {
        options.error(&tokens, message);
    }
    Wait::Expr(tokens)
}

/// `wait = exponential`
fn refuse_bare(options: &mut Options, name: &Ident) {
    let shape = SHAPES.iter().find(|shape| *name == shape.name);
    let example = shape.map(|shape| shape.example).or_else(|| (name == "chain").then_some("chain[1ms, 5ms]"));
    if let Some(example) = example {
        options.error(name, format!("`{name}` needs a duration: write `{example}`"));
    } else if name == "none" {
        options.error(name, "`none` is not a wait: write `fixed(0s)` to try again at once");
    }
}

/// `exponental(50ms)`: a call that contains a duration literal is not Rust.
fn refuse_misspelled(options: &mut Options, name: &Ident, arguments: &Group) {
    let word = name.to_string();
    let word = word.strip_prefix("wait_").unwrap_or(&word);
    let holds_length = *name != word || split(arguments.stream()).iter().any(is_length);
    let names: Vec<&str> = SHAPES.iter().map(|shape| shape.name).chain(["chain"]).collect();
    if holds_length {
        options.error(name, format!("unknown wait strategy `{name}`{}", near_or_all(word, &names)));
    }
}

/// `chain[1ms, 5ms]`
fn read_chain(options: &mut Options, name: &Ident, arguments: &Group) -> Named {
    if arguments.delimiter() != Delimiter::Bracket {
        options.error(name, "expected a list: write `chain[1ms, 5ms]`");
    }
    let parts = split(arguments.stream());
    let lengths = parts.iter().filter_map(|part| options.convert(part, DurationValue::parse)).collect();
    if arguments.stream().is_empty() {
        options.error(arguments, "a chain needs at least one wait: write `chain[1ms, 5ms]`");
    }
    Named::new("chain", lengths)
}

/// `linear(1ms, 5ms, max = 1s)`
fn read_shape(options: &mut Options, shape: &Shape, name: &Ident, arguments: &Group) -> Named {
    if arguments.delimiter() != Delimiter::Parenthesis {
        options.error(name, format!("write `{}`", shape.example));
        return Named::new(shape.name, Vec::new());
    }
    options.nested(name, arguments.stream(), |options| Named::read(shape, options))
}

impl Named {
    /// *Input:* `1ms, 5ms, max = 1s`.
    fn read(shape: &Shape, options: &mut Options) -> Self {
        let has = |option| shape.options.contains(&option);
        let mut read = Named::new(shape.name, Vec::new());
        read.min = has("min").then(|| options.length("min")).flatten();
        read.max = has("max").then(|| options.length("max")).flatten();
        read.factor = has("factor").then(|| options.number("factor")).flatten();
        read.jitter = has("jitter").then(|| Jitter::read(options)).flatten();
        let lengths = options.positionals();
        if lengths.len() != shape.lengths {
            options.missing(format!("`{}` takes {}: write `{}`", shape.name, shape.durations(), shape.example));
        }
        read.lengths = lengths.iter().filter_map(|length| options.convert(length, DurationValue::parse)).collect();
        read.check(options);
        read
    }

    fn check(&self, options: &mut Options) {
        let (first, second) = (self.lengths.first(), self.lengths.get(1));
        refuse_below(self.max.as_ref(), first, "`max`", "the first wait", options);
        refuse_below(self.max.as_ref(), self.min.as_ref(), "`max`", "`min`", options);
        if self.name == "uniform" {
            refuse_below(second, first, "the longest wait", "the shortest", options);
        }
        if let Some(factor) = &self.factor
            && factor.known().is_some_and(|factor| factor < 1.0)
        {
            options.error(factor, "a factor below 1 would make each wait shorter: expected at least 1");
        }
    }

    fn check_jitter(&self, jitter: &Jitter, written: &Ident, options: &mut Options) {
        let zero = |length: &DurationValue| length.known() == Some(Duration::ZERO);
        if self.jitter.is_some() {
            options.error(written, format!("`{}` has its own `jitter`: remove one of them", self.name));
        } else if ["decorrelated", "uniform"].contains(&self.name) && !jitter.is_none() {
            options.error(written, format!("`{}` is already random: remove `jitter`", self.name));
        } else if matches!(jitter, Jitter::Named("full" | "equal"))
            && !self.lengths.is_empty()
            && self.lengths.iter().all(zero)
        {
            options.error(written, "there is no wait to randomise: remove `jitter`, or wait longer than zero");
        }
    }

    fn is_known(&self) -> bool {
        self.lengths.iter().chain(&self.min).chain(&self.max).all(|length| length.known().is_some())
            && self.factor.as_ref().is_none_or(|factor| factor.known().is_some())
            && self.jitter.as_ref().is_none_or(Jitter::is_known)
    }

    /// *Output:* `Wait::exponential(..).factor(..).max(..)`.
    fn tokens(&self, retry: &TokenStream, in_static: bool) -> TokenStream {
        let Named { name, lengths, factor, min, max, jitter } = self;
        let made = match *name {
            "chain" if in_static => quote!(chain_of(&[#(#lengths),*])),
            "chain" => quote!(chain([#(#lengths),*])),
            _ => {
                let name = Ident::new(name, Span::call_site());
                quote!(#name(#(#lengths),*))
            }
        };
        let factor = factor.as_ref().map(|factor| quote!(.factor(#factor)));
        let max = max.as_ref().map(|max| quote!(.max(#max)));
        let min = min.as_ref().map(|min| quote!(.min(#min)));
        let jitter = jitter.as_ref().map(|jitter| jitter.call(retry));
        quote!(#retry::Wait::#made #factor #min #max #jitter)
    }
}

/// Both are known, and the one that should be longer is not.
fn refuse_below(
    long: Option<&DurationValue>,
    short: Option<&DurationValue>,
    what: &str,
    than: &str,
    options: &mut Options,
) {
    if let (Some(long), Some(short)) = (long, short)
        && let (Some(most), Some(least)) = (long.known(), short.known())
        && most < least
    {
        options.at_span(long.span(), format!("{what} is {most:?}, which is below {than} of {least:?}"));
    }
}
