//! How a call or a scope ended.

use std::any::Any;

/// How a call or a scope ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OutcomeKind {
    /// It completed; for a `Result`, with `Ok`.
    Success,
    /// It returned an `Err`.
    Error,
    /// It panicked.
    Panic,
    /// Its future was dropped before it completed.
    Cancelled,
    /// A guard was dropped without being told how its scope ended.
    Dropped,
}

impl OutcomeKind {
    /// Returns `"success"`, `"error"`, `"panic"`, `"cancelled"` or `"dropped"`.
    pub const fn name(self) -> &'static str {
        match self {
            OutcomeKind::Success => "success",
            OutcomeKind::Error => "error",
            OutcomeKind::Panic => "panic",
            OutcomeKind::Cancelled => "cancelled",
            OutcomeKind::Dropped => "dropped",
        }
    }

    /// Did it end normally?
    pub const fn is_success(self) -> bool {
        matches!(self, OutcomeKind::Success)
    }

    /// `Panic` while this thread is unwinding, else `Dropped`: all that a guard can know in its `drop`.
    #[inline]
    pub(crate) fn in_drop() -> Self {
        if std::thread::panicking() { OutcomeKind::Panic } else { OutcomeKind::Dropped }
    }
}

impl std::fmt::Display for OutcomeKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

/// How a scope ended, with mutable access to the error or the payload of the panic.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome<'a, E: ?Sized> {
    /// It completed successfully.
    Success,
    /// It ended with this error, which the exit may change in place.
    Error(&'a mut E),
    /// It panicked. The payload is available if the panic was caught, but not in a `drop`.
    Panic(Option<&'a mut (dyn Any + Send)>),
    /// Its future was dropped before it completed.
    Cancelled,
    /// A guard was dropped without being told how its scope ended.
    Dropped,
}

impl<E: ?Sized> Outcome<'_, E> {
    /// Returns the kind, without the error.
    pub fn kind(&self) -> OutcomeKind {
        match self {
            Outcome::Success => OutcomeKind::Success,
            Outcome::Error(_) => OutcomeKind::Error,
            Outcome::Panic(_) => OutcomeKind::Panic,
            Outcome::Cancelled => OutcomeKind::Cancelled,
            Outcome::Dropped => OutcomeKind::Dropped,
        }
    }

    /// Like [`OutcomeKind::name`].
    pub fn name(&self) -> &'static str {
        self.kind().name()
    }

    /// Returns whether it completed successfully.
    pub fn is_success(&self) -> bool {
        matches!(self, Outcome::Success)
    }
}

/// Finds out from a value how its call ended, by type and not by spelling: the inherent method of a `Result` takes
/// precedence over the trait's, which all types have.
pub struct Probe<'v, T>(pub &'v T);

impl<T, E> Probe<'_, Result<T, E>> {
    /// `Ok` or `Err`.
    #[inline]
    pub fn kind(&self) -> OutcomeKind {
        if self.0.is_ok() { OutcomeKind::Success } else { OutcomeKind::Error }
    }
}

/// The fallback of a [`Probe`] for all other types.
pub trait Infallible {
    /// Every return is a success.
    #[inline]
    fn kind(&self) -> OutcomeKind {
        OutcomeKind::Success
    }
}

impl<T> Infallible for Probe<'_, T> {}

/// For types that are known not to be a `Result`.
#[inline]
pub fn success<T>(_: &T) -> OutcomeKind {
    OutcomeKind::Success
}
