//! What happens to an async exit when the future around its scope is dropped.

use std::any::type_name;
use std::ops::{Deref, DerefMut};

use crate::unwinding::report;
use crate::{AsyncExit, AsyncManager, Outcome, Verdict};

/// Makes it a mistake to drop the future within this manager's scope: in builds with debug assertions this panics;
/// otherwise it is logged, and [`AsyncExit::cancelled`] is called as usual.
///
/// For an exit that has to run to its end, around code that should not be used in a `select!` or a timeout. If the
/// thread is already unwinding, the mistake is also logged instead.
///
/// ```should_panic
/// use festoon::AsyncManager;
/// use festoon::managers::not_cancelled;
/// # use festoon::{AsyncExit, Outcome, Verdict};
/// # struct Lease;
/// # impl AsyncManager for Lease {
/// #     type Active = Lease;
/// #     type EnterError = String;
/// #     async fn enter(self) -> Result<Lease, String> { Ok(self) }
/// # }
/// # impl<E: Send> AsyncExit<E> for Lease {
/// #     async fn exit(self, _: Outcome<'_, E>) -> Result<Verdict<E>, E> { Ok(Verdict::Pass) }
/// # }
///
/// let mut future = Box::pin(not_cancelled(Lease).scope_async(async |_| {
///     std::future::pending::<()>().await;
///     Ok::<_, String>(())
/// }));
/// # use std::task::{Context, Waker};
/// let _ = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
/// drop(future); // panics
/// ```
pub fn not_cancelled<M>(manager: M) -> NotCancelled<M> {
    NotCancelled(manager)
}

/// Returned by [`not_cancelled`], and the value that it enters.
#[derive(Debug, Clone, Copy)]
#[must_use = "it does nothing without a scope"]
pub struct NotCancelled<M>(M);

impl<M: AsyncManager + Send> AsyncManager for NotCancelled<M>
where
    M::EnterError: Send,
{
    type Active = NotCancelled<M::Active>;
    type EnterError = M::EnterError;

    async fn enter(self) -> Result<Self::Active, Self::EnterError> {
        self.0.enter().await.map(NotCancelled)
    }
}

impl<A: AsyncExit<E> + Send, E: Send> AsyncExit<E> for NotCancelled<A> {
    const MAY_SWALLOW: bool = A::MAY_SWALLOW;

    async fn exit(self, how: Outcome<'_, E>) -> Result<Verdict<E>, E> {
        self.0.exit(how).await
    }

    fn cancelled(self) {
        let is_unwinding = std::thread::panicking();
        self.0.cancelled();
        assert!(
            is_unwinding || !cfg!(debug_assertions),
            "festoon: the future around the scope of a `{}` was dropped",
            type_name::<A>()
        );
        report(type_name::<A>(), "the future around its scope was dropped");
    }

    fn suppressed(error: &mut E, cleanup: E) {
        A::suppressed(error, cleanup);
    }
}

impl<A> Deref for NotCancelled<A> {
    type Target = A;

    fn deref(&self) -> &A {
        &self.0
    }
}

impl<A> DerefMut for NotCancelled<A> {
    fn deref_mut(&mut self) -> &mut A {
        &mut self.0
    }
}
