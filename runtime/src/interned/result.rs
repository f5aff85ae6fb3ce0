//! What `#[interned]` calls: the value of a body becomes the result of its function.

use std::borrow::Cow;
use std::hash::Hash;

use super::{Internable, Interned};

/// Becomes an `Interned`, or a `Result` or `Option` of one.
#[diagnostic::on_unimplemented(
    message = "`#[interned]` cannot make a `{To}` of what this function's body evaluates to",
    label = "this is what the function returns",
    note = "an `Interned<str>` is made of a `String` or `&str`, an `Interned<[T]>` of a `Vec<T>`, an array or a slice, any \
            other `Interned<T>` of a `T`, and a `Result` or an `Option` of an `Interned` of one of these"
)]
pub trait Intern<To> {
    /// Interns it.
    fn intern(self) -> To;
}

/// Becomes an `Interned<T>`.
pub trait Source<T: Internable + ?Sized> {
    /// Interns it.
    fn interned(self) -> Interned<T>;
}

impl<V: Source<T>, T: Internable + ?Sized> Intern<Interned<T>> for V {
    #[inline]
    fn intern(self) -> Interned<T> {
        self.interned()
    }
}

impl<V: Intern<To>, To, E> Intern<Result<To, E>> for Result<V, E> {
    #[inline]
    fn intern(self) -> Result<To, E> {
        self.map(V::intern)
    }
}

impl<V: Intern<To>, To> Intern<Option<To>> for Option<V> {
    #[inline]
    fn intern(self) -> Option<To> {
        self.map(V::intern)
    }
}

impl<T: Internable> Source<T> for T {
    #[inline]
    fn interned(self) -> Interned<T> {
        Interned::new(self)
    }
}

/// A body whose branches differ interns its values itself.
impl<T: Internable + ?Sized> Source<T> for Interned<T> {
    #[inline]
    fn interned(self) -> Interned<T> {
        self
    }
}

macro_rules! sources {
    ($({$($generics:tt)*} $source:ty => $target:ty;)*) => { $(
        impl<$($generics)*> Source<$target> for $source {
            #[inline]
            fn interned(self) -> Interned<$target> {
                Interned::from(self)
            }
        }
    )* };
}

sources! {
    {} &str => str;
    {} String => str;
    {} Box<str> => str;
    {} Cow<'_, str> => str;
    {T: Eq + Hash + Send + Sync + Clone + 'static} &[T] => [T];
    {T: Eq + Hash + Send + Sync + 'static} Vec<T> => [T];
    {T: Eq + Hash + Send + Sync + 'static} Box<[T]> => [T];
    {T: Eq + Hash + Send + Sync + 'static, const N: usize} [T; N] => [T];
}

/// What interns the value of a body. It takes no argument, so that the compiler reports a body of another type where the
/// expansion names this function.
#[inline]
#[must_use]
pub fn interner<To, V: Intern<To>>() -> fn(V) -> To {
    V::intern
}
