//! Several policies as one value: `policy!`.

use std::pin::Pin;
use std::sync::Arc;

use crate::bulkhead::Bulkhead;
use crate::circuit_breaker::Breaker;
use crate::falling_back::{Fallback, Fallible, Instead};
use crate::hedge::Hedge;
use crate::rate_limit::RateLimit;
use crate::refused::Refuse;
use crate::timeout::{TimeOut, Timeout};

/// A policy for a call that it may make several times: [`Retry`](crate::Retry), [`Breaker`], [`RateLimit`],
/// [`Bulkhead`], [`Fallback`], and the chains that [`policy!`] builds. Implement it for your own policy to use that in
/// a chain, too.
///
/// [`policy!`]: crate::policy
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a policy for a sync function that returns `{R}`",
    note = "a `Timeout` and a `Hedge` are for async functions: call `run_async`"
)]
pub trait Policy<R> {
    /// Makes the call, or refuses it.
    fn run(&self, call: impl FnMut() -> R) -> R;
}

/// A call in progress.
pub type Running<'a, R> = Pin<Box<dyn Future<Output = R> + Send + 'a>>;

/// Like [`Policy`], for an async call; [`Timeout`] and [`Hedge`] implement it as well.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a policy for an async function that returns `{R}`",
    note = "return a `Result` whose error implements `From<festoon::Refused>` and `From<festoon::TimedOut>`, or an `Option`"
)]
pub trait AsyncPolicy<R>: Sync {
    /// Wraps the call; this is the method to implement.
    fn around<'a>(&'a self, call: &'a (dyn Fn() -> Running<'a, R> + Sync)) -> Running<'a, R>
    where
        R: 'a;

    /// Makes the call, or refuses it.
    fn run_async<F: Future<Output = R> + Send>(
        &self,
        call: impl Fn() -> F + Send + Sync,
    ) -> impl Future<Output = R> + Send {
        async move {
            let boxed = || -> Running<'_, R> { Box::pin(call()) };
            self.around(&boxed).await
        }
    }
}

/// A policy that makes its call at most once, like all of them except [`Retry`](crate::Retry) and [`Hedge`]. Implement
/// it for your own policy if the same is true for it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` may make its call several times",
    label = "may call again",
    note = "a `Retry` and a `Hedge` do: where requests are `Clone`, write `PolicyLayer::repeating(..)`",
    note = "if your own policy calls at most once, write `impl festoon::CallsOnce for ..`"
)]
pub trait CallsOnce {}

macro_rules! call_once {
    ($($policy:ty),*) => { $( impl CallsOnce for $policy {} )* };
}

call_once!(Breaker, RateLimit, Bulkhead, Timeout);

impl<I> CallsOnce for Fallback<I> {}
impl<A: CallsOnce, B: CallsOnce> CallsOnce for Chain<A, B> {}

/// Two policies, the first one outermost: [`policy!`](crate::policy) builds these.
#[derive(Debug, Clone, Copy)]
pub struct Chain<A, B>(pub A, pub B);

// Inherent methods, so that the compiler says which policy does not fit, and you need not import the traits.
impl<A, B> Chain<A, B> {
    /// Like [`Policy::run`].
    pub fn run<R>(&self, call: impl FnMut() -> R) -> R
    where
        Self: Policy<R>,
    {
        Policy::run(self, call)
    }

    /// Like [`AsyncPolicy::run_async`].
    pub fn run_async<F: Future + Send>(
        &self,
        call: impl Fn() -> F + Send + Sync,
    ) -> impl Future<Output = F::Output> + Send
    where
        Self: AsyncPolicy<F::Output>,
    {
        AsyncPolicy::run_async(self, call)
    }
}

impl<R, A: Policy<R>, B: Policy<R>> Policy<R> for Chain<A, B> {
    fn run(&self, mut call: impl FnMut() -> R) -> R {
        self.0.run(|| self.1.run(&mut call))
    }
}

