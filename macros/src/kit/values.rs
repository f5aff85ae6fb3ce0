//! The kinds of values that options take: lengths of time, amounts, numbers.

use proc_macro2::{Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use std::time::Duration;
use syn::spanned::Spanned;

use super::tokens::transparent;

const TIME_UNITS: &[(&str, u64)] = &[
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
];

const SIZE_UNITS: &[(&str, u64)] = &[("b", 1), ("kb", 1 << 10), ("mb", 1 << 20), ("gb", 1 << 30)];

/// A length of time: a literal with a unit (`50ms`, `1.5s`, `5m`, `2h`) or an expression of type `Duration`.
#[derive(Clone)]
pub(crate) enum Length {
    Known(Duration, Span),
    Expr(TokenStream),
}

/// A count or a size: a literal (`64`, `10_000`, `64kb`) or an expression.
#[derive(Clone)]
pub(crate) enum Amount {
    Known(u64, Span),
    Expr(TokenStream),
}

/// A number that may have a fraction: a literal or an expression of type `f64`.
#[derive(Clone)]
pub(crate) enum Number {
    Known(f64, Span),
    Expr(TokenStream),
}

impl Length {
    /// Where it stands.
    pub(crate) fn span(&self) -> Span {
        match self {
            Length::Known(_, span) => *span,
            Length::Expr(expr) => expr.span(),
        }
    }

    pub(crate) fn parse(tokens: TokenStream) -> Result<Self, String> {
        let Some((text, span)) = literal(&tokens) else { return whole(tokens).map(Length::Expr) };
        let nanos = with_unit(&text, TIME_UNITS).map_err(|fault| fault.about_time(&text))?;
        let length = duration(nanos).ok_or_else(|| Fault::TooLarge.about_time(&text))?;
        Ok(Length::Known(length, span))
    }

    /// The value, where it is known at expansion.
    pub(crate) fn known(&self) -> Option<Duration> {
        match self {
            Length::Known(length, _) => Some(*length),
            Length::Expr(_) => None,
        }
    }
}

impl Amount {
    /// Where it stands.
    pub(crate) fn span(&self) -> Span {
        match self {
            Amount::Known(_, span) => *span,
            Amount::Expr(expr) => expr.span(),
        }
    }

    pub(crate) fn parse(tokens: TokenStream) -> Result<Self, String> {
        let Some((text, span)) = literal(&tokens) else { return whole(tokens).map(Amount::Expr) };
        let digits = text.replace('_', "");
        if let Ok(plain) = digits.parse() {
            return Ok(Amount::Known(plain, span));
        }
        let bytes = with_unit(&text, SIZE_UNITS).map_err(|fault| fault.about_size(&text))?;
        let amount = u64::try_from(bytes).map_err(|_| Fault::TooLarge.about_size(&text))?;
        Ok(Amount::Known(amount, span))
    }

    pub(crate) fn known(&self) -> Option<u64> {
        match self {
            Amount::Known(amount, _) => Some(*amount),
            Amount::Expr(_) => None,
        }
    }
}

impl Number {
    pub(crate) fn parse(tokens: TokenStream) -> Result<Self, String> {
        let Some((text, span)) = literal(&tokens) else { return whole(tokens).map(Number::Expr) };
        let number = text.replace('_', "").parse().map_err(|_| format!("`{text}` is not a number"))?;
        Ok(Number::Known(number, span))
    }

    pub(crate) fn known(&self) -> Option<f64> {
        match self {
            Number::Known(number, _) => Some(*number),
            Number::Expr(_) => None,
        }
    }
}

impl ToTokens for Length {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(match self {
            Length::Known(length, _) => {
                let (secs, nanos) = (length.as_secs(), length.subsec_nanos());
                quote!(::core::time::Duration::new(#secs, #nanos))
            }
            Length::Expr(expr) => expr.clone(),
        });
    }
}

impl ToTokens for Amount {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Amount::Known(amount, span) => unsuffixed(Literal::u64_unsuffixed(*amount), *span).to_tokens(tokens),
            Amount::Expr(expr) => expr.to_tokens(tokens),
        }
    }
}

impl ToTokens for Number {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Number::Known(number, span) => unsuffixed(Literal::f64_unsuffixed(*number), *span).to_tokens(tokens),
            Number::Expr(expr) => expr.to_tokens(tokens),
        }
    }
}

fn unsuffixed(mut literal: Literal, span: Span) -> Literal {
    literal.set_span(span);
    literal
}

/// An expression, as it was written.
pub(crate) fn whole(tokens: TokenStream) -> Result<TokenStream, String> {
    match syn::parse2::<syn::Expr>(tokens.clone()) {
        Ok(_) => Ok(tokens),
        Err(_) if is_spaced(&tokens) => {
            let written = tokens.to_string();
            let joined = written.replace(' ', "");
            match with_unit(&joined, TIME_UNITS).map_err(|fault| fault.about_time(&joined)) {
                Ok(_) => Err(format!("write `{joined}`, without a space")),
                Err(fault) => Err(fault),
            }
        }
        Err(_) => Err("this is not yet an expression".to_owned()),
    }
}

