//! The functions that `with!` calls. They distinguish the return types of the surrounding function, and the managers,
//! by type.
#![allow(missing_docs, clippy::missing_errors_doc, reason = "only named by expansions")]

mod question_mark;

use std::convert::Infallible;
use std::marker::PhantomData;

pub use question_mark::Branch;
use question_mark::FromResidual;

use crate::context_manager::{AsyncHeld, told, told_async};
use crate::{AsyncExit, AsyncManager, Exit, Guard, Manager, Outcome, Verdict};

/// How control left the block.
#[derive(Debug)]
pub enum Flow<V, R> {
    /// At its end, with this value.
    Value(V),
    /// From the function, by `return` or `?`.
    Return(R),
    /// From a surrounding loop or block, by the `break` or `continue` with this number.
    Jump(usize),
}

/// The return type of the surrounding function.
#[derive(Debug)]
pub struct Returns<R>(PhantomData<fn() -> R>);

impl<R> Clone for Returns<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Returns<R> {}

impl<R> Returns<R> {
    /// A type to be inferred, or a given one.
    #[allow(clippy::new_without_default, reason = "an expansion names `new`")]
    pub fn new() -> Self {
        Returns(PhantomData)
    }

    /// Never called: it tells the compiler the type.
    #[cold]
    pub fn absurd(self) -> R {
        unreachable!("festoon: this call stands behind `if false`")
    }

    /// The end of the block, in a function with this return type.
    #[inline]
    pub fn value<V>(self, value: V) -> Flow<V, R> {
        Flow::Value(value)
    }

    /// A value of that type, to which it is coerced here.
    #[inline]
    pub fn of(self, value: R) -> R {
        value
    }

    /// The return value of `?`.
    #[inline]
    pub fn residual<X>(self, residual: X) -> R
    where
        R: FromResidual<X>,
    {
        R::from_residual(residual)
    }
}

/// The compiler has to know the type of a method's receiver: here, that of an earlier `return`.
pub trait Known: Sized {
    /// Never called.
    fn known(self) {}
}

impl<R> Known for R {}

impl<T, E> Returns<Result<T, E>> {
    /// Calls a macro that returns an error: `bail!`.
    #[inline]
    pub fn checked<C>(self, check: impl FnOnce() -> Result<C, E>) -> Result<C, E> {
        check()
    }
}

/// The type of the errors that the exit receives: those of a `Result`. All other types have none.
impl<T, E> Returns<Result<T, E>> {
    #[inline]
    pub fn error(self) -> PhantomData<fn(E)> {
        PhantomData
    }
}

/// For all types other than `Result`.
pub trait ReturnsNoError: Sized {
    #[inline]
    fn error(self) -> PhantomData<fn(Infallible)> {
        PhantomData
    }
}

impl<R> ReturnsNoError for Returns<R> {}

/// For a type that is known not to be a `Result`.
#[inline]
pub fn no_error() -> PhantomData<fn(Infallible)> {
    PhantomData
}

/// A manager to be entered.
#[derive(Debug)]
pub struct Entering<M>(pub M);

impl<M: Manager> Entering<M> {
    #[inline]
    pub fn enter(self) -> Result<M::Active, M::EnterError> {
        self.0.enter()
    }
}

/// A value that is already entered.
pub trait Entered<A>: Sized {
    fn enter(self) -> Result<A, Infallible>;
}

impl<A> Entered<A> for Entering<A> {
    #[inline]
    fn enter(self) -> Result<A, Infallible> {
        Ok(self.0)
    }
}

/// A manager to be entered with `.await`.
#[derive(Debug)]
pub struct Awaiting<M>(pub M);

impl<M: AsyncManager> Awaiting<M> {
    #[inline]
    pub async fn enter(self) -> Result<M::Active, M::EnterError> {
        self.0.enter().await
    }
}

/// A value that is already entered.
pub trait AwaitingEntered<A>: Sized {
    fn enter(self) -> std::future::Ready<Result<A, Infallible>>;
}

impl<A> AwaitingEntered<A> for Awaiting<A> {
    #[inline]
    fn enter(self) -> std::future::Ready<Result<A, Infallible>> {
        std::future::ready(Ok(self.0))
    }
}

/// An error of entering or of the exit, which the function has to return.
#[derive(Debug)]
pub struct Failing<R, E>(pub Returns<R>, pub E);

impl<R> Failing<R, Infallible> {
    #[inline]
    pub fn returned(self) -> R {
        match self.1 {}
    }
}

/// For all types that can be errors.
pub trait Failed<R, E>: Sized {
    fn returned(self) -> R
    where
        R: FromError<E>;
}

impl<R, E> Failed<R, E> for Failing<R, E> {
    #[inline]
    fn returned(self) -> R
    where
        R: FromError<E>,
    {
        R::from_error(self.1)
    }
}

/// The types that an error can be returned as.
#[diagnostic::on_unimplemented(
    message = "this context manager may fail with a `{E}`, which the function around `with!` cannot return",
    label = "it returns a `{Self}`",
    note = "return a `Result` whose error implements `From<{E}>`"
)]
pub trait FromError<E> {
    fn from_error(error: E) -> Self;
}

