//! Context managers: they are entered, and exited exactly once with the outcome of their scope.
//!
//! In: managers, and how their scope ended. Out: their values, and the outcome after all exits. Open this file first, the
//! traits; `exit.rs` and `ending.rs` have the rules that all forms share.

mod async_stack;
mod chain;
mod ending;
mod exit;
pub(crate) mod generator;
mod guard;
mod owned;
mod scope;
mod scope_async;
mod stack;

use std::future::Future;

pub use async_stack::AsyncExitStack;
pub use chain::{Chain, rolled_back};
pub(crate) use exit::{told, told_async};
pub use guard::Guard;
pub use guard::{AsyncHeld, hold, hold_async, hold_in_future};
pub use stack::ExitStack;

use crate::Outcome;
use crate::unwinding::report;

/// What an exit does with the error of its scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict<E> {
    /// The error is returned to the caller.
    Pass,
    /// The error is swallowed. This needs the exit's `MAY_SWALLOW`; without it, the error passes.
    Swallow,
    /// This error is returned instead, even if there was none.
    Replace(E),
}

/// Something that can be entered: a file to open, a connection to take from a pool.
///
/// Entering returns a value of another type, so that nothing can be exited before it was entered. Something that needs
/// no entering, or whose entering cannot fail, only has to be an [`Exit`].
///
/// ```
/// use festoon::{Exit, Manager, Outcome, Verdict};
/// use std::io;
///
/// struct Open<'a>(&'a str);
///
/// struct Opened(Vec<String>);
///
/// impl Manager for Open<'_> {
///     type Active = Opened;
///     type EnterError = io::Error;
///
///     fn enter(self) -> io::Result<Opened> {
///         if self.0.is_empty() { Err(io::Error::other("no name")) } else { Ok(Opened(vec![self.0.to_owned()])) }
///     }
/// }
///
/// impl<E> Exit<E> for Opened {
///     fn exit(self, how: Outcome<'_, E>) -> Result<Verdict<E>, E> {
///         assert_eq!((self.0.join(" "), how.name()), ("log a b".to_owned(), "success"));
///         Ok(Verdict::Pass)
///     }
/// }
///
/// let lines = Open("log").scope(|log| {
///     log.0.extend(["a".to_owned(), "b".to_owned()]);
///     io::Result::Ok(log.0.len())
/// });
/// assert_eq!(lines.unwrap(), 3);
/// assert!(Open("").scope(|_| io::Result::Ok(())).is_err());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a context manager",
    label = "it cannot be entered",
    note = "implement `festoon::Manager` for it; or, if it needs no entering, implement `festoon::Exit`, and as a field \
            mark it with `#[managed(entered)]`",
    note = "if it is entered with `.await`, mark it with `#[managed(async)]`"
)]
pub trait Manager: Sized {
    /// The entered value that the scope works with. It implements [`Exit`].
    type Active;
    /// The error of entering.
    type EnterError;

    /// Enters it. If this fails, it has to release what it has already acquired: the exit does not run.
    ///
    /// # Errors
    ///
    /// Those of the manager.
    fn enter(self) -> Result<Self::Active, Self::EnterError>;

    /// Enters it, runs the body and exits with the body's outcome: an `Ok`, an `Err` or a panic.
    ///
    /// # Errors
    ///
    /// The body's error, unless the exit replaces it; the exit's error, if the body succeeded; or the error of
    /// entering.
    fn scope<R, E>(self, body: impl FnOnce(&mut Self::Active) -> Result<R, E>) -> Result<R, E>
    where
        Self::Active: Exit<E>,
        E: From<Self::EnterError>,
    {
        scope::passing(self.enter()?, body)
    }

    /// Like [`scope`](Self::scope), for an exit that may swallow the error; returns `None` if it did.
    ///
    /// # Errors
    ///
    /// Like [`scope`](Self::scope).
    fn scope_opt<R, E>(self, body: impl FnOnce(&mut Self::Active) -> Result<R, E>) -> Result<Option<R>, E>
    where
        Self::Active: Exit<E>,
        E: From<Self::EnterError>,
    {
        scope::swallowing(self.enter()?, body)
    }
}

/// Something that has been entered, and can be exited. `E` is the type of the error that it receives.
///
/// `exit` takes `self`, so it cannot run more than once, or before entering.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a context manager for a scope with the error type `{E}`",
    label = "it implements neither `Manager` nor this `Exit`",
    note = "implement `festoon::Manager` with an `Active` that implements `festoon::Exit<{E}>`; or only the latter, if it \
            needs no entering; or derive `festoon::Guard`"
)]
pub trait Exit<E>: Sized {
    /// May it return [`Verdict::Swallow`]? If so, only functions that can do without a value accept it, such as
    /// `scope_opt`.
    const MAY_SWALLOW: bool = false;

