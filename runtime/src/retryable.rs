//! Errors that know whether another attempt makes sense.

#[cfg(feature = "reqwest")]
mod reqwest;
#[cfg(feature = "sqlx")]
mod sqlx;
#[cfg(feature = "tonic")]
mod tonic;

use std::io::{self, ErrorKind};
use std::time::Duration;

/// What an error says about another attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Advice {
    /// It would fail again.
    Never,
    /// It may succeed.
    Transient,
    /// It may succeed after this time: a server's `Retry-After`.
    After(Duration),
}

/// An error that knows whether another attempt makes sense. `#[retry]` asks it if there is no `when`, and
/// `#[derive(Retryable)]` implements it:
///
/// ```
/// use festoon::{Retryable, retry};
/// use std::time::Duration;
///
/// #[derive(Debug, Retryable)]
/// enum ShopError {
///     #[retry(never)]
///     UnknownSku(String),
///     #[retry(transient)]
///     Busy,
///     #[retry(after = pause)]
///     Limited { pause: Duration },
///     #[retry(source)]
///     Io(std::io::Error),
/// }
///
/// #[retry(attempts = 3)]
/// fn price(sku: &str) -> Result<u32, ShopError> {
///     Err(ShopError::UnknownSku(sku.to_owned()))
/// }
///
/// # let clock = festoon::testing::clock();
/// assert!(price("x").is_err()); // at once
/// # assert!(clock.sleeps().is_empty());
/// ```
#[diagnostic::on_unimplemented(
    message = "a `{Self}` does not say whether another attempt makes sense",
    label = "not `Retryable`",
    note = "derive `festoon::Retryable` for it, or write `#[retry(transient)]` or `#[retry(never)]` here"
)]
pub trait Retryable {
    /// Returns whether another attempt makes sense, and when.
    fn advice(&self) -> Advice;
}

impl<E: Retryable + ?Sized> Retryable for &E {
    fn advice(&self) -> Advice {
        (**self).advice()
    }
}

impl<E: Retryable + ?Sized> Retryable for Box<E> {
    fn advice(&self) -> Advice {
        (**self).advice()
    }
}

/// The kinds that std documents as temporary: an operation that was interrupted, would block, timed out, or lost its
/// connection.
impl Retryable for io::Error {
    fn advice(&self) -> Advice {
        match self.kind() {
            ErrorKind::Interrupted
            | ErrorKind::WouldBlock
            | ErrorKind::TimedOut
            | ErrorKind::ConnectionRefused
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::NotConnected
            | ErrorKind::BrokenPipe
            | ErrorKind::UnexpectedEof
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkUnreachable
            | ErrorKind::NetworkDown
            | ErrorKind::ResourceBusy
            // An error of another library, about which nothing is known.
            | ErrorKind::Other => Advice::Transient,
            _ => Advice::Never,
        }
    }
}

/// As the library decides: errors of the connection, or of a server that asks to try again.
#[cfg(feature = "redis")]
#[cfg_attr(docsrs, doc(cfg(feature = "redis")))]
impl Retryable for redis::RedisError {
    fn advice(&self) -> Advice {
        match self.retry_method() {
            redis::RetryMethod::NoRetry => Advice::Never,
            _ => Advice::Transient,
        }
    }
}

/// The type of a `#[retry(after = ..)]` field.
#[diagnostic::on_unimplemented(
    message = "`#[retry(after = ..)]` needs a duration, but this field is a `{Self}`",
    label = "neither a `Duration` nor an `Option<Duration>`"
)]
pub trait Pause {
    /// How long to wait, if the field contains a duration.
    fn pause(&self) -> Option<Duration>;
}

impl Pause for Duration {
    fn pause(&self) -> Option<Duration> {
        Some(*self)
    }
}

impl Pause for Option<Duration> {
    fn pause(&self) -> Option<Duration> {
        *self
    }
}

/// The advice of such a field.
pub fn after(field: &impl Pause) -> Advice {
    field.pause().map_or(Advice::Transient, Advice::After)
}
