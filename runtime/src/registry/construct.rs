//! How to construct a registered type: `new` takes the registry's arguments or none, and returns the type or a
//! `Result`.

use std::fmt::Display;

/// A constructor; `Form` distinguishes its forms by type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not make a `{T}` from the registry's arguments `{Args}`",
    label = "wrong arguments, or a wrong result",
    note = "`new` takes the arguments of `#[registry(args(..))]` in their order, or none of them",
    note = "it returns `{T}`, or `Result<{T}, E>` where `E: Display`"
)]
pub trait Construct<Args, T, Form> {
    /// Calls it.
    fn construct(self, args: Args) -> Result<T, String>;
}

/// Constructs a `T`. The arguments come first, so that the compiler checks the constructor against them.
///
/// # Errors
/// The text of the constructor's error.
#[inline]
pub fn construct<T, Args, Form>(args: Args, new: impl Construct<Args, T, Form>) -> Result<T, String> {
    new.construct(args)
}

/// How to construct a type without `new`.
#[diagnostic::on_unimplemented(
    message = "nothing says how a `{Self}` is made",
    label = "has no `Default`, and its `#[register(..)]` no `new`",
    note = "derive `Default`, or write `new = Self::new` in `#[register(..)]`"
)]
pub trait ByDefault {
    /// `Default::default`
    fn by_default() -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: Default> ByDefault for T {
    #[inline]
    fn by_default() -> Self {
        T::default()
    }
}

/// Constructs a type without `new`. A function pointer, so that an unsuitable type is reported only once.
#[inline]
pub fn by_default<T: ByDefault>() -> fn() -> T {
    T::by_default
}

/// The types that a constructor may return.
pub trait Made<T, Form> {
    /// The value, or the text of the error.
    fn made(self) -> Result<T, String>;
}

/// The value itself.
#[derive(Debug)]
pub struct Plain;

/// A `Result`.
#[derive(Debug)]
pub struct Fallible;

impl<T> Made<T, Plain> for T {
    #[inline]
    fn made(self) -> Result<T, String> {
        Ok(self)
    }
}

impl<T, E: Display> Made<T, Fallible> for Result<T, E> {
    #[inline]
    fn made(self) -> Result<T, String> {
        // The alternate form: `anyhow` and similar crates print the whole chain of causes.
        self.map_err(|error| format!("{error:#}"))
    }
}

impl<Args, T, F: FnOnce() -> R, R: Made<T, M>, M> Construct<Args, T, (fn() -> R, M)> for F {
    #[inline]
    fn construct(self, _: Args) -> Result<T, String> {
        self().made()
    }
}

macro_rules! by_arity {
    ($($argument:ident)+) => {
        impl<$($argument,)+ T, F, R, M> Construct<($($argument,)+), T, (fn($($argument),+) -> R, M)> for F
        where
            F: FnOnce($($argument),+) -> R,
            R: Made<T, M>,
        {
            #[inline]
            #[allow(non_snake_case, reason = "arguments are named like their types")]
            fn construct(self, ($($argument,)+): ($($argument,)+)) -> Result<T, String> {
                self($($argument),+).made()
            }
        }
    };
}

by_arity!(A);
by_arity!(A B);
by_arity!(A B C);
by_arity!(A B C D);
by_arity!(A B C D E);
by_arity!(A B C D E G);
by_arity!(A B C D E G H);
by_arity!(A B C D E G H I);

/// The arguments of a `singleton` without parentheses.
#[diagnostic::on_unimplemented(
    message = "the one instance has to be made from the registry's arguments `{Self}`",
    label = "with which arguments?",
    note = "write them: `singleton(..)`"
)]
pub trait NoArguments {
    /// `()`
    fn no_arguments() -> Self;
}

impl NoArguments for () {
    fn no_arguments() -> Self {}
}

/// `()`, if the registry has no arguments.
pub fn no_arguments<A: NoArguments>() -> A {
    A::no_arguments()
}

/// The types that an `on_register` may return.
#[diagnostic::on_unimplemented(
    message = "`on_register` cannot return `{Self}`",
    note = "it returns nothing, or `Result<(), E>` where `E: Display`"
)]
pub trait Told {
    /// The error's text.
    fn told(self) -> Result<(), String>;
}

impl Told for () {
    fn told(self) -> Result<(), String> {
        Ok(())
    }
}

impl<E: Display> Told for Result<(), E> {
    fn told(self) -> Result<(), String> {
        self.map_err(|error| format!("{error:#}"))
    }
}

/// The result of an `on_register`.
///
/// # Errors
/// The error's text.
pub fn told(answer: impl Told) -> Result<(), String> {
    answer.told()
}
