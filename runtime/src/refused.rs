//! What a call gets that a policy does not let through.

use std::fmt::{Display, Formatter};
use std::time::Duration;

use crate::clock;

/// A policy did not let a call through: its body has not run.
///
/// It becomes the error of that call, for which the function's own error type takes it: `impl From<Refused> for ShopError`.
/// `anyhow::Error`, `Box<dyn Error>` and `io::Error` (`ErrorKind::ResourceBusy`) do; where the function returns an
/// `Option`, the call gives `None`.
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
    /// In ticks: most refusals are not asked about it.
    wait: Option<u64>,
}

/// Why a call was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// Too many calls have failed or were slow: the circuit breaker is open.
    Open,
    /// Somebody has opened the circuit breaker.
    ForcedOpen,
    /// The circuit breaker is half open, and as many calls as it lets through are on their way.
    Probing,
    /// There have been as many calls as the rate limit allows.
    TooMany,
    /// As many calls are running as the bulkhead allows, and as many are waiting.
    Full,
    /// It has waited for its turn as long as it may.
    WaitedTooLong,
}

impl Refused {
    pub(crate) fn new(policy: &'static str, reason: Reason, wait: Option<u64>) -> Self {
        Refused { policy, reason, wait }
    }

    /// Who has refused it: `"circuit_breaker"`, `"rate_limit"` or `"bulkhead"`.
    pub fn policy(&self) -> &'static str {
        self.policy
    }

    /// Why.
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// When it makes sense to try again, where that is known.
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
            Reason::ForcedOpen => "refused: the circuit breaker was opened by hand",
            Reason::Probing => "refused: the circuit breaker waits for the calls that it has let through",
            Reason::TooMany => "refused: there were too many calls",
            Reason::Full => "refused: too many calls are running, and as many as may are waiting",
            Reason::WaitedTooLong => "refused: it has waited for its turn for too long",
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

/// What a call gives that was refused, and how one that was not has ended.
#[diagnostic::on_unimplemented(
    message = "a call that is refused cannot end as a `{Self}`",
    label = "this error does not come from `festoon::Refused`",
    note = "write `impl From<festoon::Refused> for YourError`, or return an `Option`"
)]
pub trait Refuse {
    /// What a failed call leaves: the error.
    type Failure;

    /// What the caller gets.
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

/// What a policy gives that never refuses: it waits.
#[inline]
pub fn granted<T>(admitted: Result<T, Refused>) -> T {
    admitted.unwrap_or_else(|refused| unreachable!("festoon: {refused}, by a policy that waits as long as it takes"))
}

/// The call is over.
#[inline]
pub fn over<T>(permit: T) {
    let _over = permit;
}

/// How a call ends that is refused, and how it is known that one has failed. Pointers, so that a type that has no way is told
/// once.
#[derive(Debug)]
pub struct Ends<R, E> {
    pub refused: fn(Refused) -> R,
    pub failure: fn(&R) -> Option<&E>,
}

/// Those of a type.
#[inline]
pub fn ends<R: Refuse>() -> Ends<R, R::Failure> {
    Ends { refused: R::refused, failure: R::failure }
}
