//! The error of a call that a policy refuses.

use std::fmt::{Display, Formatter};
use std::time::Duration;

use crate::clock;

/// A policy refused a call: the body did not run.
///
/// It is converted into the function's error type: write `impl From<Refused> for ShopError`. `anyhow::Error`,
/// `Box<dyn Error>` and `io::Error` (`ErrorKind::ResourceBusy`) accept it already; if the function returns an `Option`,
/// the call returns `None`.
///
/// ```
/// use festoon::{Decorated, Refused, circuit_breaker};
///
/// #[derive(Debug)]
/// enum ShopError {
///     Refused(Refused),
///     Down,
/// }
///
/// impl From<Refused> for ShopError {
///     fn from(refused: Refused) -> Self {
///         ShopError::Refused(refused)
///     }
/// }
///
/// #[circuit_breaker(minimum = 2, open_for = 30s)]
/// fn price(sku: &str) -> Result<u32, ShopError> {
///     Err(ShopError::Down)
/// }
///
/// # let _clock = festoon::testing::clock();
/// let _ = (price("tea"), price("tea"));
/// let Err(ShopError::Refused(refused)) = price("tea") else { panic!("the breaker is open") };
/// assert_eq!(refused.policy(), "circuit_breaker");
/// assert_eq!(refused.retry_after().unwrap().as_secs(), 30);
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    policy: &'static str,
    reason: Reason,
    /// In ticks: most refusals are never asked for the duration.
    wait: Option<u64>,
}

/// Why a call was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// Too many calls failed or were slow: the circuit breaker is open.
    Open,
    /// The circuit breaker was forced open.
    ForcedOpen,
    /// The circuit breaker is half open, and all of its probes are in progress.
    Probing,
    /// The rate limit is exhausted.
    TooMany,
    /// The bulkhead and its queue are full.
    Full,
    /// The call waited for its turn as long as it may.
    WaitedTooLong,
}

impl Refused {
    pub(crate) fn new(policy: &'static str, reason: Reason, wait: Option<u64>) -> Self {
        Refused { policy, reason, wait }
    }

    /// Returns which policy refused it: `"circuit_breaker"`, `"rate_limit"` or `"bulkhead"`.
    pub fn policy(&self) -> &'static str {
        self.policy
    }

    /// Returns the reason.
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// Returns how long to wait before trying again, if that is known.
    pub fn retry_after(&self) -> Option<Duration> {
        self.wait.map(clock::duration)
    }
}

impl std::fmt::Debug for Refused {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let mut it = f.debug_struct("Refused");
        it.field("policy", &self.policy).field("reason", &self.reason).field("retry_after", &self.retry_after());
        it.finish_non_exhaustive()
    }
}

impl Display for Refused {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.reason {
            Reason::Open => "refused: the circuit breaker is open",
            Reason::ForcedOpen => "refused: the circuit breaker is forced open",
            Reason::Probing => "refused: the circuit breaker is half open, and waits for its probes",
            Reason::TooMany => "refused: the rate limit is exhausted",
            Reason::Full => "refused: the bulkhead and its queue are full",
            Reason::WaitedTooLong => "refused: the call waited too long for its turn",
        })?;
        self.retry_after().map_or(Ok(()), |wait| write!(f, "; try again in {wait:?}"))
    }
}

impl std::error::Error for Refused {}

impl From<Refused> for std::io::Error {
    fn from(refused: Refused) -> Self {
        std::io::Error::new(std::io::ErrorKind::ResourceBusy, refused)
    }
}

/// A return type that can express a refusal, and whose values show whether a call failed.
#[diagnostic::on_unimplemented(
    message = "a refused call cannot return a `{Self}`",
    label = "cannot be created from a `festoon::Refused`",
    note = "write `impl From<festoon::Refused> for YourError`, or return an `Option`"
)]
pub trait Refuse {
    /// The error of a failed call.
    type Failure;

    /// The return value of a refused call.
    fn refused(refused: Refused) -> Self;

    /// The failure, if it is one.
    fn failure(&self) -> Option<&Self::Failure>;
}

#[diagnostic::do_not_recommend]
impl<T, E: From<Refused>> Refuse for Result<T, E> {
    type Failure = E;

    #[inline]
    fn refused(refused: Refused) -> Self {
        Err(refused.into())
    }

    #[inline]
    fn failure(&self) -> Option<&E> {
        self.as_ref().err()
    }
}

impl<T> Refuse for Option<T> {
    type Failure = ();

    #[inline]
    fn refused(_: Refused) -> Self {
        None
    }

    #[inline]
    fn failure(&self) -> Option<&()> {
        if self.is_none() { Some(&()) } else { None }
    }
}

/// The result of a policy that never refuses, since it waits.
#[inline]
pub fn granted<T>(admitted: Result<T, Refused>) -> T {
    admitted.unwrap_or_else(|refused| unreachable!("festoon: {refused}, by a policy that waits as long as it takes"))
}

/// Ends the call.
#[inline]
pub fn over<T>(permit: T) {
    let _over = permit;
}

/// How to refuse a call, and how to tell whether one has failed. Function pointers, so that an unsuitable type is
/// reported only once.
#[derive(Debug)]
pub struct Ends<R, E> {
    pub refused: fn(Refused) -> R,
    pub failure: fn(&R) -> Option<&E>,
}

/// The functions for a type. The error is a parameter, since the compiler would complain of each mention of `R::Failure`.
#[inline]
pub fn ends<R: Refuse<Failure = E>, E>() -> Ends<R, E> {
    Ends { refused: R::refused, failure: R::failure }
}