/// `5 min`
fn is_spaced(tokens: &TokenStream) -> bool {
    let mut iter = tokens.clone().into_iter();
    matches!((iter.next(), iter.next(), iter.next()), (Some(TokenTree::Literal(_)), Some(TokenTree::Ident(_)), None))
}

/// The text of a lone literal.
fn literal(tokens: &TokenStream) -> Option<(String, Span)> {
    let mut iter = transparent(tokens.clone()).into_iter();
    match (iter.next(), iter.next()) {
        (Some(TokenTree::Literal(literal)), None) => Some((literal.to_string(), literal.span())),
        _ => None,
    }
}

/// What is wrong with a literal that should have had a unit.
enum Fault {
    NoUnit,
    Unit(String),
    Quoted(String),
    NotANumber,
    TooLarge,
}

impl Fault {
    fn about_time(&self, text: &str) -> String {
        match self {
            Fault::NoUnit => format!("a duration needs a unit: write `{text}s` or `{text}ms`"),
            Fault::Unit(unit) => format!("`{unit}` is not a unit of time: use ns, us, ms, s, m (minutes), h or d"),
            Fault::Quoted(inner) => format!("write the duration without quotes: `{inner}`"),
            Fault::NotANumber => format!("`{text}` is not a duration: write `50ms`, `1.5s`, `5m` or `2h`"),
            Fault::TooLarge => format!("`{text}` is longer than a duration can be"),
        }
    }

    fn about_size(&self, text: &str) -> String {
        match self {
            Fault::Unit(unit) => format!("`{unit}` is not a unit of size: use b, kb, mb or gb"),
            Fault::Quoted(inner) => format!("write the size without quotes: `{inner}`"),
            Fault::NoUnit | Fault::NotANumber => format!("`{text}` is not a size: write `10_000` or `64kb`"),
            Fault::TooLarge => format!("`{text}` is too large"),
        }
    }
}

fn duration(nanos: u128) -> Option<Duration> {
    let secs = u64::try_from(nanos / 1_000_000_000).ok()?;
    let rest = u32::try_from(nanos % 1_000_000_000).ok()?;
    Some(Duration::new(secs, rest))
}

/// *Input:* `1.5s`. *Output:* that many base units (nanoseconds, bytes).
fn with_unit(text: &str, units: &[(&str, u64)]) -> Result<u128, Fault> {
    if let Some(inner) = text.strip_prefix('"') {
        return Err(Fault::Quoted(inner.trim_end_matches('"').to_owned()));
    }
    let text = text.replace('_', "");
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    if unit.is_empty() {
        return Err(Fault::NoUnit);
    }
    let (_, scale) = units.iter().find(|(name, _)| *name == unit).ok_or_else(|| Fault::Unit(unit.to_owned()))?;
    scaled(number, u128::from(*scale))
}

/// Exact, and rounded down to a whole unit.
fn scaled(number: &str, scale: u128) -> Result<u128, Fault> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole: u64 = whole.parse().map_err(|_| Fault::NotANumber)?;
    let total = u128::from(whole) * scale;
    if fraction.is_empty() {
        return Ok(total);
    }
    // More than 18 digits are finer than any unit.
    let digits = &fraction[..fraction.len().min(18)];
    let tenths: u128 = digits.parse().map_err(|_| Fault::NotANumber)?;
    let parts = digits.bytes().fold(1, |parts: u128, _| parts * 10);
    Ok(total + tenths * scale / parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(text: &str) -> Result<Option<Duration>, String> {
        Length::parse(text.parse().unwrap_or_default()).map(|length| length.known())
    }

    #[test]
    fn lengths_have_units_and_fractions() {
        assert_eq!(length("50ms"), Ok(Some(Duration::from_millis(50))));
        assert_eq!(length("1.5s"), Ok(Some(Duration::from_millis(1500))));
        assert_eq!(length("5m"), Ok(Some(Duration::from_secs(300))));
        assert_eq!(length("2h"), Ok(Some(Duration::from_secs(7200))));
        assert_eq!(length("1_000us"), Ok(Some(Duration::from_millis(1))));
        assert_eq!(length("LIMIT"), Ok(None));
    }

    #[test]
    fn wrong_lengths_say_what_to_write() {
        assert_eq!(length("5").unwrap_err(), "a duration needs a unit: write `5s` or `5ms`");
        assert_eq!(length("\"5m\"").unwrap_err(), "write the duration without quotes: `5m`");
        assert!(length("5min").unwrap_err().starts_with("`min` is not a unit of time"));
    }

    #[test]
    fn amounts_are_plain_or_sized() {
        let amount = |text: &str| Amount::parse(text.parse().unwrap_or_default()).map(|amount| amount.known());
        assert_eq!(amount("10_000"), Ok(Some(10_000)));
        assert_eq!(amount("64kb"), Ok(Some(65_536)));
        assert_eq!(amount("1.5mb"), Ok(Some(3 << 19)));
        assert!(amount("3tb").unwrap_err().contains("use b, kb, mb or gb"));
    }
}
