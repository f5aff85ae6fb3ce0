//! The functions that `#[fallback]` calls, and `Fallback` as a value.

mod value;

pub use value::{Fallback, Fixed, Instead, OrElse, With};

/// A type whose values may be failures, and can be taken apart.
#[diagnostic::on_unimplemented(
    message = "`#[fallback]` cannot tell whether a `{Self}` is a failure",
    label = "neither a `Result` nor an `Option`",
    note = "return a `Result` or an `Option`, or leave `#[fallback]` out"
)]
pub trait Fallible: Sized {
    /// The value of a successful call.
    type Value;
    /// The error of a failed call.
    type Failure;

    /// The value, or the failure.
    fn split(self) -> Result<Self::Value, Self::Failure>;

    /// Wraps the value of a successful call.
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

/// How to take a type apart and put it together. Function pointers, so that an unsuitable type is reported only once.
#[derive(Debug)]
pub struct Parts<R, V, E> {
    pub split: fn(R) -> Result<V, E>,
    pub good: fn(V) -> R,
}

/// The parts of a type. `V` and `E` are parameters, since the compiler would complain of each mention of `R::Value`.
#[inline]
pub fn parts<R: Fallible<Value = V, Failure = E>, V, E>() -> Parts<R, V, E> {
    Parts { split: R::split, good: R::good }
}

/// Calls a closure of the user's with the failure. This way the compiler knows the error's type, which it would not if
/// the closure were called in place.
#[inline]
pub fn with<E, T>(failure: E, make: impl FnOnce(E) -> T) -> T {
    make(failure)
}

/// Emits an event that the fallback was used. `inside` is the type name of a closure of the function.
#[cold]
#[inline(never)]
pub fn used(inside: &'static str) {
    tell(crate::site::function_of(inside));
}

fn tell(function: &str) {
    tracing::debug!(target: "festoon", function, "failed: its fallback is used");
}
