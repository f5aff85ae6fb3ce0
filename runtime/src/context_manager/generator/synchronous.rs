//! Generators whose bodies do not await.

use std::any::type_name;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::task::{Context, Poll, Waker};
use std::thread;

use super::channel::{Hears, Lends, LendsMut, Told};
use super::ended::{Ended, Settles};
use super::running::{Running, Start};
use crate::context_manager::exit::told_in_drop;
use crate::context_manager::scope;
use crate::{Exit, Manager, Outcome, OutcomeKind, Verdict};

/// A context manager that was created by a function with [`#[context_manager]`](macro@crate::context_manager), and has
/// not been entered yet.
#[must_use = "it does nothing until it is entered"]
pub struct Generator<Y, H, S> {
    start: S,
    yields: PhantomData<fn() -> (Y, H)>,
}

/// The return value of a generator's body.
type Output<Y, H, S> = <<S as Start<Y, H>>::Future as Future>::Output;
/// Why a generator cannot be entered.
type Error<Y, H, S> = <Output<Y, H, S> as Ended>::Error;
/// The result of entering a generator.
type Entered<Y, H, S> = Yielded<Y, H, <S as Start<Y, H>>::Future>;

impl<Y: Lends, H: Told, S: Start<Y, H>> Generator<Y, H, S>
where
    Output<Y, H, S>: Ended,
{
    /// A generator with this body.
    #[doc(hidden)]
    pub fn new(start: S) -> Self {
        Generator { start, yields: PhantomData }
    }

    /// Runs the function up to its `yield_!`. Returns a guard, in a `Result` if the function returns one: when it is
    /// dropped, the rest of the function runs.
    pub fn enter(self) -> <Output<Y, H, S> as Ended>::Entered<Entered<Y, H, S>> {
        <Output<Y, H, S> as Ended>::entered(self.entered())
    }

    fn entered(self) -> Result<Entered<Y, H, S>, Error<Y, H, S>> {
        let mut running = Running::new(self.start);
        match poll(&mut running) {
            Poll::Ready(output) => Err(ended_early(output)),
            Poll::Pending if running.has_yielded() => Ok(Yielded::new(running)),
            Poll::Pending => awaits(),
        }
    }

    /// Like [`Manager::scope`].
    ///
    /// # Errors
    ///
    /// The same.
    pub fn scope<R, E>(self, body: impl FnOnce(&mut Entered<Y, H, S>) -> Result<R, E>) -> Result<R, E>
    where
        H: Hears<E>,
        Output<Y, H, S>: Settles<E>,
    {
        scope::passing(self.entered().map_err(<Output<Y, H, S> as Settles<E>>::error)?, body)
    }

    /// Like [`Manager::scope_opt`].
    ///
    /// # Errors
    ///
    /// The same.
    pub fn scope_opt<R, E>(self, body: impl FnOnce(&mut Entered<Y, H, S>) -> Result<R, E>) -> Result<Option<R>, E>
    where
        H: Hears<E>,
        Output<Y, H, S>: Settles<E>,
    {
        scope::swallowing(self.entered().map_err(<Output<Y, H, S> as Settles<E>>::error)?, body)
    }
}

impl<Y: Lends, H: Told, S: Start<Y, H>> Manager for Generator<Y, H, S>
where
    Output<Y, H, S>: Ended,
{
    type Active = Entered<Y, H, S>;
    type EnterError = Error<Y, H, S>;

    fn enter(self) -> Result<Self::Active, Self::EnterError> {
        self.entered()
    }
}

fn poll<Y: Lends, H, F: Future>(running: &mut Running<Y, H, F>) -> Poll<F::Output> {
    running.poll(&mut Context::from_waker(Waker::noop()))
}

/// The error of a body that has not yielded. It cannot return a value: that takes a proof that only `yield_!` returns.
pub(super) fn ended_early<O: Ended>(output: O) -> O::Error {
    let Err(error) = output.result() else { unreachable!("festoon: a body that is done has yielded") };
    error
}

/// The macro rejects every `.await` that it sees; another macro may have added one.
#[cold]
fn awaits() -> ! {
    panic!("festoon: this context manager awaits, but is not an `async fn`")
}

/// An entered [`Generator`]: it dereferences to the value that its function yields. When it is dropped, the rest of the
/// function runs, and receives `Dropped`, or `Panic` while the thread unwinds.
#[must_use = "a guard that is not bound to a variable exits at once"]
pub struct Yielded<Y: Lends, H: Told, F: Future<Output: Ended>> {
    running: Option<Running<Y, H, F>>,
    /// It may have been entered by a destructor while the thread unwinds: that panic is not from its scope.
    was_panicking: bool,
}

impl<Y: Lends, H: Told, F: Future<Output: Ended>> Yielded<Y, H, F> {
    fn new(running: Running<Y, H, F>) -> Self {
        Yielded { running: Some(running), was_panicking: thread::panicking() }
    }

    fn running(&self) -> &Running<Y, H, F> {
        self.running.as_ref().unwrap_or_else(|| unreachable!("festoon: it is taken once, at its end"))
    }
}

/// Runs the rest of the body. Whatever the body does, it is dropped here.
fn resumed<Y: Lends, H, F: Future>(mut running: Running<Y, H, F>, told: H) -> F::Output {
    running.tell(told);
    match poll(&mut running) {
        Poll::Ready(output) => output,
        Poll::Pending => awaits(),
    }
}

impl<E, Y: Lends, H: Hears<E>, F: Future<Output: Settles<E>>> Exit<E> for Yielded<Y, H, F> {
    const MAY_SWALLOW: bool = <F::Output as Settles<E>>::MAY_SWALLOW;

    fn exit(mut self, how: Outcome<'_, E>) -> Result<Verdict<E>, E> {
        let Some(running) = self.running.take() else { return Ok(Verdict::Pass) };
        // SAFETY: the body is dropped in `resumed`, within the lifetime of `how`.
        #[expect(unsafe_code, reason = "the body may keep what it hears")]
        let told = unsafe { H::hear(how) };
        resumed(running, told).verdict()
    }
}

impl<Y: Lends, H: Told, F: Future<Output: Ended>> Drop for Yielded<Y, H, F> {
    fn drop(&mut self) {
        let Some(running) = self.running.take() else { return };
        let is_panic = thread::panicking() && !self.was_panicking;
        let told = H::dropped(if is_panic { OutcomeKind::Panic } else { OutcomeKind::Dropped });
        told_in_drop(type_name::<F>(), || resumed(running, told).result().map(|()| Verdict::Pass));
    }
}

impl<Y: Lends, H: Told, F: Future<Output: Ended>> Deref for Yielded<Y, H, F> {
    type Target = Y::Target;

    fn deref(&self) -> &Y::Target {
        self.running().target()
    }
}

impl<Y: LendsMut, H: Told, F: Future<Output: Ended>> DerefMut for Yielded<Y, H, F> {
    fn deref_mut(&mut self) -> &mut Y::Target {
        self.running.as_mut().unwrap_or_else(|| unreachable!("festoon: it is taken once, at its end")).target_mut()
    }
}

impl<Y, H, S> fmt::Debug for Generator<Y, H, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Generator").finish_non_exhaustive()
    }
}

impl<Y: Lends, H: Told, F: Future<Output: Ended>> fmt::Debug for Yielded<Y, H, F>
where
    Y::Target: fmt::Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Yielded").field(&&**self).finish()
    }
}
