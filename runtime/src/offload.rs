//! `#[offload]`: computations on a thread pool, awaited.

use std::panic::{AssertUnwindSafe, UnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll, ready};

use crate::context;
use crate::oneshot;

/// A pool of threads for `#[offload]`: `pool = rayon`, `pool = tokio`, or a value of your own with `pool = EXPR`, which
/// is evaluated on each call.
///
/// ```
/// use festoon::{Pool, offload};
///
/// /// A new thread for each call.
/// struct Threads;
///
/// impl Pool for Threads {
///     fn spawn(&self, job: impl FnOnce() + Send + 'static) {
///         std::thread::spawn(job);
///     }
/// }
///
/// #[offload(pool = Threads)]
/// fn double(n: u32) -> u32 { n * 2 }
///
/// # futures_executor::block_on(async {
/// assert_eq!(double(4).await, 8);
/// # });
/// ```
#[diagnostic::on_unimplemented(
    message = "`#[offload]` has no pool to run on",
    label = "`{Self}` is not enabled, or is not a pool",
    note = "for computations write `festoon = {{ version = \"0.1\", features = [\"rayon\"] }}` in Cargo.toml, \
            or `features = [\"tokio\"]` for tokio's blocking pool",
    note = "or use a pool of your own that implements `festoon::Pool`: `#[offload(pool = EXPR)]`"
)]
pub trait Pool {
    /// Runs the job soon, on another thread. The job does not panic. A pool that has been shut down may drop it.
    fn spawn(&self, job: impl FnOnce() + Send + 'static);
}

macro_rules! by_pointer {
    ($($pointer:ty),*) => { $(
        #[diagnostic::do_not_recommend]
        impl<P: Pool> Pool for $pointer {
            fn spawn(&self, job: impl FnOnce() + Send + 'static) {
                P::spawn(self, job);
            }
        }
    )* };
}

by_pointer!(&P, Arc<P>, LazyLock<P>);

/// `#[offload]` without `pool`: rayon's pool, else tokio's.
pub struct DefaultPool;

/// `pool = rayon`: its global pool, or the one to which this thread belongs.
pub struct RayonPool;

/// `pool = tokio`: the blocking pool of the runtime in which the call is awaited.
pub struct TokioPool;

#[cfg(any(feature = "rayon", feature = "tokio"))]
impl Pool for DefaultPool {
    fn spawn(&self, job: impl FnOnce() + Send + 'static) {
        #[cfg(feature = "rayon")]
        RayonPool.spawn(job);
        #[cfg(not(feature = "rayon"))]
        TokioPool.spawn(job);
    }
}

#[cfg(feature = "rayon")]
impl Pool for RayonPool {
    fn spawn(&self, job: impl FnOnce() + Send + 'static) {
        rayon::spawn(job);
    }
}

#[cfg(feature = "rayon")]
impl Pool for rayon::ThreadPool {
    fn spawn(&self, job: impl FnOnce() + Send + 'static) {
        rayon::ThreadPool::spawn(self, job);
    }
}

#[cfg(feature = "tokio")]
impl Pool for TokioPool {
    fn spawn(&self, job: impl FnOnce() + Send + 'static) {
        let runtime = tokio::runtime::Handle::try_current();
        Pool::spawn(
            &runtime.expect("festoon: `#[offload]` on tokio's pool has to be awaited inside a tokio runtime"),
            job,
        );
    }
}

#[cfg(feature = "tokio")]
impl Pool for tokio::runtime::Handle {
    fn spawn(&self, job: impl FnOnce() + Send + 'static) {
        drop(self.spawn_blocking(job));
    }
}

/// Starts `work` on the pool; the future returns its output, or resumes its panic.
///
/// If the future is dropped before the pool starts the work, the work is skipped; if later, its result is dropped.
pub fn run<R: Send + 'static>(pool: impl Pool, work: impl FnOnce() -> R + Send + 'static) -> Running<R> {
    let (sender, receiver) = oneshot::channel();
    let context = context::Context::current();
    let work = move || context.run(work);
    pool.spawn(move || {
        if !sender.is_canceled() {
            let result = catch_unwind(AssertUnwindSafe(work));
            // If the caller no longer waits, the result is dropped here, and its panic must not take down the pool's
            // thread.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(sender.send(result))));
        }
    });
    Running(receiver)
}

/// A call that waits for its result.
#[must_use = "futures do nothing unless polled"]
pub struct Running<R>(oneshot::Receiver<std::thread::Result<R>>);

/// The result is moved here as a whole or not at all.
impl<R> UnwindSafe for Running<R> {}

impl<R> Future for Running<R> {
    type Output = R;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<R> {
        match ready!(Pin::new(&mut self.0).poll(context)) {
            Ok(Ok(value)) => Poll::Ready(value),
            Ok(Err(panic)) => resume_unwind(panic),
            Err(oneshot::Canceled) => panic!("festoon: the pool was shut down before it started this call"),
        }
    }
}
