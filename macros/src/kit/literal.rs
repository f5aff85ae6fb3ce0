//! A single literal as the value of an option: its number and its unit.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::Lit;

use super::tokens::{is_punct, transparent};

/// `64kb`, `0x40`, `1.5s`, `5u32`.
pub(super) struct Written {
    pub(super) text: String,
    pub(super) span: Span,
    kind: Kind,
}

enum Kind {
    /// In decimal digits, with the suffix.
    Int {
        digits: String,
        unit: String,
    },
    Float {
        digits: String,
        unit: String,
    },
    Text(String),
    Other,
}

/// What is wrong with a literal.
pub(super) enum Fault {
    NoUnit(String),
    Unit(String),
    Quoted(String),
    NotANumber,
    TooLarge,
}

const INTEGERS: &[&str] = &["", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize"];

const FLOATS: &[&str] = &["f32", "f64"];

impl Written {
    /// The literal, if there are no other tokens.
    pub(super) fn find(tokens: &TokenStream) -> Result<Option<Self>, String> {
        let mut iter = transparent(tokens.clone()).into_iter();
        match (iter.next(), iter.next(), iter.next()) {
            (Some(TokenTree::Literal(literal)), None, _) => {
                Ok(Some(Written { text: literal.to_string(), span: literal.span(), kind: Kind::of(Lit::new(literal)) }))
            }
            (minus, Some(TokenTree::Literal(_)), None) if is_punct(minus.as_ref(), '-') => {
                Err("this cannot be negative".to_owned())
            }
            _ => Ok(None),
        }
    }

    /// A whole number without a unit; Rust's own suffixes are not units.
    pub(super) fn plain(&self) -> Option<Result<u64, Fault>> {
        match &self.kind {
            Kind::Int { digits, unit } if is_integer(unit) => Some(digits.parse().map_err(|_| Fault::TooLarge)),
            _ => None,
        }
    }

    /// A number that may have a fraction, without a unit.
    pub(super) fn number(&self) -> Option<f64> {
        match &self.kind {
            Kind::Int { digits, unit } | Kind::Float { digits, unit }
                if is_integer(unit) || FLOATS.contains(&unit.as_str()) =>
            {
                digits.parse().ok()
            }
            _ => None,
        }
    }

    /// *Input:* `1.5s`. *Output:* the number of base units (nanoseconds, bytes).
    pub(super) fn with_unit(&self, units: &[(&str, u64)]) -> Result<u128, Fault> {
        match &self.kind {
            Kind::Int { digits, unit } | Kind::Float { digits, unit } if is_integer(unit) => {
                Err(Fault::NoUnit(digits.clone()))
            }
            Kind::Int { digits, unit } | Kind::Float { digits, unit } => {
                let scale = units.iter().find(|(name, _)| name == unit);
                let (_, scale) = scale.ok_or_else(|| Fault::Unit(unit.clone()))?;
                scaled(digits, u128::from(*scale))
            }
            Kind::Text(inner) => Err(Fault::Quoted(inner.clone())),
            Kind::Other => Err(Fault::NotANumber),
        }
    }
}

impl Kind {
    fn of(literal: Lit) -> Self {
        match literal {
            Lit::Int(int) => Kind::Int { digits: int.base10_digits().to_owned(), unit: int.suffix().to_owned() },
            Lit::Float(float) => {
                Kind::Float { digits: float.base10_digits().to_owned(), unit: float.suffix().to_owned() }
            }
            Lit::Str(text) => Kind::Text(text.value()),
            _ => Kind::Other,
        }
    }
}

fn is_integer(unit: &str) -> bool {
    INTEGERS.contains(&unit)
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
