//! `#[invalidates]`.

use festoon::{cached, invalidates};
use std::num::ParseIntError;

/// What is read.
#[cached]
#[must_use]
pub fn read(number: u8) -> u8 {
    number.saturating_add(1)
}

/// What is read of a text, later.
#[cached]
pub async fn read_later(text: &str, _list: &[u8]) -> Option<u8> {
    std::future::ready(()).await;
    text.parse().ok()
}

/// Plain.
#[invalidates(read(number))]
#[must_use]
pub fn plain(number: u8) -> Option<u8> {
    number.checked_sub(1)
}

/// With a value.
#[invalidates(read)]
#[must_use]
pub fn valued(number: u8) -> u8 {
    number.saturating_add(1)
}

/// # Errors
/// When it is no number.
#[invalidates(read(3), read_later(text, &[]), when = ok)]
pub fn result(text: &str) -> Result<u8, ParseIntError> {
    let number: u8 = text.parse()?;
    if number == 0 {
        return Ok(4);
    }
    Ok(number)
}

/// Nothing that can fail.
#[invalidates(read(3), when = ok)]
pub fn quiet() {}

/// # Errors
/// When it is no number.
#[invalidates(read_later(text, rest), read)]
pub async fn later(text: &str, rest: &[u8]) -> Result<u8, ParseIntError> {
    std::future::ready(()).await;
    text.get(..rest.len()).unwrap_or(text).parse()
}

/// # Errors
/// When it is no number.
#[invalidates(read_later(&text, &rest), when = ok)]
pub async fn later_or_not(text: String, rest: Vec<u8>) -> Result<u8, ParseIntError> {
    drop(rest);
    std::future::ready(()).await;
    text.parse()
}

/// Boxed by hand.
#[invalidates(read_later(text, &[]))]
#[must_use]
pub fn boxed<'a>(text: &'a str) -> std::pin::Pin<Box<dyn Future<Output = usize> + Send + 'a>> {
    Box::pin(async move {
        std::future::ready(()).await;
        text.len()
    })
}

/// A thing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Thing(Vec<u8>);

impl Thing {
    /// What is read.
    #[cached]
    #[must_use]
    pub fn number(&self) -> usize {
        self.0.len()
    }

    /// Changed.
    #[invalidates(Self::number(self), read)]
    pub fn change(&mut self, number: u8) -> &mut Self {
        self.0.push(number);
        self
    }
}

/// Generic.
#[invalidates(read(number.into()))]
pub fn generic<T: Into<u8> + Copy, const N: usize>(number: T) -> [T; N] {
    [number; N]
}

/// Nobody calls it: that is still seen.
#[invalidates(read)]
#[expect(dead_code, reason = "that it is expected shows that the expansion is no use of it")]
fn unused() {}
