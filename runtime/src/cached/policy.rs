//! What of a call's value is kept, found by its type and not by its spelling.

use std::marker::PhantomData;

use super::store::Value;

/// How a function's output becomes a kept value and back.
pub trait Policy {
    /// What the function returns.
    type Output;
    /// What is kept of it.
    type Value: Value;
    /// A clone of what is to be kept, if anything.
    fn keep(output: &Self::Output) -> Option<Self::Value>;
    /// What a hit returns.
    fn output(value: Self::Value) -> Self::Output;
}

/// Asks a type for its policy. The method `policy` of one of the four traits below is found by the compiler's own rule:
/// `(&&&&Returned::<R>::NEW).policy()` takes the first whose implementation fits; `whole` of one of the last two.
pub struct Returned<R>(PhantomData<fn() -> R>);

impl<R> Returned<R> {
    /// The question.
    pub const NEW: Self = Returned(PhantomData);
}

/// First: `Ok` and `Some` are kept.
pub trait Successes {
    /// Which.
    type Policy;
    /// The answer.
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

/// Second: they cannot be, which the method says once; what it gives satisfies all that comes behind.
pub trait NoSuccesses<T, R> {
    /// Nothing.
    fn policy(&self) -> Nothing<R>
    where
        T: Value,
    {
        Nothing(PhantomData)
    }
}

impl<T, E> NoSuccesses<T, Result<T, E>> for &&Returned<Result<T, E>> {}
impl<T> NoSuccesses<T, Option<T>> for &&Returned<Option<T>> {}

/// Third: the whole value is kept.
pub trait Plain<R> {
    /// The answer.
    fn policy(&self) -> Whole<R>;
    /// The same, asked for: `cache_err`, `cache_none`.
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

/// Fourth: it cannot be.
pub trait NoPlain<R> {
    /// Nothing.
    fn policy(&self) -> Nothing<R>
    where
        R: Value,
    {
        Nothing(PhantomData)
    }

    /// Nothing.
    fn whole(&self) -> Nothing<R>
    where
        R: Value,
    {
        Nothing(PhantomData)
    }
}

impl<R> NoPlain<R> for Returned<R> {}

/// Keeps the value of `Ok`; the error need not be `Clone`.
pub struct OkOnly<T, E>(PhantomData<fn() -> (T, E)>);
/// Keeps the value of `Some`.
pub struct SomeOnly<T>(PhantomData<fn() -> T>);
/// Keeps everything.
pub struct Whole<R>(PhantomData<fn() -> R>);

/// Stands for a type that cannot be kept, of which the compiler has spoken already.
pub struct Nothing<R>(PhantomData<fn() -> R>);

impl<R> Policy for Nothing<R> {
    type Output = R;
    type Value = ();

    fn keep(_: &R) -> Option<()> {
        None
    }

    fn output((): ()) -> R {
        unreachable!("nothing is kept")
    }
}

impl<T: Value, E> Policy for OkOnly<T, E> {
    type Output = Result<T, E>;
    type Value = T;

    fn keep(output: &Result<T, E>) -> Option<T> {
        output.as_ref().ok().cloned()
    }

    #[inline]
    fn output(value: T) -> Result<T, E> {
        Ok(value)
    }
}

impl<T: Value> Policy for SomeOnly<T> {
    type Output = Option<T>;
    type Value = T;

    fn keep(output: &Option<T>) -> Option<T> {
        output.clone()
    }

    #[inline]
    fn output(value: T) -> Option<T> {
        Some(value)
    }
}

impl<R: Value> Policy for Whole<R> {
    type Output = R;
    type Value = R;

    fn keep(output: &R) -> Option<R> {
        Some(output.clone())
    }

    #[inline]
    fn output(value: R) -> R {
        value
    }
}
