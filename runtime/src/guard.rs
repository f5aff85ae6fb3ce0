//! The functions that `#[derive(Guard)]` calls: an exit that runs exactly once, however the scope ends.

use std::any::{Any, type_name};
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::unwinding::{self, report};
use crate::{Outcome, OutcomeKind, Verdict};

/// The error type of guards without `error = E`: there is none.
#[derive(Debug)]
pub enum NoError {}

/// Records when a guard was created, for `#[guard(entered = field)]`.
///
/// A guard that is created and dropped inside a destructor, while the thread unwinds, has not seen a panic of its own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Entered {
    is_unwound: bool,
}

impl Entered {
    /// Records the current state of the thread.
    #[inline]
    pub fn now() -> Self {
        Entered { is_unwound: std::thread::panicking() }
    }

    /// The end of its guard.
    #[doc(hidden)]
    #[inline]
    pub fn dropped<'e, E>(&self) -> Ending<'e, E> {
        Ending::Dropped { is_unwound: self.is_unwound }
    }
}

impl Default for Entered {
    #[inline]
    fn default() -> Self {
        Entered::now()
    }
}

/// How the scope ended. An exit that does not ask for it does not pay for it.
#[derive(Debug)]
pub enum Ending<'e, E> {
    /// By `drop`. A guard that was created during unwinding has not seen a panic of its own.
    Dropped {
        /// Was it created during unwinding?
        is_unwound: bool,
    },
    /// By `finish`.
    Told(OutcomeKind),
    /// With `Ok`, and a place for the exit's own error.
    Ok(&'e mut Option<E>),
    /// With `Err`.
    Error(&'e mut E),
    /// With a panic that was caught.
    Panic(&'e mut (dyn Any + Send)),
}

impl<E> Ending<'_, E> {
    #[inline]
    fn kind(&self) -> OutcomeKind {
        match self {
            Ending::Dropped { is_unwound: true } => OutcomeKind::Dropped,
            Ending::Dropped { is_unwound: false } => OutcomeKind::in_drop(),
            Ending::Told(kind) => *kind,
            Ending::Ok(_) => OutcomeKind::Success,
            Ending::Error(_) => OutcomeKind::Error,
            Ending::Panic(_) => OutcomeKind::Panic,
        }
    }

    /// If only the kind is known, an error becomes `Dropped`.
    #[inline]
    fn outcome(&mut self) -> Outcome<'_, E> {
        match (self.kind(), self) {
            (_, Ending::Error(error)) => Outcome::Error(error),
            (_, Ending::Panic(payload)) => Outcome::Panic(Some(*payload)),
            (OutcomeKind::Success, _) => Outcome::Success,
            (OutcomeKind::Panic, _) => Outcome::Panic(None),
            (OutcomeKind::Cancelled, _) => Outcome::Cancelled,
            (OutcomeKind::Error | OutcomeKind::Dropped, _) => Outcome::Dropped,
        }
    }

    /// Handles an error of the exit itself; it is logged if it cannot be returned.
    #[cold]
    fn failed<G>(self, error: impl Display + Into<E>) {
        match self {
            Ending::Ok(place) => *place = Some(error.into()),
            _ => report(type_name::<G>(), &format!("{error:#}")),
        }
    }
}

/// An exit method in any of its forms; `Form` distinguishes them by type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an exit of `{Guard}`",
    label = "not an exit",
    note = "an exit is `fn(&mut self)` or `fn(&mut self, how: OutcomeKind)`, or, with the option `error = E`, \
            `fn(&mut self, how: Outcome<'_, E>)`",
    note = "it returns nothing, or, with `error = E`, nothing or `Result<(), E>`; it cannot be async: `drop` cannot await"
)]
pub trait Exit<Guard, E, Form> {
    /// Calls it.
    fn call(self, guard: &mut Guard, how: Ending<'_, E>);
    /// Calls it in `drop`, with the outcome if there is a panic.
    fn dropped(self, guard: &mut Guard, unwinding: OutcomeKind);
}

impl<G, E, R: Returned<E>, F: FnOnce(&mut G) -> R> Exit<G, E, fn(&mut G) -> R> for F {
    #[inline]
    fn call(self, guard: &mut G, how: Ending<'_, E>) {
        self(guard).returned::<G>(how);
    }

    #[inline]
    fn dropped(self, guard: &mut G, _: OutcomeKind) {
        dropped(guard, |guard| self.call(guard, Ending::Told(OutcomeKind::Dropped)));
    }
}

impl<G, E, R: Returned<E>, F: FnOnce(&mut G, OutcomeKind) -> R> Exit<G, E, fn(&mut G, OutcomeKind) -> R> for F {
    #[inline]
    fn call(self, guard: &mut G, how: Ending<'_, E>) {
        self(guard, how.kind()).returned::<G>(how);
    }

