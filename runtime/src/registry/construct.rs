//! How a registered type is constructed: `new` takes the registry's arguments or none, and returns the type or a
//! `Result`; in a registry with `async_new`, it may also return a future of them.

use std::fmt::Display;
use std::pin::Pin;

use super::{Entry, Registered};

/// When the constructors of a registry complete.
pub trait Mode {
    /// What a constructor returns.
    type Made<B: ?Sized + 'static>;
    /// A constructor that fails.
    fn failed<B: ?Sized + 'static>(reason: String) -> Self::Made<B>;
}

/// At once.
#[derive(Debug)]
pub struct Now;

/// `async_new`: when they are awaited.
#[derive(Debug)]
pub struct Later;

impl Mode for Now {
    type Made<B: ?Sized + 'static> = Result<Box<B>, String>;

    fn failed<B: ?Sized + 'static>(reason: String) -> Result<Box<B>, String> {
        Err(reason)
    }
}

impl Mode for Later {
    type Made<B: ?Sized + 'static> = Pin<Box<dyn Future<Output = Result<Box<B>, String>> + Send>>;

    fn failed<B: ?Sized + 'static>(reason: String) -> Self::Made<B> {
        Box::pin(async { Err(reason) })
    }
}

/// How a patch constructs a value from the arguments `A`.
pub trait Patchable<A>: Mode {
    /// Calls a patch's replacement for a constructor.
    fn patched<B: ?Sized + 'static>(args: A, make: PatchMake<A, B>) -> Self::Made<B>;
}

/// A patch's replacement for a constructor.
pub(super) type PatchMake<A, B> = &'static (dyn Fn(A) -> Result<Box<B>, String> + Send + Sync);

impl<A> Patchable<A> for Now {
    fn patched<B: ?Sized + 'static>(args: A, make: PatchMake<A, B>) -> Result<Box<B>, String> {
        make(args)
    }
}

impl<A: Send + 'static> Patchable<A> for Later {
    fn patched<B: ?Sized + 'static>(args: A, make: PatchMake<A, B>) -> Self::Made<B> {
        Box::pin(async move { make(args) })
    }
}

/// The [`Mode`] in which `create` works.
#[diagnostic::on_unimplemented(
    message = "the constructors of this registry are async",
    label = "its trait has `#[registry(async_new)]`",
    note = "write `create_async(..).await`, `create_default_async(..).await`; such a type cannot be a `singleton`, nor made from a text"
)]
pub trait AtOnce: Mode {
    /// The constructed value.
    fn at_once<B: ?Sized + 'static>(made: Self::Made<B>) -> Result<Box<B>, String>;
}

impl AtOnce for Now {
    #[inline]
    fn at_once<B: ?Sized + 'static>(made: Result<Box<B>, String>) -> Result<Box<B>, String> {
        made
    }
}

/// The [`Mode`] in which `create_async` works.
#[diagnostic::on_unimplemented(
    message = "the constructors of this registry are not async",
    label = "its trait has no `#[registry(async_new)]`",
    note = "write `create(..)`, `create_default(..)`"
)]
pub trait Awaited: Mode {
    /// The value under construction.
    fn awaited<B: ?Sized + 'static>(made: Self::Made<B>) -> <Later as Mode>::Made<B>;
}

impl Awaited for Later {
    fn awaited<B: ?Sized + 'static>(made: <Later as Mode>::Made<B>) -> <Later as Mode>::Made<B> {
        made
    }
}

/// A constructor; `Form` distinguishes its forms by type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not construct a `{T}` from the registry's arguments `{Args}`",
    label = "wrong arguments, or wrong return type",
    note = "`new` takes the arguments of `#[registry(args(..))]` in their order, or none of them",
    note = "it returns `{T}`, or `Result<{T}, E>` where `E: Display`; with `#[registry(async_new)]` also a future of them, which is `Send`"
)]
pub trait Construct<M: Mode, Args, T, Form> {
    /// Calls it.
    fn construct<B: ?Sized + 'static>(self, args: Args, boxed: fn(T) -> Box<B>) -> M::Made<B>;
}

/// Called by expansions. They are methods, so that a trait without a registry causes only that one error.
impl<T: ?Sized + Registered> Entry<T> {
    /// Constructs a `C`. The arguments come first, so that the compiler can tell a wrong constructor from a right one
    /// by them.
    #[doc(hidden)]
    #[inline]
    pub fn festoon_construct<C, Form>(
        &self,
        args: T::Args,
        new: impl Construct<T::Mode, T::Args, C, Form>,
        boxed: fn(C) -> Box<T>,
    ) -> <T::Mode as Mode>::Made<T> {
        new.construct(args, boxed)
    }

    /// The result for a type that has one value and cannot have another.
    #[doc(hidden)]
    pub fn festoon_only_one(&self) -> <T::Mode as Mode>::Made<T> {
        T::Mode::failed("there is only the one instance".to_owned())
    }

    /// The result of a type with `no_new`.
    #[doc(hidden)]
    pub fn festoon_no_new(&self) -> <T::Mode as Mode>::Made<T> {
        T::Mode::failed("it has no constructor, and can only be deserialized".to_owned())
    }
}