    /// Exits it. It may change the error in place.
    ///
    /// # Errors
    ///
    /// If the scope succeeded, it returns this error; if it failed, this error is passed to
    /// [`suppressed`](Self::suppressed).
    fn exit(self, how: Outcome<'_, E>) -> Result<Verdict<E>, E>;

    /// Called when the scope failed, its error is returned to the caller, and then the exit failed too. Store the
    /// second error in the first if your error type has a place for it; by default it is logged as a `tracing` event.
    fn suppressed(error: &mut E, cleanup: E) {
        let _ = (error, cleanup);
        report(std::any::type_name::<Self>(), "it failed after its scope, whose error is the one that is returned");
    }

    /// Runs the body and exits with its outcome: an `Ok`, an `Err` or a panic.
    ///
    /// # Errors
    ///
    /// The body's error, unless the exit replaces it; the exit's error, if the body succeeded.
    fn scope<R>(self, body: impl FnOnce(&mut Self) -> Result<R, E>) -> Result<R, E> {
        scope::passing(self, body)
    }

    /// Like [`scope`](Self::scope), for an exit that may swallow the error; returns `None` if it did.
    ///
    /// # Errors
    ///
    /// Like [`scope`](Self::scope).
    fn scope_opt<R>(self, body: impl FnOnce(&mut Self) -> Result<R, E>) -> Result<Option<R>, E> {
        scope::swallowing(self, body)
    }

    /// Like [`scope`](Self::scope), for an async body. If the future is dropped, at any time after this function was
    /// called, the exit receives [`Outcome::Cancelled`].
    ///
    /// # Errors
    ///
    /// Like [`scope`](Self::scope).
    fn scope_async<R>(self, body: impl AsyncFnOnce(&mut Self) -> Result<R, E>) -> impl Future<Output = Result<R, E>> {
        scope_async::passing(scope_async::Now::new(self), body)
    }
}

/// Like [`Manager`], entered with `.await`.
///
/// The future of `enter` may be dropped at any of its `.await`s: hold what it has acquired until then in values that
/// release it on `drop`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an async context manager",
    label = "it cannot be entered with `.await`",
    note = "implement `festoon::AsyncManager` for it; or, if it is a `festoon::Manager`, leave out `async`"
)]
pub trait AsyncManager: Sized {
    /// The entered value that the scope works with. It implements [`AsyncExit`].
    type Active;
    /// The error of entering.
    type EnterError;

    /// Enters it.
    fn enter(self) -> impl Future<Output = Result<Self::Active, Self::EnterError>> + Send;

    /// Enters it, runs the body and exits with the body's outcome: an `Ok`, an `Err` or a panic. If the future is
    /// dropped during the body, [`cancelled`](AsyncExit::cancelled) is called.
    ///
    /// # Errors
    ///
    /// The body's error, unless the exit replaces it; the exit's error, if the body succeeded; or the error of
    /// entering.
    fn scope_async<R, E>(
        self,
        body: impl AsyncFnOnce(&mut Self::Active) -> Result<R, E>,
    ) -> impl Future<Output = Result<R, E>>
    where
        Self::Active: AsyncExit<E>,
        E: From<Self::EnterError> + Send,
    {
        async { scope_async::passing(scope_async::Later::new(self.enter().await?), body).await }
    }
}

/// Like [`Exit`], with an exit that awaits.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an async context manager for a scope with the error type `{E}`",
    label = "it implements neither `AsyncManager` nor this `AsyncExit`",
    note = "implement `festoon::AsyncExit<{E}>` for it; or, if it implements `festoon::Exit<{E}>`, leave out `async`"
)]
pub trait AsyncExit<E: Send>: Sized {
    /// Like [`Exit::MAY_SWALLOW`].
    const MAY_SWALLOW: bool = false;

    /// Exits it. If this future is dropped, the exit has started, and is not started again.
    fn exit(self, how: Outcome<'_, E>) -> impl Future<Output = Result<Verdict<E>, E>> + Send;

    /// Called instead of `exit` when the future of the scope is dropped and nothing can be awaited: release what can be
    /// released at once, or hand the work to a task. By default, `self` is dropped.
    fn cancelled(self) {}

    /// Like [`Exit::suppressed`].
    fn suppressed(error: &mut E, cleanup: E) {
        let _ = (error, cleanup);
        report(std::any::type_name::<Self>(), "it failed after its scope, whose error is the one that is returned");
    }
}
