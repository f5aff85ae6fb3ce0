//! Context managers: what is entered, and exited exactly once, told how its scope ended.
//!
//! In: managers, and how their scope ended. Out: their values, and the outcome after all exits. Open this file first, the
//! traits; `exit.rs` and `ending.rs` have the rules that all forms share.

mod async_stack;
mod chain;
mod ending;
mod exit;
mod guard;
mod owned;
mod scope;
mod scope_async;
mod stack;

use std::future::Future;

pub use async_stack::AsyncExitStack;
pub use chain::{Chain, cancel, rolled_back};
pub(crate) use exit::{told, told_async};
pub use guard::Guard;
pub use guard::{AsyncHeld, hold, hold_async, hold_in_future};
pub use stack::ExitStack;

use crate::Outcome;
use crate::guard::report;

/// What an exit wants done with the error of its scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict<E> {
    /// It goes on to the caller.
    Pass,
    /// It ends here. Only where the exit's `MAY_SWALLOW` is set; elsewhere it passes.
    Swallow,
    /// This one goes on instead, also where there was none.
    Replace(E),
}

/// Something that can be entered: a file to open, a connection to take from a pool.
///
/// What is entered is a type of its own, so that nothing is exited before it was entered. What needs no entering, or cannot
/// fail to, is an [`Exit`] alone.
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
    note = "implement `festoon::Manager` for it; or, if it needs no entering, `festoon::Exit`"
)]
pub trait Manager: Sized {
    /// What the scope works with. It implements [`Exit`].
    type Active;
    /// Why it cannot be entered.
    type EnterError;

    /// Enters it. Whoever fails here has to give back what it has already taken: its exit does not run.
    ///
    /// # Errors
    ///
    /// Those of the manager.
    fn enter(self) -> Result<Self::Active, Self::EnterError>;

    /// Enters it, runs the body and exits, told how the body ended: with `Ok`, an `Err` or a panic.
    ///
    /// # Errors
    ///
    /// The body's, unless the exit replaces it; else the exit's; or that of entering.
    fn scope<R, E>(self, body: impl FnOnce(&mut Self::Active) -> Result<R, E>) -> Result<R, E>
    where
        Self::Active: Exit<E>,
        E: From<Self::EnterError>,
    {
        scope::passing(self.enter()?, body)
    }

    /// As [`scope`](Self::scope), for an exit that may swallow the error: `None` when it did.
    ///
    /// # Errors
    ///
    /// As [`scope`](Self::scope).
    fn scope_opt<R, E>(self, body: impl FnOnce(&mut Self::Active) -> Result<R, E>) -> Result<Option<R>, E>
    where
        Self::Active: Exit<E>,
        E: From<Self::EnterError>,
    {
        scope::swallowing(self.enter()?, body)
    }
}

/// Something that has been entered, and can be exited. `E` is the type of the error that it is shown.
///
/// `exit` takes `self`: by construction it runs once at most, and not before entering.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no context manager of a scope whose error is `{E}`",
    label = "it implements neither `Manager` nor this `Exit`",
    note = "implement `festoon::Manager`, whose `Active` implements `festoon::Exit<{E}>`; or the latter alone, if it needs no \
            entering; or derive `festoon::Guard`"
)]
pub trait Exit<E>: Sized {
    /// May it answer [`Verdict::Swallow`]? Then only what can do without a value accepts it, as `scope_opt` does.
    const MAY_SWALLOW: bool = false;

    /// Exits it. The error may be changed in place.
    ///
    /// # Errors
    ///
    /// The scope's, if it ended well, takes this one; if it had an error of its own, [`suppressed`](Self::suppressed) does.
    fn exit(self, how: Outcome<'_, E>) -> Result<Verdict<E>, E>;

    /// The scope had an error, which goes on to the caller, and then the exit failed too. Keep the second in the first where
    /// your error type has a place for it; without that it is reported as a `tracing` event.
    fn suppressed(error: &mut E, cleanup: E) {
        let _ = (error, cleanup);
        report(std::any::type_name::<Self>(), "it failed after its scope, whose error is the one that is returned");
    }

    /// Runs the body and exits, told how the body ended: with `Ok`, an `Err` or a panic.
    ///
    /// # Errors
    ///
    /// The body's, unless the exit replaces it; else the exit's.
    fn scope<R>(self, body: impl FnOnce(&mut Self) -> Result<R, E>) -> Result<R, E> {
        scope::passing(self, body)
    }

    /// As [`scope`](Self::scope), for an exit that may swallow the error: `None` when it did.
    ///
    /// # Errors
    ///
    /// As [`scope`](Self::scope).
    fn scope_opt<R>(self, body: impl FnOnce(&mut Self) -> Result<R, E>) -> Result<Option<R>, E> {
        scope::swallowing(self, body)
    }

    /// As [`scope`](Self::scope), around an async body. When the future is dropped, from the call of this function on, the
    /// exit is told [`Outcome::Cancelled`].
    ///
    /// # Errors
    ///
    /// As [`scope`](Self::scope).
    fn scope_async<R>(self, body: impl AsyncFnOnce(&mut Self) -> Result<R, E>) -> impl Future<Output = Result<R, E>> {
        scope_async::passing(scope_async::Now::new(self), body)
    }
}

/// As [`Manager`], entered with `.await`.
///
/// The future of `enter` may be dropped at each of its `.await`s: what it has taken by then it has to hold in something that
/// gives it back on `drop`.
pub trait AsyncManager: Sized {
    /// What the scope works with. It implements [`AsyncExit`].
    type Active;
    /// Why it cannot be entered.
    type EnterError;

    /// Enters it.
    fn enter(self) -> impl Future<Output = Result<Self::Active, Self::EnterError>> + Send;

    /// Enters it, runs the body and exits, told how the body ended: with `Ok`, an `Err` or a panic. When the future is dropped
    /// within the body, [`cancelled`](AsyncExit::cancelled) is called.
    ///
    /// # Errors
    ///
    /// The body's, unless the exit replaces it; else the exit's; or that of entering.
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

/// As [`Exit`], with an exit that awaits.
pub trait AsyncExit<E: Send>: Sized {
    /// As [`Exit::MAY_SWALLOW`].
    const MAY_SWALLOW: bool = false;

    /// Exits it. When this future is dropped it has begun, and is not begun again.
    fn exit(self, how: Outcome<'_, E>) -> impl Future<Output = Result<Verdict<E>, E>> + Send;

    /// Called instead, when the future around the scope is dropped, where nothing can be awaited: give back what can be given
    /// back at once, or hand the work to a task. Without it, `self` is dropped.
    fn cancelled(self) {}

    /// As [`Exit::suppressed`].
    fn suppressed(error: &mut E, cleanup: E) {
        let _ = (error, cleanup);
        report(std::any::type_name::<Self>(), "it failed after its scope, whose error is the one that is returned");
    }
}
