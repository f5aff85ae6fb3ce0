//! Selects a policy by the type of a function's output.

use std::marker::PhantomData;

use super::{Nothing, OkOnly, OkWithNone, SomeOnly, Whole, WithErr, WithErrAndNone, WithNone};
use crate::cached::store::{Keeps, Value};

/// Selects the policy of a type. Method resolution finds `policy` on one of the four traits below:
/// `(&&&&Returned::<R>::NEW).policy()` takes the first whose implementation fits; `whole` is on the last two.
pub struct Returned<R>(PhantomData<fn() -> R>);

impl<R> Returned<R> {
    /// The selector.
    pub const NEW: Self = Returned(PhantomData);
}

/// First: `Ok` and `Some` are cached.
pub trait Successes {
    /// The policy.
    type Policy;
    /// Returns it.
    fn policy(&self) -> Self::Policy;
}

impl<T: Value, E> Successes for &&&Returned<Result<T, E>> {
    type Policy = OkOnly<T, E>;

    #[inline]
    fn policy(&self) -> OkOnly<T, E> {
        OkOnly(PhantomData)
    }
}

impl<T: Value> Successes for &&&Returned<Option<T>> {
    type Policy = SomeOnly<T>;

    #[inline]
    fn policy(&self) -> SomeOnly<T> {
        SomeOnly(PhantomData)
    }
}

/// Second: they cannot be; calling the method reports that once, and what it returns satisfies everything after it.
pub trait NoSuccesses<T, R> {
    /// Nothing.
    fn policy(&self) -> Nothing<R>
    where
        (): Keeps<T>,
    {
        Nothing(PhantomData)
    }
}

impl<T, E> NoSuccesses<T, Result<T, E>> for &&Returned<Result<T, E>> {}
impl<T> NoSuccesses<T, Option<T>> for &&Returned<Option<T>> {}

/// `negative_ttl`: `Err`, `None` and `Ok(None)` are cached too, with another lifetime. First: all of them.
pub trait InnerNegatives {
    /// The policy.
    type Policy;
    /// Returns it.
    fn negative(&self) -> Self::Policy;
}

impl<T: Value, E: Value> InnerNegatives for &&&&Returned<Result<Option<T>, E>> {
    type Policy = WithErrAndNone<T, E>;

    #[inline]
    fn negative(&self) -> WithErrAndNone<T, E> {
        WithErrAndNone(PhantomData)
    }
}

/// Third: if an `Err` cannot be cached, `Ok(None)` can.
pub trait OkNegatives {
    /// The policy.
    type Policy;
    /// Returns it.
    fn negative(&self) -> Self::Policy;
}

impl<T: Value, E> OkNegatives for &&Returned<Result<Option<T>, E>> {
    type Policy = OkWithNone<T, E>;

    #[inline]
    fn negative(&self) -> OkWithNone<T, E> {
        OkWithNone(PhantomData)
    }
}

/// Second: types without an inner `Option`.
pub trait Negatives {
    /// The policy.
    type Policy;
    /// Returns it.
    fn negative(&self) -> Self::Policy;
}

impl<T: Value, E: Value> Negatives for &&&Returned<Result<T, E>> {
    type Policy = WithErr<T, E>;

    #[inline]
    fn negative(&self) -> WithErr<T, E> {
        WithErr(PhantomData)
    }
}

impl<T: Value> Negatives for &&&Returned<Option<T>> {
    type Policy = WithNone<T>;

    #[inline]
    fn negative(&self) -> WithNone<T> {
        WithNone(PhantomData)
    }
}

/// Types that can be negative.
#[diagnostic::on_unimplemented(
    message = "`negative_ttl` cannot cache an `Err` or `None` of `{Self}`",
    label = "needs to be a `Result` or `Option` that is `Clone + Send + Sync + 'static`, the error included"
)]
pub trait Negative {}

/// Types that cannot.
pub trait NoNegatives<R> {
    /// Nothing.
    fn negative(&self) -> Nothing<R>
    where
        R: Negative,
    {
        Nothing(PhantomData)
    }
}

impl<R> NoNegatives<R> for Returned<R> {}

/// Third: the whole value is cached.
pub trait Plain<R> {
    /// Returns the policy.
    fn policy(&self) -> Whole<R>;
    /// The same, by request: `cache_err`, `cache_none`.
    fn whole(&self) -> Whole<R>;
}

impl<R: Value> Plain<R> for &Returned<R> {
    #[inline]
    fn policy(&self) -> Whole<R> {
        Whole(PhantomData)
    }

    #[inline]
    fn whole(&self) -> Whole<R> {
        Whole(PhantomData)
    }
}

/// Fourth: it cannot be cached.
pub trait NoPlain<R> {
    /// Nothing.
    fn policy(&self) -> Nothing<R>
    where
        (): Keeps<R>,
    {
        Nothing(PhantomData)
    }

    /// Nothing.
    fn whole(&self) -> Nothing<R>
    where
        (): Keeps<R>,
    {
        Nothing(PhantomData)
    }
}

impl<R> NoPlain<R> for Returned<R> {}