/// Constructs the single instance of a `C`.
///
/// # Errors
/// The text of the constructor's error.
pub fn construct_one<T: ?Sized + Registered, C: 'static, Form>(
    args: T::Args,
    new: impl Construct<T::Mode, T::Args, C, Form>,
) -> Result<C, String>
where
    T::Mode: AtOnce,
{
    T::Mode::at_once(new.construct(args, Box::new)).map(|made| *made)
}

/// A value that already exists: a function, a constant.
#[derive(Debug)]
pub struct Ready<V>(pub V);

#[diagnostic::do_not_recommend]
impl<Args, T> Construct<Now, Args, T, Ready<T>> for Ready<T> {
    #[inline]
    fn construct<B: ?Sized + 'static>(self, _: Args, boxed: fn(T) -> Box<B>) -> Result<Box<B>, String> {
        Ok(boxed(self.0))
    }
}

#[diagnostic::do_not_recommend]
impl<Args, T: Send + 'static> Construct<Later, Args, T, Ready<T>> for Ready<T> {
    fn construct<B: ?Sized + 'static>(self, _: Args, boxed: fn(T) -> Box<B>) -> <Later as Mode>::Made<B> {
        Box::pin(async move { Ok(boxed(self.0)) })
    }
}

/// How to construct a type without `new`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no constructor",
    label = "does not implement `Default`, and `#[register(..)]` has no `new`",
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
#[diagnostic::on_unimplemented(
    message = "a constructor cannot return `{Self}`",
    label = "returns the wrong type",
    note = "it returns `{T}`, or `Result<{T}, E>` where `E: Display`; a future of them only with `#[registry(async_new)]`"
)]
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

impl<Args, T, F: FnOnce() -> R, R: Made<T, M>, M> Construct<Now, Args, T, (fn() -> R, M)> for F {
    #[inline]
    fn construct<B: ?Sized + 'static>(self, _: Args, boxed: fn(T) -> Box<B>) -> Result<Box<B>, String> {
        self().made().map(boxed)
    }
}

/// A constructor that is not async, in a registry with `async_new`: it runs when it is awaited.
impl<Args, T, F, R, M> Construct<Later, Args, T, (fn() -> R, M)> for F
where
    F: FnOnce() -> R + Send + 'static,
    T: 'static,
    R: Made<T, M>,
{
    fn construct<B: ?Sized + 'static>(self, _: Args, boxed: fn(T) -> Box<B>) -> <Later as Mode>::Made<B> {
        Box::pin(async move { self().made().map(boxed) })
    }
}

impl<Args, T, F, R, M> Construct<Later, Args, T, (fn() -> R, M, Later)> for F
where
    F: FnOnce() -> R,
    T: 'static,
    R: Future<Output: Made<T, M>> + Send + 'static,
{
    fn construct<B: ?Sized + 'static>(self, _: Args, boxed: fn(T) -> Box<B>) -> <Later as Mode>::Made<B> {
        let future = self();
        Box::pin(async move { future.await.made().map(boxed) })
    }
}

macro_rules! by_arity {
    ($($argument:ident)+) => {
        #[allow(non_snake_case, reason = "arguments are named like their types")]
        impl<$($argument,)+ T, F, R, M> Construct<Now, ($($argument,)+), T, (fn($($argument),+) -> R, M)> for F
        where
            F: FnOnce($($argument),+) -> R,
            R: Made<T, M>,
        {
            #[inline]
            fn construct<O: ?Sized + 'static>(
                self,
                ($($argument,)+): ($($argument,)+),
                boxed: fn(T) -> Box<O>,
            ) -> Result<Box<O>, String> {
                self($($argument),+).made().map(boxed)
            }
        }

        #[allow(non_snake_case, reason = "arguments are named like their types")]
        impl<$($argument,)+ T, F, R, M> Construct<Later, ($($argument,)+), T, (fn($($argument),+) -> R, M)> for F
        where
            $($argument: Send + 'static,)+
            F: FnOnce($($argument),+) -> R + Send + 'static,
            T: 'static,
            R: Made<T, M>,
        {
            fn construct<O: ?Sized + 'static>(
                self,
                ($($argument,)+): ($($argument,)+),
                boxed: fn(T) -> Box<O>,
            ) -> <Later as Mode>::Made<O> {
                Box::pin(async move { self($($argument),+).made().map(boxed) })
            }
        }

        #[allow(non_snake_case, reason = "arguments are named like their types")]
        impl<$($argument,)+ T, F, R, M> Construct<Later, ($($argument,)+), T, (fn($($argument),+) -> R, M, Later)> for F
        where
            F: FnOnce($($argument),+) -> R,
            T: 'static,
            R: Future<Output: Made<T, M>> + Send + 'static,
        {
            fn construct<O: ?Sized + 'static>(
                self,
                ($($argument,)+): ($($argument,)+),
                boxed: fn(T) -> Box<O>,
            ) -> <Later as Mode>::Made<O> {
                let future = self($($argument),+);
                Box::pin(async move { future.await.made().map(boxed) })
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
    message = "the singleton has to be created from the registry's arguments `{Self}`",
    label = "missing arguments",
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
