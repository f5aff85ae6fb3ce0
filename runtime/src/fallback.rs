//! What `#[fallback]` calls.

/// A type whose values may be failures, taken apart.
#[diagnostic::on_unimplemented(
    message = "`#[fallback]` cannot tell whether a `{Self}` is a failure",
    label = "neither a `Result` nor an `Option`",
    note = "return a `Result` or an `Option`, or leave `#[fallback]` out"
)]
pub trait Fallible: Sized {
    /// What a good call gives.
    type Value;
    /// What a failed call leaves: the error.
    type Failure;

    /// The value, or the failure.
    fn split(self) -> Result<Self::Value, Self::Failure>;

    /// A good call.
    fn good(value: Self::Value) -> Self;
}

impl<T, E> Fallible for Result<T, E> {
    type Value = T;
    type Failure = E;

    #[inline]
    fn split(self) -> Result<T, E> {
        self
    }

    #[inline]
    fn good(value: T) -> Self {
        Ok(value)
    }
}

impl<T> Fallible for Option<T> {
    type Value = T;
    type Failure = ();

    #[inline]
    fn split(self) -> Result<T, ()> {
        self.ok_or(())
    }

    #[inline]
    fn good(value: T) -> Self {
        Some(value)
    }
}

/// How a type is taken apart and put together. Pointers, so that one that cannot be is told once.
#[derive(Debug)]
pub struct Parts<R, V, E> {
    pub split: fn(R) -> Result<V, E>,
    pub good: fn(V) -> R,
}

/// Those of a type.
#[inline]
pub fn parts<R: Fallible>() -> Parts<R, R::Value, R::Failure> {
    Parts { split: R::split, good: R::good }
}

/// Calls a closure of the user's with the failure. By then the error's type is known, as it would not be where the closure is
/// called on the spot.
#[inline]
pub fn with<E, T>(failure: E, make: impl FnOnce(E) -> T) -> T {
    make(failure)
}

/// Tells that the fallback is used. `inside` is a closure of the function.
#[cold]
#[inline(never)]
pub fn used(inside: &'static str) {
    let function = crate::site::function_of(inside);
    tracing::debug!(target: "festoon", function, "failed: its fallback is used");
}
