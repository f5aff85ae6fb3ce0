//! Generators whose bodies are `async`.

use std::fmt;
use std::future::{Future, poll_fn};
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::task::Poll;

use super::channel::{Hears, Lends, LendsMut, Told};
use super::ended::{Ended, Settles};
use super::running::{Running, Start};
use super::synchronous::ended_early;
use crate::context_manager::scope_async::{self, Later};
use crate::{AsyncExit, AsyncManager, Outcome, Verdict};

/// A context manager that was created by an `async fn` with [`#[context_manager]`](macro@crate::context_manager), and
/// has not been entered yet.
#[must_use = "it does nothing until it is entered"]
pub struct AsyncGenerator<Y, H, S> {
    start: S,
    yields: PhantomData<fn() -> (Y, H)>,
}

/// The return value of a generator's body.
type Output<Y, H, S> = <<S as Start<Y, H>>::Future as Future>::Output;
/// The result of entering a generator.
type Entered<Y, H, S> = AsyncYielded<Y, H, <S as Start<Y, H>>::Future>;

impl<Y: Lends, H: Told, S: Start<Y, H>> AsyncGenerator<Y, H, S>
where
    Output<Y, H, S>: Ended,
{
    /// A generator with this body.
    #[doc(hidden)]
    pub fn new(start: S) -> Self {
        AsyncGenerator { start, yields: PhantomData }
    }

    async fn entered(self) -> Result<Entered<Y, H, S>, <Output<Y, H, S> as Ended>::Error> {
        let mut running = Running::new(self.start);
        let early = poll_fn(|context| match running.poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(ended_early(output))),
            Poll::Pending if running.has_yielded() => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        });
        match early.await {
            Some(error) => Err(error),
            None => Ok(AsyncYielded { running }),
        }
    }

    /// Like [`AsyncManager::scope_async`].
    ///
    /// # Errors
    ///
    /// The same.
    pub async fn scope_async<R, E: Send>(
        self,
        body: impl AsyncFnOnce(&mut Entered<Y, H, S>) -> Result<R, E>,
    ) -> Result<R, E>
    where
        Entered<Y, H, S>: AsyncExit<E>,
        Output<Y, H, S>: Settles<E>,
    {
        let active = self.entered().await.map_err(<Output<Y, H, S> as Settles<E>>::error)?;
        scope_async::passing(Later::new(active), body).await
    }
}

impl<Y, H, S> AsyncManager for AsyncGenerator<Y, H, S>
where
    Y: Lends + Send,
    H: Told + Send,
    S: Start<Y, H, Future: Send> + Send,
    Output<Y, H, S>: Ended<Error: Send>,
{
    type Active = Entered<Y, H, S>;
    type EnterError = <Output<Y, H, S> as Ended>::Error;

    async fn enter(self) -> Result<Self::Active, Self::EnterError> {
        self.entered().await
    }
}

/// An entered [`AsyncGenerator`]: it dereferences to the value that its function yields.
///
/// If it is dropped, or the future around its scope is, the rest of the function does not run, since it may await: its
/// local variables are dropped.
#[must_use = "a guard that is not bound to a variable exits at once"]
pub struct AsyncYielded<Y: Lends, H, F> {
    running: Running<Y, H, F>,
}

impl<E, Y, H, F> AsyncExit<E> for AsyncYielded<Y, H, F>
where
    E: Send,
    Y: Lends + Send,
    H: Hears<E> + Send,
    F: Future<Output: Settles<E>> + Send,
{
    const MAY_SWALLOW: bool = <F::Output as Settles<E>>::MAY_SWALLOW;

    async fn exit(self, how: Outcome<'_, E>) -> Result<Verdict<E>, E> {
        let mut running = self.running;
        // SAFETY: this future, which has the lifetime of `how`, owns the body.
        #[expect(unsafe_code, reason = "the body may keep what it hears")]
        running.tell(unsafe { H::hear(how) });
        poll_fn(|context| running.poll(context)).await.verdict()
    }
}

impl<Y: Lends, H, F> Deref for AsyncYielded<Y, H, F> {
    type Target = Y::Target;

    fn deref(&self) -> &Y::Target {
        self.running.target()
    }
}

impl<Y: LendsMut, H, F> DerefMut for AsyncYielded<Y, H, F> {
    fn deref_mut(&mut self) -> &mut Y::Target {
        self.running.target_mut()
    }
}

impl<Y, H, S> fmt::Debug for AsyncGenerator<Y, H, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncGenerator").finish_non_exhaustive()
    }
}

impl<Y: Lends<Target: fmt::Debug>, H, F> fmt::Debug for AsyncYielded<Y, H, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AsyncYielded").field(&&**self).finish()
    }
}
