//! `with!`, `#[within]`, `#[derive(ContextManager)]`.

use core::num::ParseIntError;
use festoon::managers::{NullContext, closing, nullcontext};
use festoon::{ContextManager, with, within};

/// # Errors
/// When one of them is no number.
pub fn total(texts: &[&str]) -> Result<u64, ParseIntError> {
    let mut sum = 0_u64;
    for text in texts {
        with!(list = closing(Vec::new(), drop), nullcontext(1_u8) => {
            if text.is_empty() {
                continue;
            }
            if *text == "end" {
                return Ok(sum);
            }
            list.push(text.parse::<u64>()?);
            sum = sum.saturating_add(list.iter().sum());
        });
        sum = sum.saturating_add(1);
    }
    Ok(sum)
}

/// # Errors
/// When it is no number.
#[within(nullcontext(text))]
pub fn number(text: &str) -> Result<u64, ParseIntError> {
    let number = text.parse()?;
    Ok(number)
}

/// # Errors
/// When it is no number.
#[within(nullcontext(text))]
pub async fn later(text: &str) -> Result<u64, ParseIntError> {
    core::future::ready(()).await;
    number(text)
}

/// Of two managers.
#[derive(Debug, ContextManager)]
#[context(error = String)]
pub struct Pair<T> {
    /// The first.
    #[managed(entered)]
    pub first: NullContext<T>,
    /// The second.
    #[managed(entered, skip_if = quiet)]
    pub second: NullContext<u8>,
    /// Without the second.
    pub quiet: bool,
}
