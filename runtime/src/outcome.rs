//! How a call or a scope ended.

use std::any::Any;

/// How a call or a scope ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OutcomeKind {
    /// It ended normally; for a `Result`, with `Ok`.
    Success,
    /// It gave an `Err`.
    Error,
    /// It panicked.
    Panic,
    /// Its future was dropped before it was done.
    Cancelled,
    /// A guard was dropped, and nobody said how its scope ended.
    Dropped,
}

impl OutcomeKind {
    /// `"success"`, `"error"`, `"panic"`, `"cancelled"` or `"dropped"`.
    pub const fn name(self) -> &'static str {
        match self {
            OutcomeKind::Success => "success",
            OutcomeKind::Error => "error",
            OutcomeKind::Panic => "panic",
            OutcomeKind::Cancelled => "cancelled",
            OutcomeKind::Dropped => "dropped",
        }
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

/// How a scope ended, with what can be changed about it: the error, or the payload of the panic.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome<'a, E: ?Sized> {
    /// It ended normally.
    Success,
    /// It ended with this error, which the exit may amend in place.
    Error(&'a mut E),
    /// It panicked. The payload is there where the panic was caught, not in a `drop`.
    Panic(Option<&'a mut (dyn Any + Send)>),
    /// Its future was dropped before it was done.
    Cancelled,
    /// A guard was dropped, and nobody said how its scope ended.
    Dropped,
}

impl<E: ?Sized> Outcome<'_, E> {
    /// The kind, without the error.
    pub fn kind(&self) -> OutcomeKind {
        match self {
            Outcome::Success => OutcomeKind::Success,
            Outcome::Error(_) => OutcomeKind::Error,
            Outcome::Panic(_) => OutcomeKind::Panic,
            Outcome::Cancelled => OutcomeKind::Cancelled,
            Outcome::Dropped => OutcomeKind::Dropped,
        }
    }

    /// As [`OutcomeKind::name`].
    pub fn name(&self) -> &'static str {
        self.kind().name()
    }

    /// Did it end normally?
    pub fn is_success(&self) -> bool {
        matches!(self, Outcome::Success)
    }
}

/// Asks a value how its call ended, by type and not by spelling: the inherent method of a `Result` comes before the
/// trait's, which all types have.
pub struct Probe<'v, T>(pub &'v T);

impl<T, E> Probe<'_, Result<T, E>> {
    /// `Ok` or `Err`.
    #[inline]
    pub fn kind(&self) -> OutcomeKind {
        if self.0.is_ok() { OutcomeKind::Success } else { OutcomeKind::Error }
    }
}

/// What a [`Probe`] says of every other type.
pub trait Infallible {
    /// Whoever returns, succeeds.
    #[inline]
    fn kind(&self) -> OutcomeKind {
        OutcomeKind::Success
    }
}

impl<T> Infallible for Probe<'_, T> {}

/// For types that are known to be no `Result`.
#[inline]
pub fn success<T>(_: &T) -> OutcomeKind {
    OutcomeKind::Success
}
