//! `#[interned]`.

use festoon::{Internable, Interned, interned};
use std::num::ParseIntError;

/// Plain.
#[interned]
#[must_use]
pub fn plain(number: u8) -> Interned<str> {
    format!("number {number}")
}

/// Borrowed.
#[interned]
#[must_use]
pub fn borrowed(text: &str) -> Option<Interned<str>> {
    let rest = text.strip_prefix('a')?;
    if rest.is_empty() {
        return None;
    }
    Some(rest)
}

/// # Errors
/// When it is no number.
#[interned]
pub fn result(text: &str) -> Result<Interned<u8>, ParseIntError> {
    text.parse::<u8>()
}

/// # Errors
/// When it is no number.
#[interned]
pub async fn later(mut text: String) -> Result<Option<Interned<u8>>, ParseIntError> {
    std::future::ready(()).await;
    text.push('1');
    Ok(Some(text.parse::<u8>()?))
}

/// Boxed by hand.
#[interned]
#[must_use]
pub fn boxed<'a>(text: &'a str) -> std::pin::Pin<Box<dyn Future<Output = Interned<str>> + Send + 'a>> {
    Box::pin(async move {
        std::future::ready(()).await;
        text.trim()
    })
}

/// A thing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Thing(Vec<u8>);

impl Thing {
    /// Changed.
    #[interned]
    pub fn change(&mut self, number: u8) -> Interned<[u8]> {
        self.0.push(number);
        &*self.0
    }

    /// Used up.
    #[interned]
    #[must_use]
    pub fn into_all(self) -> Interned<[u8]> {
        self.0
    }
}

/// Generic.
#[interned]
pub fn generic<T: Internable + Copy, const N: usize>(value: T) -> Interned<[T]> {
    [value; N]
}

/// Nobody calls it: that is still seen.
#[interned]
#[expect(dead_code, reason = "that it is expected shows that the expansion is no use of it")]
fn unused() -> Interned<str> {
    "unused"
}
