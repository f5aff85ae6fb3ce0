//! `?` in the block of `with!`: the types it can be applied to, and those it can return.

use std::convert::Infallible;
use std::ops::ControlFlow;
use std::task::Poll;

/// The types that `?` can be applied to.
#[diagnostic::on_unimplemented(
    message = "`?` cannot be used on a `{Self}` within `with!`",
    note = "it needs a `Result`, an `Option`, a `ControlFlow` or a `Poll<Result>`"
)]
pub trait Branch {
    type Value;
    type Residual;
    fn branch(self) -> ControlFlow<Self::Residual, Self::Value>;
}

impl<T, E> Branch for Result<T, E> {
    type Value = T;
    type Residual = Result<Infallible, E>;

    #[inline]
    fn branch(self) -> ControlFlow<Self::Residual, T> {
        match self {
            Ok(value) => ControlFlow::Continue(value),
            Err(error) => ControlFlow::Break(Err(error)),
        }
    }
}

impl<T> Branch for Option<T> {
    type Value = T;
    type Residual = Option<Infallible>;

    #[inline]
    fn branch(self) -> ControlFlow<Self::Residual, T> {
        self.map_or(ControlFlow::Break(None), ControlFlow::Continue)
    }
}

impl<B, C> Branch for ControlFlow<B, C> {
    type Value = C;
    type Residual = ControlFlow<B, Infallible>;

    #[inline]
    fn branch(self) -> ControlFlow<Self::Residual, C> {
        match self {
            ControlFlow::Continue(value) => ControlFlow::Continue(value),
            ControlFlow::Break(value) => ControlFlow::Break(ControlFlow::Break(value)),
        }
    }
}

impl<T, E> Branch for Poll<Result<T, E>> {
    type Value = Poll<T>;
    type Residual = Result<Infallible, E>;

    #[inline]
    fn branch(self) -> ControlFlow<Self::Residual, Poll<T>> {
        match self {
            Poll::Ready(Err(error)) => ControlFlow::Break(Err(error)),
            Poll::Ready(Ok(value)) => ControlFlow::Continue(Poll::Ready(value)),
            Poll::Pending => ControlFlow::Continue(Poll::Pending),
        }
    }
}

/// The types that `?` can return.
#[diagnostic::on_unimplemented(
    message = "`?` in `with!` returns from the function around it, and that one cannot return a `{X}` as a `{Self}`",
    label = "it cannot be converted with `From`, or is of another kind"
)]
pub trait FromResidual<X> {
    fn from_residual(residual: X) -> Self;
}

impl<T, E, F: From<E>> FromResidual<Result<Infallible, E>> for Result<T, F> {
    #[inline]
    fn from_residual(residual: Result<Infallible, E>) -> Self {
        let Err(error) = residual;
        Err(error.into())
    }
}

impl<T> FromResidual<Option<Infallible>> for Option<T> {
    #[inline]
    fn from_residual(_: Option<Infallible>) -> Self {
        None
    }
}

impl<B, C> FromResidual<ControlFlow<B, Infallible>> for ControlFlow<B, C> {
    #[inline]
    fn from_residual(residual: ControlFlow<B, Infallible>) -> Self {
        let ControlFlow::Break(value) = residual;
        ControlFlow::Break(value)
    }
}

impl<T, E, F: From<E>> FromResidual<Result<Infallible, E>> for Poll<Result<T, F>> {
    #[inline]
    fn from_residual(residual: Result<Infallible, E>) -> Self {
        let Err(error) = residual;
        Poll::Ready(Err(error.into()))
    }
}

/// Implemented for this in addition to the real type, so that the compiler asks for a trait and explains it, instead of
/// inferring the only type that would fit.
#[derive(Debug)]
pub enum NoResidual {}

impl<T, E> FromResidual<NoResidual> for Result<T, E> {
    fn from_residual(residual: NoResidual) -> Self {
        match residual {}
    }
}

impl<T> FromResidual<NoResidual> for Option<T> {
    fn from_residual(residual: NoResidual) -> Self {
        match residual {}
    }
}
