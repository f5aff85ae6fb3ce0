//! Context managers that are ready to use.
//!
//! The guards of `std`'s and tokio's locks, and of `RefCell`, are context managers themselves:
//! `with!(count = mutex.lock().unwrap() => { **count += 1 })`.
//!
//! A manager cannot end the block that it wraps. For a time limit, use [`Timeout::limit`](crate::Timeout::limit) around
//! an `async` block.

mod cancelled;
mod environment;
mod files;
mod guards;
#[cfg(feature = "lock-file")]
mod lock;
#[cfg(all(unix, feature = "redirect"))]
mod redirect;
mod span;
#[cfg(feature = "tokio")]
mod spawned;
#[cfg(feature = "sqlx")]
mod sqlx;
#[cfg(feature = "tempfile")]
mod tempfile;
mod transaction;

use std::ops::{Deref, DerefMut};

pub use cancelled::{NotCancelled, not_cancelled};
pub use environment::{Var, remove_var, set_var};
pub use files::{AtomicFile, CurrentDir, Replacement, SetCurrentDir, atomic_file, set_current_dir};
#[cfg(feature = "lock-file")]
pub use lock::{LockFile, LockedFile, lock_file};
#[cfg(all(unix, feature = "redirect"))]
pub use redirect::{Redirect, Redirected, redirect_stderr, redirect_stdout};
pub use span::{InSpan, span};
#[cfg(feature = "tokio")]
pub use spawned::{Spawned, drain, spawned};
#[cfg(feature = "tempfile")]
pub use tempfile::{KeptOnFailure, Persisted, kept_on_failure, persisted};
pub use transaction::{Transaction, transaction};

use crate::{Exit, Outcome, OutcomeKind, Verdict};

/// Calls a closure at the end of the scope, with its outcome.
///
/// ```
/// use festoon::Exit;
/// use festoon::managers::callback;
///
/// let mut told = None;
/// callback(|how| told = Some(how)).scope(|_| Err::<(), _>("wrong")).unwrap_err();
/// assert_eq!(told, Some(festoon::OutcomeKind::Error));
/// ```
pub fn callback<F: FnOnce(OutcomeKind)>(call: F) -> Callback<F> {
    Callback(call)
}

/// Returned by [`callback`].
#[derive(Debug)]
pub struct Callback<F>(F);

impl<F: FnOnce(OutcomeKind), E> Exit<E> for Callback<F> {
    fn exit(self, how: Outcome<'_, E>) -> Result<Verdict<E>, E> {
        (self.0)(how.kind());
        Ok(Verdict::Pass)
    }
}

/// Holds a value for the scope, and closes it at the end, whatever happens; Python's `contextlib.closing`.
///
/// ```
/// use festoon::Exit;
/// use festoon::managers::closing;
///
/// let mut closed = 0;
/// let length = closing(vec![1, 2], |list| closed = list.len()).scope(|list| {
///     list.push(3);
///     Ok::<_, String>(list.len())
/// });
/// assert_eq!((length, closed), (Ok(3), 3));
/// ```
pub fn closing<T, F: FnOnce(T)>(value: T, close: F) -> Closing<T, F> {
    Closing(value, close)
}

/// Returned by [`closing`].
#[derive(Debug)]
pub struct Closing<T, F>(T, F);

impl<T, F: FnOnce(T), E> Exit<E> for Closing<T, F> {
    fn exit(self, _: Outcome<'_, E>) -> Result<Verdict<E>, E> {
        (self.1)(self.0);
        Ok(Verdict::Pass)
    }
}

impl<T, F> Deref for Closing<T, F> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T, F> DerefMut for Closing<T, F> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

/// Holds a value for the scope, and does nothing at the end; Python's `contextlib.nullcontext`.
///
/// ```
/// use festoon::Exit;
/// use festoon::managers::nullcontext;
///
/// assert_eq!(nullcontext(5).scope(|five| Ok::<_, String>(**five + 1)), Ok(6));
/// ```
pub fn nullcontext<T>(value: T) -> NullContext<T> {
    NullContext(value)
}

/// Returned by [`nullcontext`].
#[derive(Debug, Clone, Copy)]
pub struct NullContext<T>(T);

impl<T, E> Exit<E> for NullContext<T> {
    fn exit(self, _: Outcome<'_, E>) -> Result<Verdict<E>, E> {
        Ok(Verdict::Pass)
    }
}

impl<T> Deref for NullContext<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for NullContext<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

/// Swallows the scope's error if the closure accepts it; Python's `contextlib.suppress`.
///
/// ```
/// use festoon::Exit;
/// use festoon::managers::suppress;
/// use std::io::{self, ErrorKind};
///
/// let missing = |error: &io::Error| error.kind() == ErrorKind::NotFound;
/// let text = suppress(missing).scope_opt(|_| std::fs::read_to_string("no such file"));
/// assert_eq!(text.unwrap(), None);
/// ```
pub fn suppress<E, F: FnOnce(&E) -> bool>(is_expected: F) -> Suppress<F> {
    Suppress(is_expected)
}

/// Returned by [`suppress`].
#[derive(Debug, Clone, Copy)]
pub struct Suppress<F>(F);

impl<E, F: FnOnce(&E) -> bool> Exit<E> for Suppress<F> {
    const MAY_SWALLOW: bool = true;

    fn exit(self, how: Outcome<'_, E>) -> Result<Verdict<E>, E> {
        match how {
            Outcome::Error(error) if (self.0)(error) => Ok(Verdict::Swallow),
            _ => Ok(Verdict::Pass),
        }
    }
}
