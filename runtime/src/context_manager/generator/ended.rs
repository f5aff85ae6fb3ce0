//! The return values of a generator's body.

use std::convert::Infallible;

use crate::Verdict;

/// The value of a body that has yielded: only what it received from the yield proves that.
#[derive(Debug)]
pub struct Done<V>(V);

/// What a body returns, for a body that yields: `()`, a [`Verdict`], or a `Result` of one of them.
pub trait Returned {
    /// The same, with the proof.
    type Done;

    /// Adds the proof.
    fn done(self) -> Self::Done;
}

impl Returned for () {
    type Done = Done<()>;

    fn done(self) -> Done<()> {
        Done(())
    }
}

impl<E> Returned for Verdict<E> {
    type Done = Done<Verdict<E>>;

    fn done(self) -> Done<Verdict<E>> {
        Done(self)
    }
}

impl<V, X> Returned for Result<V, X> {
    type Done = Result<Done<V>, X>;

    fn done(self) -> Result<Done<V>, X> {
        self.map(Done)
    }
}

/// A `return` after the `yield_!`, and the end of the body.
pub fn done<R: Returned, H>(value: R, _told: H) -> R::Done {
    value.done()
}

/// A `return` before the `yield_!`, which has to be an error.
///
/// # Errors
///
/// The same error.
pub fn refused<V, X>(value: Result<Infallible, X>) -> Result<Done<V>, X> {
    let Err(error) = value;
    Err(error)
}

/// The result of a finished body.
pub trait Ended {
    /// Why it could not enter, or failed to exit.
    type Error;
    /// The result of entering.
    type Entered<T>;

    /// Without a verdict.
    #[allow(clippy::missing_errors_doc, reason = "part of the body")]
    fn result(self) -> Result<(), Self::Error>;
    /// The result of entering: it waits in its `yield_!`, or has already ended.
    fn entered<T>(entered: Result<T, Self::Error>) -> Self::Entered<T>;
}

impl<V> Ended for Done<V> {
    type Error = Infallible;
    type Entered<T> = T;

    fn result(self) -> Result<(), Infallible> {
        Ok(())
    }

    fn entered<T>(entered: Result<T, Infallible>) -> T {
        let Ok(entered) = entered;
        entered
    }
}

impl<V, X> Ended for Result<Done<V>, X> {
    type Error = X;
    type Entered<T> = Result<T, X>;

    fn result(self) -> Result<(), X> {
        self.map(|_| ())
    }

    fn entered<T>(entered: Result<T, X>) -> Result<T, X> {
        entered
    }
}

/// What the end of a body means for a scope with the error type `E`.
pub trait Settles<E>: Ended {
    /// Like `Exit::MAY_SWALLOW`.
    const MAY_SWALLOW: bool;

    /// The error of entering.
    fn error(error: Self::Error) -> E;
    /// The result of the exit.
    #[allow(clippy::missing_errors_doc, reason = "part of the body")]
    fn verdict(self) -> Result<Verdict<E>, E>;
}

impl<E, V: Judges<E>> Settles<E> for Done<V> {
    const MAY_SWALLOW: bool = V::MAY_SWALLOW;

    fn error(error: Infallible) -> E {
        match error {}
    }

    fn verdict(self) -> Result<Verdict<E>, E> {
        Ok(self.0.verdict())
    }
}

impl<E: From<X>, V: Judges<E>, X> Settles<E> for Result<Done<V>, X> {
    const MAY_SWALLOW: bool = V::MAY_SWALLOW;

    fn error(error: X) -> E {
        error.into()
    }

    fn verdict(self) -> Result<Verdict<E>, E> {
        self.map(|done| done.0.verdict()).map_err(E::from)
    }
}

/// The body's verdict on the error of its scope.
#[diagnostic::on_unimplemented(
    message = "a context manager cannot end with a `{Self}`",
    label = "not a verdict on a `{E}`",
    note = "it may end with `()`, or, with the option `error = E`, with a `festoon::Verdict<E>`; in a function that returns a \
            `Result`, with one of them in `Ok`"
)]
pub trait Judges<E> {
    /// Like `Exit::MAY_SWALLOW`.
    const MAY_SWALLOW: bool;

    /// Its verdict.
    fn verdict(self) -> Verdict<E>;
}

impl<E> Judges<E> for () {
    const MAY_SWALLOW: bool = false;

    fn verdict(self) -> Verdict<E> {
        Verdict::Pass
    }
}

impl<E> Judges<E> for Verdict<E> {
    const MAY_SWALLOW: bool = true;

    fn verdict(self) -> Verdict<E> {
        self
    }
}