impl<T, E, F: From<E>> FromError<E> for Result<T, F> {
    #[inline]
    fn from_error(error: E) -> Self {
        Err(error.into())
    }
}

/// The error that is returned, if there is one.
#[derive(Debug)]
pub struct Returned<'r, R>(pub &'r mut R);

impl<'r, T, E> Returned<'r, Result<T, E>> {
    #[inline]
    pub fn error(self) -> Option<&'r mut E> {
        self.0.as_mut().err()
    }
}

/// For all types other than `Result`.
pub trait ReturnedNoError<'r>: Sized {
    #[inline]
    fn error(self) -> Option<&'r mut Infallible> {
        None
    }
}

impl<'r, R> ReturnedNoError<'r> for Returned<'r, R> {}

/// The error in the value of the block, if it is one.
#[derive(Debug)]
pub struct Value<'v, V, E>(pub &'v mut V, pub PhantomData<fn(E)>);

impl<'v, T, E> Value<'v, Result<T, E>, E> {
    #[inline]
    pub fn error(self) -> Option<&'v mut E> {
        self.0.as_mut().err()
    }
}

/// For a `Result` with another error type, which the exit cannot receive.
pub trait OtherError<'v, T, X, E>: Sized {
    fn error(self) -> Option<&'v mut E>
    where
        Result<T, X>: ShownAs<E>;
}

impl<'v, T, X, E> OtherError<'v, T, X, E> for Value<'v, Result<T, X>, E> {
    fn error(self) -> Option<&'v mut E>
    where
        Result<T, X>: ShownAs<E>,
    {
        None
    }
}

/// Never implemented.
#[diagnostic::on_unimplemented(
    message = "the block's value is a `{Self}`, whose error the exit cannot receive as a `{E}`",
    note = "put `?` after it; or end the block with another value; or call `manager.scope(|active| ..)`, which passes the exit \
            the block's own error"
)]
pub trait ShownAs<E> {}

/// For all types other than `Result`.
pub trait NoError<'v, E>: Sized {
    #[inline]
    fn error(self) -> Option<&'v mut E> {
        None
    }
}

impl<'v, V, E> NoError<'v, E> for &Value<'v, V, E> {}

/// Holds an entered value.
#[inline]
pub fn hold<A: Exit<E>, E>(active: A, _: PhantomData<fn(E)>) -> Guard<A, E> {
    Guard::in_block(active)
}

/// The same in an async body with an `.await`: if it is dropped inside, the future was cancelled.
#[inline]
pub fn hold_in_future<A: Exit<E>, E>(active: A, _: PhantomData<fn(E)>) -> Guard<A, E> {
    Guard::in_future(active)
}

/// Holds a value that was entered with `.await`.
#[inline]
pub fn hold_async<A: AsyncExit<E>, E: Send>(active: A, _: PhantomData<fn(E)>) -> AsyncHeld<A, E> {
    AsyncHeld::new(active)
}

/// Exits: the exit receives the block's error, and may replace it in place. Returns whether it swallowed the error.
#[inline]
pub fn exit<A: Exit<E>, E>(held: Guard<A, E>, error: Option<&mut E>) -> Result<bool, E> {
    match error {
        None => judged(held.finish(Outcome::Success)?),
        Some(error) => {
            let verdict = told(held.defuse(), Outcome::Error(&mut *error))?;
            Ok(replaced(error, verdict))
        }
    }
}

/// The same for an exit that may not swallow.
#[inline]
pub fn exit_passing<A: Exit<E>, E>(held: Guard<A, E>, error: Option<&mut E>) -> Result<bool, E> {
    const {
        assert!(!A::MAY_SWALLOW, "this exit may swallow the error: write an `else` block after the body for the value");
    };
    exit(held, error)
}

/// The same, awaited.
pub async fn exit_async<A: AsyncExit<E>, E: Send>(held: AsyncHeld<A, E>, error: Option<&mut E>) -> Result<bool, E> {
    match error {
        None => judged(told_async(held.defuse(), Outcome::Success).await?),
        Some(error) => {
            let verdict = told_async(held.defuse(), Outcome::Error(&mut *error)).await?;
            Ok(replaced(error, verdict))
        }
    }
}

/// The same for an exit that may not swallow.
pub async fn exit_async_passing<A: AsyncExit<E>, E: Send>(
    held: AsyncHeld<A, E>,
    error: Option<&mut E>,
) -> Result<bool, E> {
    const {
        assert!(!A::MAY_SWALLOW, "this exit may swallow the error: write an `else` block after the body for the value");
    };
    exit_async(held, error).await
}

/// After success there is no error to swallow, but there may be a new one.
fn judged<E>(verdict: Verdict<E>) -> Result<bool, E> {
    if let Verdict::Replace(error) = verdict { Err(error) } else { Ok(false) }
}

fn replaced<E>(error: &mut E, verdict: Verdict<E>) -> bool {
    match verdict {
        Verdict::Pass => false,
        Verdict::Swallow => true,
        Verdict::Replace(other) => {
            *error = other;
            false
        }
    }
}

/// Unreachable: a jump that the block does not contain.
#[cold]
pub fn no_jump<R>() -> R {
    unreachable!("festoon: the body of this `with!` has no such jump")
}
