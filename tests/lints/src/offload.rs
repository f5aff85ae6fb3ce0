//! `#[offload]`.

use festoon::{WorkerError, offload};
use std::num::ParseIntError;
use std::sync::Arc;

/// Plain.
#[offload]
#[must_use]
pub fn plain(number: u8) -> u8 {
    number.saturating_add(1)
}

/// Nothing in, nothing out.
#[offload(pool = tokio)]
pub fn quiet() {}

/// # Errors
/// When it is no number.
#[offload(pool = rayon)]
pub fn result(text: String) -> Result<u8, ParseIntError> {
    let number: u8 = text.parse()?;
    if number == 3 {
        return Ok(4);
    }
    Ok(number)
}

/// In a worker process.
///
/// # Errors
/// When it is no number, or the worker crashes.
#[offload(process, timeout = 1s, workers = 2)]
pub fn process((text, _): (String, u8), mut numbers: Vec<u8>) -> Result<Vec<u8>, WorkerError> {
    let number = text.parse().map_err(|error: ParseIntError| WorkerError::Encoding(error.to_string()))?;
    numbers.push(number);
    Ok(numbers)
}

/// Generic, with a pattern and a `mut` argument.
#[offload]
pub fn generic<T, const N: usize>((first, second): (T, T), mut rest: [T; N]) -> Option<T>
where
    T: Ord + Clone + Send + 'static,
{
    rest.sort();
    rest.first().cloned().max(Some(first)).max(Some(second))
}

/// `impl Trait` on both sides.
#[offload]
pub fn opaque(numbers: impl IntoIterator<Item = u8> + Send + 'static) -> impl Iterator<Item = u8> + Send {
    numbers.into_iter().map(|number| number.saturating_add(1)).collect::<Vec<u8>>().into_iter()
}

/// Has methods.
#[derive(Debug, Default, Clone, Copy)]
pub struct Shop {
    /// In cents.
    price: u32,
}

#[offload]
impl Shop {
    /// Shared.
    #[must_use]
    pub fn price(self: Arc<Self>) -> u32 {
        self.price
    }
}

/// Nobody calls it: that is still seen.
#[offload]
#[expect(dead_code, reason = "that it is expected shows that the expansion is no use of it")]
fn unused() {}
