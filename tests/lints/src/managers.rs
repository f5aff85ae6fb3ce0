//! `with!`, `#[within]`, `#[context_manager]`, `#[derive(ContextManager)]`.

use core::num::ParseIntError;
use festoon::managers::{NullContext, closing, nullcontext};
use festoon::{ContextManager, Yields, context, context_manager, with, within, yield_};

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

/// Lends what it holds.
#[context_manager]
pub fn counted(count: &mut u32, (by, _): (u32, u8)) -> Yields<&mut u32> {
    *count = count.saturating_add(by);
    let how = yield_!(&mut *count);
    if !how.is_success() {
        *count = 0;
    }
}

/// May fail.
///
/// # Errors
/// When it is no number.
#[context_manager(error = ParseIntError)]
pub fn parsed(text: &str) -> Result<Yields<u64>, ParseIntError> {
    if let Err(error) = number(text) {
        return Err(error);
    }
    yield_!(text.parse()?);
    Ok(())
}

/// Awaits.
#[context_manager]
pub async fn later_parsed(text: &str) -> Result<Yields<u64>, ParseIntError> {
    let number = later(text).await?;
    yield_!(number);
    core::future::ready(()).await;
    Ok(())
}

context! {
    /// Has a true `yield`.
    pub fn squared(side: u32) -> Yields<u32> {
        yield side.saturating_mul(side);
    }
}

/// Of either kind.
#[derive(Debug, ContextManager)]
#[context(error = String)]
pub enum Either<'a, T> {
    /// Borrowed.
    Borrowed(#[managed(entered)] NullContext<&'a str>, &'a u8),
    /// Owned.
    Owned {
        /// What is owned.
        #[managed(entered, skip_if = quiet)]
        value: NullContext<T>,
        /// Without it.
        quiet: bool,
    },
    /// None.
    Neither,
}
