//! Which part of a call's value is cached, decided by its type and not by its spelling.

pub(in crate::cached) mod by_type;

use std::any::Any;
use std::marker::PhantomData;

use crate::cached::store::Value;

/// Converts a function's output into a cached value and back.
pub trait Policy {
    /// What the function returns.
    type Output;
    /// The part of it that is cached.
    type Value: Value;
    /// A clone of the part to be cached, if any.
    fn keep(output: &Self::Output) -> Option<Self::Value>;
    /// The return value of a hit.
    fn output(value: Self::Value) -> Self::Output;
    /// Is it an error, instead of which an older value may be returned?
    fn is_error(_: &Self::Output) -> bool {
        false
    }
    /// Is it an `Err` or `None`, which lives for `negative_ttl`?
    fn is_negative(_: &Self::Value) -> bool {
        false
    }
}

/// A value from a handle, as the function's return type.
#[expect(unsafe_code, reason = "the output of a function may have lifetimes, which `Any` does not know")]
pub(in crate::cached) fn as_output<O>(given: &dyn Any) -> Option<&O> {
    if given.type_id() != typeid::of::<O>() {
        return None;
    }
    // SAFETY: both are the same type up to lifetimes, and all lifetimes in the given value are `'static`. It is only
    // passed to `Policy::keep`, which clones either a part of it that is `'static` in `O` too, and so has the very same
    // type in both, or nothing.
    Some(unsafe { &*std::ptr::from_ref(given).cast::<O>() })
}

/// A policy for functions that can fail.
#[diagnostic::on_unimplemented(
    message = "`stale_if_error` is for a function that returns a `Result`",
    label = "there is no `Err` that an older value could replace"
)]
pub trait Fails: Policy {}

/// Caches the value of `Ok`; the error need not be `Clone`.
pub struct OkOnly<T, E>(PhantomData<fn() -> (T, E)>);
/// Caches the whole `Result`, and treats `Err` as negative.
pub struct WithErr<T, E>(PhantomData<fn() -> (T, E)>);
/// Caches the whole `Result`, and treats `Err` and `Ok(None)` as negative.
pub struct WithErrAndNone<T, E>(PhantomData<fn() -> (T, E)>);
/// Caches the content of `Ok`, and treats `None` as negative; the error need not be `Clone`.
pub struct OkWithNone<T, E>(PhantomData<fn() -> (T, E)>);
/// Caches the whole `Option`, and treats `None` as negative.
pub struct WithNone<T>(PhantomData<fn() -> T>);
/// Caches the value of `Some`.
pub struct SomeOnly<T>(PhantomData<fn() -> T>);
/// Caches everything.
pub struct Whole<R>(PhantomData<fn() -> R>);

/// Replaces a type that cannot be cached, which the compiler has already reported.
pub struct Nothing<R>(PhantomData<fn() -> R>);

#[cfg(any(feature = "redis", feature = "disk"))]
impl<R> Nothing<R> {
    pub(in crate::cached) const NEW: Self = Nothing(PhantomData);
}

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

    fn is_error(output: &Result<T, E>) -> bool {
        output.is_err()
    }
}

impl<T: Value, E> Fails for OkOnly<T, E> {}

impl<T: Value, E: Value> Policy for WithErr<T, E> {
    type Output = Result<T, E>;
    type Value = Result<T, E>;

    fn keep(output: &Result<T, E>) -> Option<Result<T, E>> {
        Some(output.clone())
    }

    #[inline]
    fn output(value: Result<T, E>) -> Result<T, E> {
        value
    }

    fn is_error(output: &Result<T, E>) -> bool {
        output.is_err()
    }

    fn is_negative(value: &Result<T, E>) -> bool {
        value.is_err()
    }
}

impl<T: Value, E: Value> Fails for WithErr<T, E> {}

impl<T: Value, E: Value> Policy for WithErrAndNone<T, E> {
    type Output = Result<Option<T>, E>;
    type Value = Result<Option<T>, E>;

    fn keep(output: &Self::Output) -> Option<Self::Value> {
        Some(output.clone())
    }

    #[inline]
    fn output(value: Self::Value) -> Self::Output {
        value
    }

    fn is_error(output: &Self::Output) -> bool {
        output.is_err()
    }

    fn is_negative(value: &Self::Value) -> bool {
        !matches!(value, Ok(Some(_)))
    }
}

impl<T: Value, E: Value> Fails for WithErrAndNone<T, E> {}

impl<T: Value, E> Policy for OkWithNone<T, E> {
    type Output = Result<Option<T>, E>;
    type Value = Option<T>;

    fn keep(output: &Self::Output) -> Option<Option<T>> {
        output.as_ref().ok().cloned()
    }

    #[inline]
    fn output(value: Option<T>) -> Self::Output {
        Ok(value)
    }

    fn is_error(output: &Self::Output) -> bool {
        output.is_err()
    }

    fn is_negative(value: &Option<T>) -> bool {
        value.is_none()
    }
}

impl<T: Value, E> Fails for OkWithNone<T, E> {}

impl<T: Value> Policy for WithNone<T> {
    type Output = Option<T>;
    type Value = Option<T>;

    fn keep(output: &Option<T>) -> Option<Option<T>> {
        Some(output.clone())
    }

    #[inline]
    fn output(value: Option<T>) -> Option<T> {
        value
    }

    fn is_negative(value: &Option<T>) -> bool {
        value.is_none()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_handle_gives_is_an_output_of_its_own_type_alone() {
        fn of<'a>(given: &'a dyn Any, _: &'a str) -> Option<&'a Result<u8, &'a str>> {
            as_output(given)
        }

        let text = "short".to_owned();
        assert_eq!(of(&Ok::<u8, &'static str>(7), &text), Some(&Ok(7)));
        assert!(of(&Ok::<u16, &'static str>(7), &text).is_none() && of(&7_u8, &text).is_none());
        let output = as_output::<Result<u8, &str>>(&Ok::<u8, &'static str>(7)).map(OkOnly::keep);
        assert_eq!(output, Some(Some(7)));
    }
}
