//! [`Retry`] in a chain of policies: `policy!(Retry::new(), &BREAKER)`.

use super::fault::never;
use super::future::Attempted;
use super::value::{Decide, Retry};
use super::verdict::Fallible;
use super::words::Text;
use crate::chain::{AsyncPolicy, Policy, Running};

/// An `Err` and a `None` are failures. Each attempt goes through the policies that follow it in the chain.
impl<R: Fallible, W: Decide<R::Failure>> Policy<R> for Retry<W> {
    fn run(&self, call: impl FnMut() -> R) -> R {
        self.repeat(call, |result| self.judge(result.failure()), |_| Text::Unknown)
    }
}

impl<R: Fallible + Send, W: Decide<R::Failure> + Sync> AsyncPolicy<R> for Retry<W> {
    /// Like [`Retry::run_async`], but the future of an attempt has a type: the compiler cannot prove that the future of an
    /// `AsyncFnMut` is `Send`.
    fn around<'a>(&'a self, call: &'a (dyn Fn() -> Running<'a, R> + Sync)) -> Running<'a, R>
    where
        R: 'a,
    {
        Box::pin(async move {
            let mut begun = self.begin_async();
            loop {
                let future = begun.state.during(call);
                let result = Attempted { begun: &begun, future, fault: never }.await;
                let verdict = self.judge(result.failure());
                let Some(wait) = self.after(&mut begun.state, verdict) else { return result };
                drop(result);
                wait.await;
            }
        })
    }
}
