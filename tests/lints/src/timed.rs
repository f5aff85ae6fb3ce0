//! `#[timed]`.

use festoon::timed;
use std::num::ParseIntError;
use std::pin::Pin;

/// Plain.
#[timed]
#[must_use]
pub fn plain(number: u8) -> u8 {
    number.saturating_add(1)
}

/// Nothing in, nothing out.
#[timed(name = "quiet", warn_over = 5ms)]
pub fn quiet() {}

/// An argument that the body does not use.
#[timed]
pub async fn unasked(_word: String) -> u8 {
    1
}

/// # Errors
/// When it is no number.
#[timed(warn_over = std::time::Duration::from_millis(5))]
pub fn result(text: &str) -> Result<u8, ParseIntError> {
    let number: u8 = text.parse()?;
    if number == 3 {
        return Ok(4);
    }
    Ok(number)
}

/// In a span.
#[timed(span, name = "spanned", args(text))]
pub async fn spanned(text: &str) -> usize {
    std::future::ready(text.len()).await
}

/// In a span, without a future.
#[timed(span = trace)]
pub fn spanned_too() {}

/// Generic, with a pattern and a `mut` argument.
#[timed]
pub fn generic<T: Ord + Clone, const N: usize>((first, second): (T, T), mut rest: [T; N]) -> Option<T>
where
    [T; N]: Sized,
{
    rest.sort();
    rest.first().cloned().max(Some(first)).max(Some(second))
}

/// `impl Trait` on both sides.
#[timed]
pub fn opaque(numbers: impl IntoIterator<Item = u8>) -> impl Iterator<Item = u8> {
    numbers.into_iter().map(|number| number.saturating_add(1))
}

/// Never returns.
#[timed]
pub fn never() -> ! {
    std::process::exit(0)
}

/// # Errors
/// When it is no number.
#[timed]
pub async fn later(text: &str) -> Result<u8, ParseIntError> {
    std::future::ready(()).await;
    result(text)
}

/// Async without a value.
#[timed]
pub async fn later_quiet() {
    std::future::ready(()).await;
}

/// Boxed by hand.
#[must_use]
#[timed]
pub fn boxed(number: u8) -> Pin<Box<dyn Future<Output = u8> + Send>> {
    let next = number.saturating_add(1);
    Box::pin(async move { next })
}

/// Has methods.
#[derive(Debug, Default, Clone, Copy)]
pub struct Shop {
    /// In cents.
    price: u32,
}

#[timed]
impl Shop {
    /// By reference.
    #[must_use]
    pub fn price(&self) -> u32 {
        self.price
    }

    /// A borrow in, a borrow out.
    pub fn price_mut(&mut self) -> &mut u32 {
        &mut self.price
    }

    /// Left as it is.
    #[must_use]
    pub const fn limit() -> u8 {
        3
    }

    /// # Errors
    /// Never.
    pub async fn later(&mut self) -> Result<&mut Self, String> {
        std::future::ready(()).await;
        Ok(self)
    }
}

/// Provided and required.
pub trait Prices {
    /// Required.
    fn one(&self) -> u32;

    /// Provided.
    #[timed]
    fn two(&self) -> u32 {
        self.one().saturating_mul(2)
    }
}

impl Prices for Shop {
    #[timed]
    fn one(&self) -> u32 {
        self.price
    }
}

/// Boxed by a macro.
#[async_trait::async_trait]
pub trait Loads {
    /// Loads.
    async fn load(&self, text: &str) -> Result<u8, ParseIntError>;
}

#[async_trait::async_trait]
#[timed]
impl Loads for Shop {
    async fn load(&self, text: &str) -> Result<u8, ParseIntError> {
        later(text).await
    }
}

/// Nobody calls it: that is still seen.
#[timed]
#[expect(dead_code, reason = "that it is expected shows that the expansion is no use of it")]
fn unused() {}

/// The same, async.
#[timed]
#[expect(dead_code, reason = "that it is expected shows that the expansion is no use of it")]
async fn unused_later() {}

/// Items come first in a body, and are not told off for coming after statements of ours.
#[timed]
#[must_use]
pub fn items_first(n: u32) -> Option<u32> {
    const LIMIT: u32 = 4;
    const fn below(n: u32) -> bool {
        n < LIMIT
    }
    below(n).then_some(n)
}

/// In a future too.
///
/// # Errors
/// Never.
#[timed]
pub async fn items_first_later(n: u32) -> Result<u32, String> {
    const LIMIT: u32 = 4;
    std::future::ready(()).await;
    Ok(n.min(LIMIT))
}
