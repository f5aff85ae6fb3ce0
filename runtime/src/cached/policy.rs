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

/// Asks a type for its policy: the inherent methods of a `Result` and an `Option` come before the trait's.
pub struct Returned<R>(PhantomData<fn() -> R>);

impl<R> Returned<R> {
    /// The question.
    pub const NEW: Self = Returned(PhantomData);

    /// The whole value, whatever it is: `cache_err`, `cache_none`.
    #[inline]
    pub fn whole(self) -> Whole<R>
    where
        R: Value,
    {
        Whole(PhantomData)
    }
}

impl<T, E> Returned<Result<T, E>> {
    /// Only `Ok`.
    #[inline]
    pub fn policy(self) -> OkOnly<T, E>
    where
        T: Value,
    {
        OkOnly(PhantomData)
    }
}

impl<T> Returned<Option<T>> {
    /// Only `Some`.
    #[inline]
    pub fn policy(self) -> SomeOnly<T>
    where
        T: Value,
    {
        SomeOnly(PhantomData)
    }
}

/// What [`Returned`] says of every other type.
pub trait Plain<R> {
    /// The whole value.
    fn policy(self) -> Whole<R>
    where
        R: Value;
}

impl<R> Plain<R> for Returned<R> {
    #[inline]
    fn policy(self) -> Whole<R>
    where
        R: Value,
    {
        Whole(PhantomData)
    }
}

/// Keeps the value of `Ok`; the error need not be `Clone`.
pub struct OkOnly<T, E>(PhantomData<fn() -> (T, E)>);
/// Keeps the value of `Some`.
pub struct SomeOnly<T>(PhantomData<fn() -> T>);
/// Keeps everything.
pub struct Whole<R>(PhantomData<fn() -> R>);

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
