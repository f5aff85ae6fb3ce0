//! `#[timeout]`, `#[fallback]`.

use festoon::{fallback, timeout};
use std::io;
use std::num::ParseIntError;

/// # Errors
/// When it takes too long.
#[timeout(2s)]
pub async fn limited(text: &str) -> io::Result<usize> {
    core::future::ready(()).await;
    Ok(text.len())
}

/// # Errors
/// Never: `ParseIntError` is what the body has.
#[fallback(80)]
pub fn port(text: &str) -> Result<u16, ParseIntError> {
    let port = text.parse()?;
    Ok(port)
}

/// Uses up what it was called with.
#[must_use]
#[fallback(|()| String::new())]
pub fn first(texts: Vec<String>, (index, _): (usize, u8)) -> Option<String> {
    texts.into_iter().nth(index)
}

/// Both.
#[fallback(async |()| text.len())]
#[timeout(2s)]
pub async fn both(text: &str) -> Option<usize> {
    core::future::ready(()).await;
    text.find('-')
}

/// Nobody calls it: that is still seen.
#[fallback(0)]
#[expect(dead_code, reason = "that it is expected shows that the expansion is no use of it")]
fn unused() -> Option<u8> {
    None
}
