//! `wait = exponential(50ms, max = 2s)` and `jitter = full`.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use std::time::Duration;
use syn::spanned::Spanned;

use crate::kit::{Length, Number, Options, closest, located_at, named, site, split, text, whole};

/// The waits between attempts.
pub(super) struct Waits {
    pub(super) wait: Option<Wait>,
    jitter: Option<&'static str>,
}

pub(super) enum Wait {
    /// `exponential(50ms, max = 2s)`
    Named(Named),
    /// Any expression that gives lengths of time.
    Expr(TokenStream),
}

/// One of the shapes that we know.
pub(super) struct Named {
    name: &'static str,
    lengths: Vec<Length>,
    factor: Option<Number>,
    max: Option<Length>,
}

/// The shapes: how many lengths they take, how they are called, whether they have a factor.
struct Shape {
    name: &'static str,
    lengths: usize,
    example: &'static str,
    has_factor: bool,
}

const SHAPES: &[Shape] = &[
    Shape { name: "fixed", lengths: 1, example: "fixed(50ms)", has_factor: false },
    Shape { name: "linear", lengths: 2, example: "linear(50ms, 10ms)", has_factor: false },
    Shape { name: "exponential", lengths: 1, example: "exponential(50ms, factor = 2, max = 2s)", has_factor: true },
    Shape { name: "fibonacci", lengths: 1, example: "fibonacci(50ms, max = 2s)", has_factor: false },
    Shape { name: "decorrelated", lengths: 1, example: "decorrelated(50ms, max = 2s)", has_factor: true },
];

const JITTERS: &[&str] = &["full", "equal", "none"];

impl Waits {
    pub(super) fn read(options: &mut Options) -> Self {
        let wait = options.tokens("wait").map(|tokens| read_wait(options, tokens));
        let written = options.key("jitter");
        let jitter = options.choice("jitter", JITTERS);
        if let (Some(Wait::Named(named)), Some(jitter), Some(written)) = (&wait, jitter, written) {
            named.check_jitter(jitter, &written, options);
        }
        Waits { wait, jitter }
    }

    /// Can a `static` hold it? Else it has to be made at run time.
    pub(super) fn has_static(&self) -> bool {
        match &self.wait {
            None => true,
            Some(Wait::Named(named)) => named.is_known(),
            Some(Wait::Expr(_)) => false,
        }
    }

