//! `#[timeout]`, `#[fallback]`, `#[circuit_breaker]`, `#[rate_limit]`, `#[bulkhead]`, `#[hedge]`.

use festoon::{bulkhead, circuit_breaker, fallback, hedge, rate_limit, timeout};
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

/// # Errors
/// When it is refused.
#[circuit_breaker(window = 10s, slow = 1s, key = (text.len(), rest.is_empty()))]
pub async fn broken<T: Send>(text: &str, (first, _): (T, u8), mut rest: Vec<T>) -> io::Result<Vec<T>> {
    core::future::ready(()).await;
    rest.push(first);
    Ok(rest)
}

/// Has methods.
#[derive(Debug, Default, Clone, Copy)]
pub struct Shop {
    /// How often.
    calls: u32,
}

#[circuit_breaker(minimum = 3, when = |error| error.kind() == io::ErrorKind::Other)]
impl Shop {
    /// # Errors
    /// When it is refused.
    pub fn changed(&mut self) -> io::Result<u32> {
        self.calls = self.calls.saturating_add(1);
        Ok(self.calls)
    }

    /// # Errors
    /// When it is refused.
    pub fn opaque(self) -> io::Result<impl Iterator<Item = u32>> {
        Ok(core::iter::once(self.calls))
    }
}

/// # Errors
/// When it is refused.
#[rate_limit(10 / 1s, key = text)]
#[bulkhead(3, queue = 4)]
pub fn limited_twice<T>(text: &str, (first, _): (T, u8)) -> io::Result<(usize, T)> {
    Ok((text.len(), first))
}

/// May return anything.
#[rate_limit(1_000 / 1s, wait)]
#[bulkhead(3, wait)]
pub async fn in_turn(mut rest: Vec<u8>) -> Vec<u8> {
    core::future::ready(()).await;
    rest.push(1);
    rest
}

/// # Errors
/// Never.
#[hedge(after = p95, idempotent, clone(rest))]
pub async fn hedged<T: Clone + Send + Sync>(
    (first, _): (T, u8),
    mut rest: Vec<T>,
    mut number: u8,
) -> io::Result<Vec<T>> {
    core::future::ready(()).await;
    number = number.saturating_add(1);
    rest.push(first.clone());
    rest.truncate(usize::from(number));
    Ok(rest)
}

/// Nobody calls it: that is still seen.
#[fallback(0)]
#[expect(dead_code, reason = "that it is expected shows that the expansion is no use of it")]
fn unused() -> Option<u8> {
    None
}
