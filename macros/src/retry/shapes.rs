//! The wait strategies, and suggestions for misspelled ones.

use proc_macro2::{TokenStream, TokenTree};

use crate::kit::{DurationValue, named, split, text};

/// The strategies: their names, how many durations they take, and their options.
pub(super) struct Shape {
    pub(super) name: &'static str,
    pub(super) lengths: usize,
    pub(super) example: &'static str,
    pub(super) options: &'static [&'static str],
}

pub(super) const SHAPES: &[Shape] = &[
    Shape { name: "fixed", lengths: 1, example: "fixed(50ms)", options: &["jitter"] },
    Shape { name: "linear", lengths: 2, example: "linear(50ms, 10ms)", options: &["min", "max", "jitter"] },
    Shape {
        name: "exponential",
        lengths: 1,
        example: "exponential(50ms, factor = 2, max = 2s)",
        options: &["factor", "min", "max", "jitter"],
    },
    Shape { name: "fibonacci", lengths: 1, example: "fibonacci(50ms, max = 2s)", options: &["min", "max", "jitter"] },
    Shape { name: "decorrelated", lengths: 1, example: "decorrelated(50ms, max = 2s)", options: &["factor", "max"] },
    Shape { name: "uniform", lengths: 2, example: "uniform(50ms, 1s)", options: &[] },
];

impl Shape {
    /// The durations without a name.
    pub(super) fn durations(&self) -> &'static str {
        match self.name {
            "linear" => "two durations, the first and the step",
            "uniform" => "two durations, the shortest and the longest",
            _ => "one duration",
        }
    }
}

pub(super) fn is_length(part: &TokenStream) -> bool {
    let value = named(part).map_or_else(|| part.clone(), |(_, value)| value);
    matches!(DurationValue::parse(value), Ok(DurationValue::Known(..)))
}

/// The strategy that a duration, or a list of them, was meant to be.
pub(super) fn shape_of(tokens: &TokenStream) -> Option<String> {
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
