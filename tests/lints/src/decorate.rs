//! `#[decorate]`.

use festoon::{AsyncDecorator, Call, Decorator, decorate};
use std::fmt::Display;
use std::num::ParseIntError;

/// Around one argument.
fn around<A, R>(next: impl FnOnce(A) -> R, first: A) -> R {
    next(first)
}

/// Around two.
fn around_two<A, B, R>(next: impl FnOnce(A, B) -> R, first: A, second: B) -> R {
    next(first, second)
}

/// Around none.
fn around_none<R>(next: impl FnOnce() -> R) -> R {
    next()
}

/// Around an async function.
async fn around_later<A, F: Future>(next: impl FnOnce(A) -> F, first: A) -> F::Output {
    next(first).await
}

/// Makes a decorator.
const fn made<A, R, N: FnOnce(A) -> R>() -> impl FnOnce(N, A) -> R {
    |next, first| next(first)
}

/// A layer.
#[derive(Debug, Default, Clone, Copy)]
struct Layer;

impl<R> Decorator<R> for Layer {
    fn call(&self, _: Call<R>, next: impl FnOnce() -> R) -> R {
        next()
    }
}

impl<F: Future> AsyncDecorator<F> for Layer {
    async fn call(&self, _: Call<F::Output>, next: F) -> F::Output {
        next.await
    }
}

/// Plain.
#[decorate(around)]
#[must_use]
pub fn plain(number: u8) -> u8 {
    number.saturating_add(1)
}

/// Nothing in, nothing out.
#[decorate(around_none)]
pub fn quiet() {}

/// # Errors
/// When it is no number.
#[decorate(made())]
pub fn result(text: &str) -> Result<u8, ParseIntError> {
    let number: u8 = text.parse()?;
    if number == 3 {
        return Ok(4);
    }
    Ok(number)
}

/// Generic, with a pattern and a `mut` argument.
#[decorate(around_two)]
pub fn generic<T: Ord + Clone, const N: usize>((first, second): (T, T), mut rest: [T; N]) -> Option<T>
where
    [T; N]: Sized,
{
    rest.sort();
    rest.first().cloned().max(Some(first)).max(Some(second))
}

/// `impl Trait` on both sides, an argument that is not used.
#[decorate(around_two)]
pub fn opaque(number: impl Display, _ignored: &str) -> impl Display {
    number.to_string()
}

/// By a closure.
#[decorate(|next, first: u8| around(next, first.saturating_add(1)))]
#[must_use]
pub fn closure(number: u8) -> u8 {
    number.saturating_add(1)
}

/// Never returns.
#[decorate(around_none)]
pub fn never() -> ! {
    std::process::exit(0)
}

/// # Errors
/// When it is no number.
#[decorate(around_later)]
pub async fn later(text: &str) -> Result<u8, ParseIntError> {
    std::future::ready(()).await;
    result(text)
}

/// With layers.
#[decorate(layer = Layer)]
#[decorate(layer = &Layer)]
#[must_use]
pub fn layered(text: &str) -> Option<&str> {
    text.get(..1)
}

/// # Errors
/// When it is no number.
#[decorate(layer = Layer)]
pub async fn layered_later(text: &str) -> Result<u8, ParseIntError> {
    later(text).await
}

/// Has methods.
#[derive(Debug, Default, Clone, Copy)]
pub struct Shop {
    /// In cents.
    price: u32,
}

#[decorate(around)]
impl Shop {
    /// By reference.
    #[must_use]
    pub fn price(&self, more: u32) -> u32 {
        self.price.saturating_add(more)
    }

    /// A borrow in, a borrow out.
    pub fn price_mut(&mut self, price: u32) -> &mut u32 {
        self.price = price;
        &mut self.price
    }
}

/// Boxed by a macro.
#[async_trait::async_trait]
pub trait Loads {
    /// Loads.
    async fn load(&self, text: &str) -> Result<u8, ParseIntError>;
}

#[async_trait::async_trait]
impl Loads for Shop {
    #[decorate(around_later)]
    async fn load(&self, text: &str) -> Result<u8, ParseIntError> {
        later(text).await
    }
}

/// Nobody calls it: that is still seen.
#[decorate(around_none)]
#[expect(dead_code, reason = "that it is expected shows that the expansion is no use of it")]
fn unused() {}
