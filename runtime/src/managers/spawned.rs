//! Async exits that continue as tasks when the futures around their scopes are dropped.

use std::any::type_name;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::runtime::Handle;
use tokio::sync::Notify;

use crate::unwinding::report;
use crate::{AsyncExit, AsyncManager, Outcome, Verdict};

/// The maximum number of exits that run as tasks at the same time.
const MOST: usize = 1_024;

static RUNNING: AtomicUsize = AtomicUsize::new(0);
static ENDED: Notify = Notify::const_new();

/// If the future around this manager's scope is dropped, the exit runs as a task of the tokio runtime, and receives
/// [`Outcome::Cancelled`]. [`drain`] waits for these tasks.
///
/// Errors of the exit are logged. If there is no runtime, or 1,024 such exits are running, `cancelled` is called as
/// usual, and that is logged.
///
/// ```
/// use festoon::managers::{drain, spawned};
/// use festoon::{AsyncExit, AsyncManager, Outcome, Verdict};
///
/// struct Lease;
///
/// impl AsyncManager for Lease {
///     type Active = Lease;
///     type EnterError = String;
///
///     async fn enter(self) -> Result<Lease, String> {
///         Ok(self)
///     }
/// }
///
/// impl<E: Send> AsyncExit<E> for Lease {
///     async fn exit(self, how: Outcome<'_, E>) -> Result<Verdict<E>, E> {
///         tokio::task::yield_now().await;
///         println!("given back, after {}", how.name());
///         Ok(Verdict::Pass)
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let scope = spawned(Lease).scope_async(async |_| Ok::<_, String>(std::future::pending::<()>().await));
/// tokio::select! {
///     _ = scope => {}
///     () = tokio::task::yield_now() => {} // drops the other one
/// }
/// drain().await; // at the end of the program, before the runtime
/// # });
/// ```
pub fn spawned<M>(manager: M) -> Spawned<M> {
    Spawned(manager)
}

/// Waits until no exit of a [`spawned`] manager runs as a task. Call it at the end of the program: the runtime drops
/// running tasks when it shuts down.
pub async fn drain() {
    loop {
        let ended = ENDED.notified();
        if RUNNING.load(Ordering::Acquire) == 0 {
            return;
        }
        ended.await;
    }
}

/// Returned by [`spawned`], and the value that it enters.
#[derive(Debug, Clone, Copy)]
#[must_use = "it does nothing without a scope"]
pub struct Spawned<M>(M);

impl<M: AsyncManager + Send> AsyncManager for Spawned<M>
where
    M::EnterError: Send,
{
    type Active = Spawned<M::Active>;
    type EnterError = M::EnterError;

    async fn enter(self) -> Result<Self::Active, Self::EnterError> {
        self.0.enter().await.map(Spawned)
    }
}

impl<A, E> AsyncExit<E> for Spawned<A>
where
    A: AsyncExit<E> + Send + 'static,
    E: Send + 'static,
{
    const MAY_SWALLOW: bool = A::MAY_SWALLOW;

    async fn exit(self, how: Outcome<'_, E>) -> Result<Verdict<E>, E> {
        self.0.exit(how).await
    }

    fn cancelled(self) {
        let (place, runtime) = (Running::begin(), Handle::try_current());
        match (place, runtime) {
            (Some(place), Ok(runtime)) => drop(runtime.spawn(exits(self.0, place))),
            (place, runtime) => {
                drop(place);
                let why =
                    if runtime.is_err() { "there is no tokio runtime" } else { "too many of them are already running" };
                report(type_name::<A>(), &format!("its exit could not run as a task: {why}"));
                self.0.cancelled();
            }
        }
    }

    fn suppressed(error: &mut E, cleanup: E) {
        A::suppressed(error, cleanup);
    }
}

async fn exits<A: AsyncExit<E> + Send, E: Send>(active: A, place: Running) {
    let _place = place;
    let exited = active.exit(Outcome::Cancelled).await;
    if matches!(exited, Err(_) | Ok(Verdict::Replace(_))) {
        report(type_name::<A>(), &format!("it failed with a `{}`", type_name::<E>()));
    }
}

/// A running exit; dropped with its task, however that ends.
struct Running;

impl Running {
    fn begin() -> Option<Self> {
        let more = |running| (running < MOST).then_some(running + 1);
        RUNNING.fetch_update(Ordering::AcqRel, Ordering::Acquire, more).is_ok().then(|| Running)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if RUNNING.fetch_sub(1, Ordering::AcqRel) == 1 {
            ENDED.notify_waiters();
        }
    }
}

impl<A> Deref for Spawned<A> {
    type Target = A;

    fn deref(&self) -> &A {
        &self.0
    }
}

impl<A> DerefMut for Spawned<A> {
    fn deref_mut(&mut self) -> &mut A {
        &mut self.0
    }
}
