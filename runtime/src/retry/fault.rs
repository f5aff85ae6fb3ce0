//! Attempts that a test makes fail.

use std::error::Error;
use std::fmt::{Display, Formatter};
use std::io;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Poll};

use super::failed::Failed;
use super::kind::{Fault, Of};
use super::owner::Owner;
use super::stage::{self, Plan};

/// The error of an attempt that a test makes fail: `testing::fail_next`.
///
/// It is converted into the function's error type: write `impl From<InjectedFault> for ShopError`. `io::Error`,
/// `String`, `Box<dyn Error>` and `anyhow::Error` accept it already; if the function returns an `Option`, the attempt
/// returns `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct InjectedFault;

impl Display for InjectedFault {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str("a test made this attempt fail")
    }
}

impl Error for InjectedFault {}

impl From<InjectedFault> for io::Error {
    fn from(fault: InjectedFault) -> Self {
        io::Error::other(fault)
    }
}

impl From<InjectedFault> for String {
    fn from(fault: InjectedFault) -> Self {
        fault.to_string()
    }
}

impl<T, E: From<InjectedFault>> Of<Result<T, E>> {
    /// An `Err` with the fault.
    #[inline]
    pub fn fault(&self) -> Fault<Result<T, E>> {
        || Some(Err(InjectedFault.into()))
    }
}

impl<T> Of<Option<T>> {
    /// `None`.
    #[inline]
    pub fn fault(&self) -> Fault<Option<T>> {
        || Some(None)
    }
}

/// Every other type.
pub trait Impossible<R> {
    /// Nothing.
    #[inline]
    fn fault(&self) -> Fault<R> {
        || None
    }
}

impl<R> Impossible<R> for Of<R> {}

/// For calls that a test cannot name.
pub(super) fn never<R>(_: Of<R>) -> Fault<R> {
    || None
}

/// Has a test planned a fault for this attempt, which begins now?
#[inline]
pub(super) fn is_staged(owner: Owner<'_>) -> bool {
    stage::is_set() && stage::begins(owner.name()).fails
}

impl Failed {
    /// Like [`is_staged`], at the first poll of an attempt. A delayed attempt is ready at its second poll at the earliest,
    /// so that a timeout around it expires first.
    #[cold]
    pub(super) fn staged_now<R>(&self, make: Fault<R>, context: &Context<'_>) -> Option<Poll<R>> {
        let name = self.site?.name();
        let is_first = self.polled.swap(self.number, Relaxed) != self.number;
        let failed_late = self.fails_late.swap(false, Relaxed);
        if !is_first {
            return failed_late.then(|| Poll::Ready(fail(name, make)));
        }
        let Plan { fails, is_delayed } = stage::begins(name);
        if is_delayed {
            self.fails_late.store(fails, Relaxed);
            context.waker().wake_by_ref();
            return Some(Poll::Pending);
        }
        fails.then(|| Poll::Ready(fail(name, make)))
    }
}

/// The value of an attempt that a test makes fail.
#[cold]
pub(super) fn fail<R>(name: &str, make: Fault<R>) -> R {
    make().unwrap_or_else(|| impossible(name))
}

#[cold]
fn impossible(name: &str) -> ! {
    panic!(
        "festoon: `{name}` cannot be made to fail: write `impl From<festoon::testing::InjectedFault>` for its error, or \
         return an `Option`"
    )
}