impl<R, A: AsyncPolicy<R>, B: AsyncPolicy<R>> AsyncPolicy<R> for Chain<A, B> {
    fn around<'a>(&'a self, call: &'a (dyn Fn() -> Running<'a, R> + Sync)) -> Running<'a, R>
    where
        R: 'a,
    {
        Box::pin(async move {
            let below = || -> Running<'_, R> { self.1.around(call) };
            self.0.around(&below).await
        })
    }
}

macro_rules! by_pointer {
    ($($pointer:ty),*) => { $(
        #[diagnostic::do_not_recommend]
        impl<P: CallsOnce> CallsOnce for $pointer {}

        #[diagnostic::do_not_recommend]
        impl<R, P: Policy<R>> Policy<R> for $pointer {
            fn run(&self, call: impl FnMut() -> R) -> R {
                (**self).run(call)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<R, P: AsyncPolicy<R> + Send> AsyncPolicy<R> for $pointer {
            fn around<'a>(&'a self, call: &'a (dyn Fn() -> Running<'a, R> + Sync)) -> Running<'a, R>
            where
                R: 'a,
            {
                (**self).around(call)
            }
        }
    )* };
}

by_pointer!(&P, Arc<P>, Box<P>);

macro_rules! that_refuse {
    ($($policy:ty),*) => { $(
        impl<R: Refuse> Policy<R> for $policy {
            fn run(&self, call: impl FnMut() -> R) -> R {
                <$policy>::run(self, call)
            }
        }

        impl<R: Refuse + Send> AsyncPolicy<R> for $policy {
            fn around<'a>(&'a self, call: &'a (dyn Fn() -> Running<'a, R> + Sync)) -> Running<'a, R>
            where
                R: 'a,
            {
                Box::pin(async move { <$policy>::run_async(self, call()).await })
            }
        }
    )* };
}

that_refuse!(Breaker, RateLimit, Bulkhead);

impl<R: Fallible, I: Instead<R>> Policy<R> for Fallback<I> {
    fn run(&self, mut call: impl FnMut() -> R) -> R {
        Fallback::run(self, &mut call)
    }
}

impl<R: Fallible + Send, I: Instead<R> + Sync> AsyncPolicy<R> for Fallback<I> {
    fn around<'a>(&'a self, call: &'a (dyn Fn() -> Running<'a, R> + Sync)) -> Running<'a, R>
    where
        R: 'a,
    {
        Box::pin(Fallback::run_async(self, call()))
    }
}

impl<R: TimeOut + Send> AsyncPolicy<R> for Timeout {
    fn around<'a>(&'a self, call: &'a (dyn Fn() -> Running<'a, R> + Sync)) -> Running<'a, R>
    where
        R: 'a,
    {
        Box::pin(async move { Timeout::run_async(self, call()).await })
    }
}

impl<T: Send, E: Send> AsyncPolicy<Result<T, E>> for Hedge {
    fn around<'a>(&'a self, call: &'a (dyn Fn() -> Running<'a, Result<T, E>> + Sync)) -> Running<'a, Result<T, E>>
    where
        Result<T, E>: 'a,
    {
        Box::pin(async move { Hedge::run_async(self, call).await })
    }
}

/// Combines several policies into one value, the first one outermost, like stacked decorators.
///
/// ```
/// use festoon::{Breaker, Bulkhead, Fallback, Retry, Timeout, policy};
/// use std::io;
/// use std::time::Duration;
///
/// static PAYMENTS: Breaker = Breaker::new();
///
/// let plain = policy!(Fallback::new(0), Retry::new().attempts(2), &PAYMENTS, Bulkhead::new(10));
/// assert_eq!(plain.run(|| io::Result::Ok(3)).unwrap(), 3);
///
/// let later = policy!(Retry::new(), &PAYMENTS, Bulkhead::new(10), Timeout::new(Duration::from_secs(2)));
/// # futures_executor::block_on(async {
/// assert_eq!(later.run_async(|| async { io::Result::Ok(3) }).await.unwrap(), 3);
/// # });
/// ```
#[macro_export]
macro_rules! policy {
    ($policy:expr $(,)?) => {
        $policy
    };
    ($first:expr, $($rest:expr),+ $(,)?) => {
        $crate::Chain($first, $crate::policy!($($rest),+))
    };
}
