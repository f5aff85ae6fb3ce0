//! Attempts that a test makes fail.

use std::error::Error;
use std::fmt::{Display, Formatter};
use std::io;
use std::marker::PhantomData;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Poll};

use super::failed::Failed;
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

/// Converts a fault into a value of the function's return type.
pub struct Fault<R>(PhantomData<fn() -> R>);

#[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "same as in `Impossible`")]
impl<T, E: From<InjectedFault>> Fault<Result<T, E>> {
    /// An `Err` with the fault.
    pub fn make(&self) -> Option<Result<T, E>> {
        Some(Err(InjectedFault.into()))
    }
}

#[expect(clippy::unused_self, clippy::unnecessary_wraps, clippy::option_option, reason = "same as in `Impossible`")]
impl<T> Fault<Option<T>> {
    /// `None`.
    pub fn make(&self) -> Option<Option<T>> {
        Some(None)
    }
}

/// The fallback of `Fault` for every other type.
pub trait Impossible<R> {
    /// Nothing.
    fn make(&self) -> Option<R> {
        None
    }
}

impl<R> Impossible<R> for Fault<R> {}

impl<R> Fault<R> {
    /// For calls that a test cannot name.
    pub(super) fn never(_: &Self) -> Option<R> {
        None
    }
}

/// The fault that a test has planned for this attempt.
#[inline]
pub(super) fn staged<R>(owner: Owner<'_>, make: &impl Fn(&Fault<R>) -> Option<R>) -> Option<R> {
    if stage::is_set() && stage::begins(owner.name()).fails { Some(fail(owner.name(), make)) } else { None }
}

impl Failed {
    /// Like [`staged`], at the first poll of an attempt. A delayed attempt is ready at its second poll at the earliest,
    /// so that a timeout around it expires first.
    #[inline]
    pub(super) fn staged_once<R>(
        &self,
        make: &impl Fn(&Fault<R>) -> Option<R>,
        context: &Context<'_>,
    ) -> Option<Poll<R>> {
        if stage::is_set() { self.staged_now(make, context) } else { None }
    }

    #[cold]
    fn staged_now<R>(&self, make: &impl Fn(&Fault<R>) -> Option<R>, context: &Context<'_>) -> Option<Poll<R>> {
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

#[cold]
fn fail<R>(name: &str, make: &impl Fn(&Fault<R>) -> Option<R>) -> R {
    make(&Fault(PhantomData)).unwrap_or_else(|| {
        panic!(
            "festoon: `{name}` cannot be made to fail: write `impl From<festoon::testing::InjectedFault>` for its error, or \
             return an `Option`"
        )
    })
}