    /// The wait for a `static`; the standard one where it is made at run time.
    pub(super) fn in_static(&self, retry: &TokenStream) -> TokenStream {
        let jitter = self.jitter_call(retry);
        match &self.wait {
            Some(Wait::Named(named)) if named.is_known() => {
                let wait = named.tokens(retry);
                quote!(#wait #jitter)
            }
            Some(_) => quote!(#retry::Wait::STANDARD),
            None => quote!(#retry::Wait::STANDARD #jitter),
        }
    }

    /// The expression for a wait that is made at run time.
    pub(super) fn made(&self, retry: &TokenStream) -> TokenStream {
        let jitter = self.jitter_call(retry);
        match (&self.wait, self.jitter) {
            (Some(Wait::Expr(expr)), None) => own(expr, retry),
            (Some(Wait::Expr(expr)), Some(_)) => {
                let (expr, jitter) = (own(expr, retry), self.jitter_value(retry));
                quote_spanned!(site() => #retry::jittered(#expr, #jitter))
            }
            (Some(Wait::Named(named)), _) => {
                let wait = named.tokens(retry);
                quote!(#wait #jitter)
            }
            (None, _) => TokenStream::new(),
        }
    }

    fn jitter_value(&self, retry: &TokenStream) -> TokenStream {
        match self.jitter {
            Some("equal") => quote!(#retry::Jitter::Equal),
            Some("none") => quote!(#retry::Jitter::None),
            _ => quote!(#retry::Jitter::Full),
        }
    }

    fn jitter_call(&self, retry: &TokenStream) -> Option<TokenStream> {
        self.jitter?;
        let value = self.jitter_value(retry);
        Some(quote!(.jitter(#value)))
    }
}

/// An expression of the user's, at whose place the compiler says that it is no wait.
fn own(expr: &TokenStream, retry: &TokenStream) -> TokenStream {
    let waits = located_at(quote_spanned!(site() => waits), expr.span());
    quote_spanned!(site() => {
        #[allow(unused_imports)]
        use #retry::{NoSeries as _, Series as _};
        #retry::Own(#expr).#waits()
    })
}

/// *Input:* the value of `wait`. *Output:* a shape that we know, or an expression.
fn read_wait(options: &mut Options, tokens: TokenStream) -> Wait {
    if let Some(shape) = shape_of(&tokens) {
        options.error(&tokens, format!("a wait has a shape: write `{shape}`"));
        return Wait::Expr(tokens);
    }
    let parts: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let [TokenTree::Ident(name), TokenTree::Group(arguments)] = &parts[..] else {
        if let [TokenTree::Ident(name)] = &parts[..] {
            refuse_bare(options, name);
        }
        return expression(options, tokens);
    };
    let word = name.to_string();
    if word == "chain" {
        return Wait::Named(read_chain(options, name, arguments));
    }
    if let Some(shape) = SHAPES.iter().find(|shape| shape.name == word) {
        return Wait::Named(read_shape(options, shape, name, arguments));
    }
    refuse_misspelled(options, name, arguments);
    expression(options, tokens)
}

fn expression(options: &mut Options, tokens: TokenStream) -> Wait {
    if let Err(message) = whole(tokens.clone()) {
        options.error(&tokens, message);
    }
    Wait::Expr(tokens)
}

/// `wait = exponential`
fn refuse_bare(options: &mut Options, name: &Ident) {
    let shape = SHAPES.iter().find(|shape| *name == shape.name);
    let example = shape.map(|shape| shape.example).or_else(|| (name == "chain").then_some("chain[1ms, 5ms]"));
    if let Some(example) = example {
        options.error(name, format!("`{name}` needs to know how long: write `{example}`"));
    }
}

/// `exponental(50ms)`: what holds a duration literal is no call of Rust's.
fn refuse_misspelled(options: &mut Options, name: &Ident, arguments: &Group) {
    let word = name.to_string();
    let word = word.strip_prefix("wait_").unwrap_or(&word);
    let holds_length = *name != word || split(arguments.stream()).iter().any(is_length);
    let names: Vec<&str> = SHAPES.iter().map(|shape| shape.name).chain(["chain"]).collect();
    if holds_length {
        let known = || names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let near = closest(word, &names)
            .or(names.iter().copied().find(|known| *known == word))
            .map(|near| format!(", did you mean `{near}`?"));
        let hint = near.unwrap_or_else(|| format!("; there are {}", known()));
        options.error(name, format!("there is no wait `{name}`{hint}"));
    }
}

fn is_length(part: &TokenStream) -> bool {
    let value = named(part).map_or_else(|| part.clone(), |(_, value)| value);
    matches!(Length::parse(value), Ok(Length::Known(..)))
}

/// What a length of time, or a list of them, was meant to be.
fn shape_of(tokens: &TokenStream) -> Option<String> {
    let list: Vec<TokenTree> = tokens.clone().into_iter().collect();
    match &list[..] {
        [TokenTree::Literal(number)] if number.to_string().bytes().all(|digit| digit.is_ascii_digit()) => {
            Some(format!("fixed({number}s)"))
        }
        [TokenTree::Group(list)] if split(list.stream()).first().is_some_and(is_length) => {
            Some(format!("chain[{}]", text(&list.stream())))
        }
        _ => (is_length(tokens) || is_duration(tokens)).then(|| format!("fixed({})", text(tokens))),
    }
}

/// `Duration::from_secs(1)`, `std::time::Duration::new(1, 0)`
fn is_duration(tokens: &TokenStream) -> bool {
    let text = text(tokens);
    let call = text.split('(').next().unwrap_or_default();
    let path: Vec<&str> = call.split("::").collect();
    matches!(&path[..], [.., "Duration", maker] if *maker == "new" || maker.starts_with("from_"))
        && text.ends_with(')')
        && text.matches('(').count() == 1
}

/// `chain[1ms, 5ms]`
fn read_chain(options: &mut Options, name: &Ident, arguments: &Group) -> Named {
    if arguments.delimiter() != Delimiter::Bracket {
        options.error(name, "a chain is a list: write `chain[1ms, 5ms]`");
    }
    let lengths: Vec<Length> =
        split(arguments.stream()).into_iter().filter_map(|part| length(options, &part)).collect();
    if arguments.stream().is_empty() {
        options.error(arguments, "a chain needs at least one wait: `chain[1ms, 5ms]`");
    }
    Named { name: "chain", lengths, factor: None, max: None }
}

/// `linear(1ms, 5ms, max = 1s)`
fn read_shape(options: &mut Options, shape: &Shape, name: &Ident, arguments: &Group) -> Named {
    let mut read = Named { name: shape.name, lengths: Vec::new(), factor: None, max: None };
    if arguments.delimiter() != Delimiter::Parenthesis {
        options.error(name, format!("write `{}`", shape.example));
        return read;
    }
    let mut given = 0;
    let mut is_told = false;
    for part in split(arguments.stream()) {
        match named(&part) {
            None => {
                given += 1;
                read.lengths.extend(length(options, &part));
            }
            Some((key, value)) => is_told |= !read.set(options, shape, &key, &value),
        }
    }
    if given != shape.lengths && !is_told {
        let many =
            if shape.lengths == 1 { "one length of time" } else { "two lengths of time, the first and the step" };
        options.error(name, format!("`{name}` takes {many}: write `{}`", shape.example));
    }
    read.check(options);
    read
}

fn length(options: &mut Options, tokens: &TokenStream) -> Option<Length> {
    Length::parse(tokens.clone()).map_err(|message| options.error(tokens, message)).ok()
}

impl Named {
    /// `factor = 2`; says whether there is such an option.
    fn set(&mut self, options: &mut Options, shape: &Shape, key: &Ident, value: &TokenStream) -> bool {
        let again = match key.to_string().as_str() {
            "max" => put(&mut self.max, length(options, value)),
            "factor" if shape.has_factor => put(&mut self.factor, number(options, value)),
            _ => {
                let known = if shape.has_factor { "`factor` and `max`" } else { "`max`" };
                let advice = match key.to_string().as_str() {
                    "base" | "min" | "initial" | "start" | "delay" | "min_delay" => {
                        format!(": the first length has no name, write `{}`", shape.example)
                    }
                    "multiplier" | "mult" | "exp_base" if shape.has_factor => ": write `factor = 2`".to_owned(),
                    "max_delay" | "max_wait" | "cap" | "limit" => ": write `max = 2s`".to_owned(),
                    _ => format!("; it knows {known}"),
                };
                options.error(key, format!("`{}` has no `{key}`{advice}", shape.name));
                return false;
            }
        };
        if again {
            options.error(key, format!("`{key}` is given twice"));
        }
        true
    }

    fn check(&self, options: &mut Options) {
        if let (Some(max), Some(base)) = (&self.max, self.lengths.first())
            && let (Some(most), Some(least)) = (max.known(), base.known())
            && most < least
        {
            options.point(max.span(), format!("`max` is {most:?}, which is below the first wait of {least:?}"));
        }
        if let Some(factor) = &self.factor
            && factor.known().is_some_and(|factor| factor < 1.0)
        {
            options.error(factor, "a factor below 1 would make each wait shorter: it is at least 1");
        }
    }

    fn check_jitter(&self, jitter: &str, written: &Ident, options: &mut Options) {
        let zero = |length: &Length| length.known() == Some(Duration::ZERO);
        if self.name == "decorrelated" && jitter != "none" {
            options.error(written, "`decorrelated` is random by itself: leave `jitter` out");
        } else if jitter != "none" && !self.lengths.is_empty() && self.lengths.iter().all(zero) {
            options.error(written, "there is no wait to jitter: leave `jitter` out, or wait longer than zero");
        }
    }

    fn is_known(&self) -> bool {
        self.lengths.iter().chain(&self.max).all(|length| length.known().is_some())
            && self.factor.as_ref().is_none_or(|factor| factor.known().is_some())
    }

    /// *Output:* `Wait::exponential(..).factor(..).max(..)`.
    fn tokens(&self, retry: &TokenStream) -> TokenStream {
        let Named { name, lengths, factor, max } = self;
        let made = match *name {
            "chain" if self.is_known() => quote!(chain_of(&[#(#lengths),*])),
            "chain" => quote!(chain([#(#lengths),*])),
            _ => {
                let name = Ident::new(name, Span::call_site());
                quote!(#name(#(#lengths),*))
            }
        };
        let factor = factor.as_ref().map(|factor| quote!(.factor(#factor)));
        let max = max.as_ref().map(|max| quote!(.max(#max)));
        quote!(#retry::Wait::#made #factor #max)
    }
}

/// Was there something before?
fn put<T>(place: &mut Option<T>, value: Option<T>) -> bool {
    core::mem::replace(place, value).is_some()
}

fn number(options: &mut Options, tokens: &TokenStream) -> Option<Number> {
    Number::parse(tokens.clone()).map_err(|message| options.error(tokens, message)).ok()
}
