//! The kinds of values that options take: durations, amounts, numbers.

use proc_macro2::{Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use std::time::Duration;
use syn::spanned::Spanned;

use super::literal::{Fault, Written};

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

/// A duration: a literal with a unit (`50ms`, `1.5s`, `5m`, `2h`) or an expression of type `Duration`.
#[derive(Clone)]
pub(crate) enum DurationValue {
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

impl DurationValue {
    /// Its span.
    pub(crate) fn span(&self) -> Span {
        match self {
            DurationValue::Known(_, span) => *span,
            DurationValue::Expr(expr) => expr.span(),
        }
    }

    pub(crate) fn parse(tokens: TokenStream) -> Result<Self, String> {
        let Some(written) = Written::find(&tokens)? else { return expr(tokens).map(DurationValue::Expr) };
        let length = written.with_unit(TIME_UNITS).and_then(|nanos| duration(nanos).ok_or(Fault::TooLarge));
        let length = length.map_err(|fault| fault.about_time(&written.text))?;
        Ok(DurationValue::Known(length, written.span))
    }

    /// The value, if it is known at expansion.
    pub(crate) fn known(&self) -> Option<Duration> {
        match self {
            DurationValue::Known(length, _) => Some(*length),
            DurationValue::Expr(_) => None,
        }
    }
}

impl Amount {
    /// Its span.
    pub(crate) fn span(&self) -> Span {
        match self {
            Amount::Known(_, span) => *span,
            Amount::Expr(expr) => expr.span(),
        }
    }

    /// A count: `10_000`.
    pub(crate) fn count(tokens: TokenStream) -> Result<Self, String> {
        let Some(written) = Written::find(&tokens)? else { return expr(tokens).map(Amount::Expr) };
        let count = written.plain().ok_or_else(|| no_count(&written))?;
        Ok(Amount::Known(count.map_err(|fault| fault.about_size(&written.text))?, written.span))
    }

    /// A size: `64kb`, or a plain number.
    pub(crate) fn size(tokens: TokenStream) -> Result<Self, String> {
        let Some(written) = Written::find(&tokens)? else { return expr(tokens).map(Amount::Expr) };
        let bytes = || u64::try_from(written.with_unit(SIZE_UNITS)?).map_err(|_| Fault::TooLarge);
        let size = written.plain().unwrap_or_else(bytes);
        Ok(Amount::Known(size.map_err(|fault| fault.about_size(&written.text))?, written.span))
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
        let Some(written) = Written::find(&tokens)? else { return expr(tokens).map(Number::Expr) };
        let number = written.number().ok_or_else(|| format!("`{}` is not a number", written.text))?;
        Ok(Number::Known(number, written.span))
    }

    pub(crate) fn known(&self) -> Option<f64> {
        match self {
            Number::Known(number, _) => Some(*number),
            Number::Expr(_) => None,
        }
    }
}

impl ToTokens for DurationValue {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(match self {
            DurationValue::Known(length, _) => {
                let (secs, nanos) = (length.as_secs(), length.subsec_nanos());
                quote!(::core::time::Duration::new(#secs, #nanos))
            }
            DurationValue::Expr(expr) => expr.clone(),
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

/// An expression, as written.
pub(crate) fn expr(tokens: TokenStream) -> Result<TokenStream, String> {
    match syn::parse2::<syn::Expr>(tokens.clone()) {
        Ok(_) => Ok(tokens),
        Err(_) if is_spaced(&tokens) => {
            let joined = tokens.to_string().replace(' ', "");
            DurationValue::parse(joined.parse().unwrap_or_default())?;
            Err(format!("write `{joined}`, without a space"))
        }
        Err(_) => Err("incomplete expression".to_owned()),
    }
}

/// `5 min`
fn is_spaced(tokens: &TokenStream) -> bool {
    let mut iter = tokens.clone().into_iter();
    matches!((iter.next(), iter.next(), iter.next()), (Some(TokenTree::Literal(_)), Some(TokenTree::Ident(_)), None))
}

impl Fault {
    fn about_time(&self, text: &str) -> String {
        match self {
            Fault::NoUnit(digits) => format!("a duration needs a unit: write `{digits}s` or `{digits}ms`"),
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
            Fault::NoUnit(_) | Fault::NotANumber => format!("`{text}` is not a size: write `10_000` or `64kb`"),
            Fault::TooLarge => format!("`{text}` is too large"),
        }
    }
}

/// What to write instead of a literal that is not a whole number.
fn no_count(written: &Written) -> String {
    let text = &written.text;
    match written.with_unit(SIZE_UNITS) {
        Ok(bytes) => format!("expected a count, found the size `{text}`: write `{bytes}`"),
        Err(Fault::Quoted(inner)) if inner.bytes().all(|c| c.is_ascii_digit()) => {
            format!("write the count without quotes: `{inner}`")
        }
        Err(_) => format!("`{text}` is not a count: write a whole number, such as `1_000`"),
    }
}

fn duration(nanos: u128) -> Option<Duration> {
    let secs = u64::try_from(nanos / 1_000_000_000).ok()?;
    let rest = u32::try_from(nanos % 1_000_000_000).ok()?;
    Some(Duration::new(secs, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(text: &str) -> Result<Option<Duration>, String> {
        DurationValue::parse(text.parse().unwrap_or_default()).map(|length| length.known())
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
        for number in ["5", "5u64", "0x5"] {
            assert_eq!(length(number).unwrap_err(), "a duration needs a unit: write `5s` or `5ms`");
        }
        assert_eq!(length("-5s").unwrap_err(), "this cannot be negative");
        assert_eq!(length("\"5m\"").unwrap_err(), "write the duration without quotes: `5m`");
        assert!(length("5min").unwrap_err().starts_with("`min` is not a unit of time"));
    }

    fn count(text: &str) -> Result<Option<u64>, String> {
        Amount::count(text.parse().unwrap_or_default()).map(|amount| amount.known())
    }

    fn size(text: &str) -> Result<Option<u64>, String> {
        Amount::size(text.parse().unwrap_or_default()).map(|amount| amount.known())
    }

    #[test]
    fn counts_are_whole_numbers_however_they_are_written() {
        assert_eq!(count("10_000"), Ok(Some(10_000)));
        assert_eq!(count("5u32"), Ok(Some(5)));
        assert_eq!(count("1_024usize"), Ok(Some(1024)));
        assert_eq!(count("0x5"), Ok(Some(5)));
        assert_eq!(count("0x5b"), Ok(Some(91)));
        assert_eq!(count("0b101_u8"), Ok(Some(5)));
        assert_eq!(count("ROOM * 2"), Ok(None));
    }

    #[test]
    fn what_is_no_count_says_what_to_write() {
        assert_eq!(count("1kb").unwrap_err(), "expected a count, found the size `1kb`: write `1024`");
        assert_eq!(count("\"5\"").unwrap_err(), "write the count without quotes: `5`");
        assert_eq!(count("1.5").unwrap_err(), "`1.5` is not a count: write a whole number, such as `1_000`");
        assert_eq!(count("5s").unwrap_err(), "`5s` is not a count: write a whole number, such as `1_000`");
        assert_eq!(count("-1").unwrap_err(), "this cannot be negative");
        assert_eq!(count("99999999999999999999").unwrap_err(), "`99999999999999999999` is too large");
    }

    #[test]
    fn sizes_are_plain_or_have_a_unit() {
        assert_eq!(size("10_000"), Ok(Some(10_000)));
        assert_eq!(size("64kb"), Ok(Some(65_536)));
        assert_eq!(size("0x40kb"), Ok(Some(65_536)));
        assert_eq!(size("1.5mb"), Ok(Some(3 << 19)));
        assert_eq!(size("64u64"), Ok(Some(64)));
        assert!(size("3tb").unwrap_err().contains("use b, kb, mb or gb"));
        assert!(size("99999999999gb").unwrap_err().contains("too large"));
    }

    #[test]
    fn numbers_may_have_a_fraction_and_a_suffix() {
        let number = |text: &str| Number::parse(text.parse().unwrap_or_default()).map(|number| number.known());
        assert_eq!(number("1.5"), Ok(Some(1.5)));
        assert_eq!(number("2u32"), Ok(Some(2.0)));
        assert_eq!(number("1_0.5f64"), Ok(Some(10.5)));
        assert_eq!(number("2s").unwrap_err(), "`2s` is not a number");
    }
}