    #[inline]
    fn dropped(self, guard: &mut G, unwinding: OutcomeKind) {
        dropped_asking(guard, unwinding, |guard, how| self.call(guard, Ending::Told(how)));
    }
}

impl<G, E, R, F> Exit<G, E, fn(&mut G, Outcome<'_, E>) -> R> for F
where
    R: Returned<E>,
    F: FnOnce(&mut G, Outcome<'_, E>) -> R,
{
    #[inline]
    fn call(self, guard: &mut G, mut how: Ending<'_, E>) {
        self(guard, how.outcome()).returned::<G>(how);
    }

    #[inline]
    fn dropped(self, guard: &mut G, unwinding: OutcomeKind) {
        dropped_asking(guard, unwinding, |guard, how| self.call(guard, Ending::Told(how)));
    }
}

/// The types that an exit may return.
pub trait Returned<E> {
    /// Passes its error on, if there is one.
    fn returned<G>(self, how: Ending<'_, E>);
}

impl<E> Returned<E> for () {
    #[inline]
    fn returned<G>(self, _: Ending<'_, E>) {}
}

impl<E, X: Display + Into<E>> Returned<E> for Result<(), X> {
    #[inline]
    fn returned<G>(self, how: Ending<'_, E>) {
        if let Err(error) = self {
            how.failed::<G>(error);
        }
    }
}

/// The user's exit, whatever its form.
#[inline]
pub fn exit<G, E, Form>(guard: &mut G, how: Ending<'_, E>, exit: impl Exit<G, E, Form>) {
    match how {
        Ending::Dropped { is_unwound: true } => exit.dropped(guard, OutcomeKind::Dropped),
        Ending::Dropped { is_unwound: false } => exit.dropped(guard, OutcomeKind::Panic),
        how => exit.call(guard, how),
    }
}

/// An exit in `drop` that does not take the outcome. The landing pad costs nothing as long as the exit does not panic.
#[inline]
fn dropped<G>(guard: &mut G, exit: impl FnOnce(&mut G)) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| exit(guard))) {
        panicked(panic, type_name::<G>);
    }
}

/// An exit in `drop` that takes the outcome: its panic has to be caught only during unwinding.
#[inline]
fn dropped_asking<G>(guard: &mut G, how: OutcomeKind, exit: impl FnOnce(&mut G, OutcomeKind)) {
    #[cold]
    #[inline(never)]
    fn unwinding<G>(guard: &mut G, how: OutcomeKind, exit: impl FnOnce(&mut G, OutcomeKind)) {
        dropped(guard, |guard| exit(guard, how));
    }

    if std::thread::panicking() { unwinding(guard, how, exit) } else { exit(guard, OutcomeKind::Dropped) }
}

/// `finish`: runs the exit now, then drops the fields, even if the exit panics.
#[inline]
pub fn finish<G, E, F>(guard: G, how: OutcomeKind, exit: impl FnOnce(&mut G, Ending<'_, E>), fields: fn(G) -> F) {
    release(guard, fields, |guard| exit(guard, Ending::Told(how)));
}

/// `finish_with`: like [`finish`]; the exit's error replaces an `Ok`, but never the scope's own error.
#[inline]
pub fn finish_with<G, E, T, F>(
    guard: G,
    result: &mut Result<T, E>,
    exit: impl FnOnce(&mut G, Ending<'_, E>),
    fields: fn(G) -> F,
) {
    if let Err(error) = told(guard, Outcome::of(result), exit, fields) {
        *result = Err(error);
    }
}

/// Runs the exit of any scope, with `error = E`.
///
/// # Errors
///
/// The exit's error, if the scope had none.
#[inline]
pub fn told<G, E, F>(
    guard: G,
    how: Outcome<'_, E>,
    exit: impl FnOnce(&mut G, Ending<'_, E>),
    fields: fn(G) -> F,
) -> Result<Verdict<E>, E> {
    let mut failure = None;
    let ending = match how {
        Outcome::Success => Ending::Ok(&mut failure),
        Outcome::Error(error) => Ending::Error(error),
        Outcome::Panic(Some(payload)) => Ending::Panic(payload),
        how => Ending::Told(how.kind()),
    };
    release(guard, fields, |guard| exit(guard, ending));
    failure.map_or(Ok(Verdict::Pass), Err)
}

/// The same without `error = E`, for scopes of any error.
#[inline]
#[allow(clippy::missing_errors_doc, reason = "it has none")]
pub fn told_kind<G, E, F>(
    guard: G,
    how: &Outcome<'_, E>,
    exit: impl FnOnce(&mut G, Ending<'_, NoError>),
    fields: fn(G) -> F,
) -> Result<Verdict<E>, E> {
    release(guard, fields, |guard| exit(guard, Ending::Told(how.kind())));
    Ok(Verdict::Pass)
}

/// `Ok` or `Err`.
#[inline]
pub fn kind_of<T, E>(result: &Result<T, E>) -> OutcomeKind {
    if result.is_ok() { OutcomeKind::Success } else { OutcomeKind::Error }
}

/// Uses a guard and then takes it apart, so that its fields are dropped but its own `drop` does not run, even after a
/// panic.
#[inline]
fn release<G, F>(guard: G, fields: fn(G) -> F, end: impl FnOnce(&mut G)) {
    struct Release<G, F>(Option<G>, fn(G) -> F);

    impl<G, F> Drop for Release<G, F> {
        #[inline]
        fn drop(&mut self) {
            drop(self.0.take().map(self.1));
        }
    }

    let mut release = Release(Some(guard), fields);
    release.0.as_mut().map(end);
}

/// A second panic during unwinding would abort the process: it is logged instead.
#[cold]
#[inline(never)]
fn panicked(panic: Box<dyn Any + Send>, guard: fn() -> &'static str) {
    if !std::thread::panicking() {
        resume_unwind(panic);
    }
    let text = format!("panicked: {}", unwinding::text(&*panic));
    unwinding::swallow(|| drop(panic));
    unwinding::swallow(|| report(guard(), &text));
}
