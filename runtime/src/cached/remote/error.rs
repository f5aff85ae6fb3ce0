//! Errors of stores outside of the process.

use std::fmt;

/// A store outside of the process could not be reached, or returned something invalid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError {
    kind: StoreErrorKind,
    detail: String,
}

/// What kind of failure a [`StoreError`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// There is no connection, or it broke.
    Unavailable,
    /// There was no answer in time.
    TimedOut,
    /// The store rejected the command: out of memory, a wrong type, no permission.
    Refused,
    /// Another process is using the file.
    Busy,
    /// A key or a value cannot be encoded.
    Encoding,
    /// The address or the path is missing or wrong, names a file that festoon did not create, or the credentials were
    /// rejected.
    Configuration,
}

impl StoreError {
    pub(super) fn new(kind: StoreErrorKind, detail: impl Into<String>) -> Self {
        StoreError { kind, detail: detail.into() }
    }

    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            StoreErrorKind::Unavailable => "cannot be reached",
            StoreErrorKind::TimedOut => "did not answer in time",
            StoreErrorKind::Refused => "rejected the command",
            StoreErrorKind::Busy => "is in use by another process",
            StoreErrorKind::Encoding => "cannot store this",
            StoreErrorKind::Configuration => "is not set up correctly",
        };
        write!(f, "the store {what}: {}", self.detail)
    }
}

impl std::error::Error for StoreError {}

/// The return value of a function whose store failed, with `on_store_error = fail`.
#[diagnostic::on_unimplemented(
    message = "`on_store_error = fail` cannot convert a store's error into a `{Self}`",
    label = "needs a `Result` whose error is `From<festoon::cache::StoreError>`",
    note = "implement `From<festoon::cache::StoreError>` for the error, or leave `on_store_error` out: the body then \
            runs when the store fails"
)]
pub trait FromStoreError {
    /// Converts the error.
    fn from_store_error(error: StoreError) -> Self;
}

#[diagnostic::do_not_recommend]
impl<T, E: From<StoreError>> FromStoreError for Result<T, E> {
    fn from_store_error(error: StoreError) -> Self {
        Err(error.into())
    }
}

/// `on_store_error = fail`
pub fn fail<R: FromStoreError>(error: StoreError) -> Option<R> {
    Some(R::from_store_error(error))
}

/// Without it: the body runs.
pub fn open<R>(_: StoreError) -> Option<R> {
    None
}
