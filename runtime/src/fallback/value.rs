//! `#[fallback]` as a value.

use super::{Fallible, tell};
use crate::{AsyncDecorator, Call, Decorator};

/// Replaces a failure with a substitute: `#[fallback]` as a value, for code that is not a separate function, and as the
/// outermost policy of a [`policy!`](crate::policy!) chain.
///
/// ```
/// use festoon::Fallback;
/// use std::num::ParseIntError;
///
/// let port = Fallback::new(80);
/// assert_eq!(port.run(|| "http".parse::<u16>()), Ok(80));
///
/// let length = Fallback::with(|error: ParseIntError| error.to_string().len());
/// assert_eq!(length.run(|| "http".parse()), Ok(29));
/// ```
///
/// `Err` and `None` are failures. `#[decorate(layer = Fallback::new(..))]` wraps a function with it.
#[derive(Debug, Clone, Copy)]
pub struct Fallback<I> {
    instead: I,
}

/// A value that is cloned: [`Fallback::new`].
#[derive(Debug, Clone, Copy)]
pub struct Fixed<T>(T);

/// A closure that computes the value from the error: [`Fallback::with`].
#[derive(Debug, Clone, Copy)]
pub struct With<F>(F);

/// A closure that returns the whole `Result` or `Option`: [`Fallback::or_else`].
#[derive(Debug, Clone, Copy)]
pub struct OrElse<F>(F);

/// What a [`Fallback`] replaces a failure with: [`Fixed`], [`With`], [`OrElse`].
#[diagnostic::on_unimplemented(
    message = "this fallback cannot replace a `{R}`",
    note = "`Fallback::new` takes the value in the `Ok` or `Some`, `Fallback::with` a closure that computes it from the error"
)]
pub trait Instead<R: Fallible> {
    /// Replaces this failure: the error of an `Err`, `()` for a `None`.
    fn instead(&self, failure: R::Failure) -> R;
}

impl<R: Fallible<Value: Clone>> Instead<R> for Fixed<R::Value> {
    fn instead(&self, _: R::Failure) -> R {
        R::good(self.0.clone())
    }
}

impl<R: Fallible, F: Fn(R::Failure) -> R::Value> Instead<R> for With<F> {
    fn instead(&self, failure: R::Failure) -> R {
        R::good((self.0)(failure))
    }
}

impl<R: Fallible, F: Fn(R::Failure) -> R> Instead<R> for OrElse<F> {
    fn instead(&self, failure: R::Failure) -> R {
        (self.0)(failure)
    }
}

impl<T> Fallback<Fixed<T>> {
    /// Falls back to this value, cloned.
    #[must_use]
    pub const fn new(value: T) -> Self {
        Fallback { instead: Fixed(value) }
    }
}

impl<F> Fallback<With<F>> {
    /// Falls back to the value that a closure returns for the error: `|error: ShopError| 80`.
    #[must_use]
    pub const fn with(make: F) -> Self {
        Fallback { instead: With(make) }
    }
}

impl<F> Fallback<OrElse<F>> {
    /// Falls back to the `Result` or `Option` that a closure returns for the error.
    #[must_use]
    pub const fn or_else(make: F) -> Self {
        Fallback { instead: OrElse(make) }
    }
}

impl<I> Fallback<I> {
    /// Makes one call.
    pub fn run<R: Fallible>(&self, call: impl FnOnce() -> R) -> R
    where
        I: Instead<R>,
    {
        self.judge("", call())
    }

    /// Makes one call of an async function.
    pub async fn run_async<F: Future<Output: Fallible>>(&self, call: F) -> F::Output
    where
        I: Instead<F::Output>,
    {
        self.judge("", call.await)
    }

    fn judge<R: Fallible>(&self, function: &str, value: R) -> R
    where
        I: Instead<R>,
    {
        match value.split() {
            Ok(value) => R::good(value),
            Err(failure) => {
                tell(function);
                self.instead.instead(failure)
            }
        }
    }
}

#[diagnostic::do_not_recommend]
impl<R: Fallible, I: Instead<R>> Decorator<R> for Fallback<I> {
    fn call(&self, call: Call<R>, next: impl FnOnce() -> R) -> R {
        self.judge(call.name(), next())
    }
}

#[diagnostic::do_not_recommend]
impl<F: Future<Output: Fallible>, I: Instead<F::Output>> AsyncDecorator<F> for Fallback<I> {
    async fn call(&self, call: Call<F::Output>, next: F) -> F::Output {
        self.judge(call.name(), next.await)
    }
}
