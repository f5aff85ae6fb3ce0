//! The deadline of a call, which everything below it can see.

use std::cell::Cell;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::clock;

/// No deadline. In ticks, like every moment here.
pub(crate) const NEVER: u64 = u64::MAX;

thread_local! {
    static CURRENT: Cell<u64> = const { Cell::new(NEVER) };
}

/// The deadline of the code that runs on this thread.
pub(crate) fn current() -> u64 {
    CURRENT.get()
}

/// That long from now.
pub(crate) fn after(length: Duration) -> u64 {
    clock::ticks().saturating_add(clock::ticks_in(length))
}

/// Sets a deadline for this thread until the guard is dropped. An earlier deadline stays in force.
pub(crate) fn enter(deadline: u64) -> Entered {
    Entered { outer: CURRENT.replace(deadline.min(current())) }
}

/// Makes it the deadline of the thread that runs some work, if it differs.
pub(crate) fn carry(deadline: u64) -> Option<Entered> {
    (deadline != current()).then(|| Entered { outer: CURRENT.replace(deadline) })
}

/// Restores the thread's earlier deadline.
#[derive(Debug)]
pub struct Entered {
    outer: u64,
}

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.set(self.outer);
    }
}

/// The time that is left until the deadline.
pub(crate) fn left_until(deadline: u64) -> Option<Duration> {
    (deadline != NEVER).then(|| clock::duration(deadline.saturating_sub(clock::ticks())))
}

/// Returns how much time the running code has left; `None` if no deadline is set.
///
/// [`deadline`] sets one, and so does `#[retry(within = ..)]` for the functions that its attempts call. festoon carries
/// it along when it moves work to another thread or task.
///
/// ```
/// use std::time::Duration;
///
/// # let _clock = festoon::testing::clock();
/// # futures_executor::block_on(async {
/// assert_eq!(festoon::time_left(), None);
/// festoon::deadline(Duration::from_secs(2), async {
///     assert_eq!(festoon::time_left(), Some(Duration::from_secs(2)));
/// }).await;
/// # });
/// ```
#[must_use]
pub fn time_left() -> Option<Duration> {
    left_until(current())
}

/// Sets a deadline for a future and everything that it calls: no `#[retry]` below starts a wait that would end later,
/// or another attempt after it, however deeply they are nested. An earlier deadline stays in force.
///
/// It does not interrupt running code: an attempt with its own `timeout` is cut off at the deadline; any other one
/// continues.
///
/// ```
/// use std::time::Duration;
/// use festoon::{Decorated, deadline, retry};
///
/// #[retry(attempts = 10, wait = fixed(300ms))]
/// async fn ask() -> Result<u32, &'static str> {
///     Err("busy")
/// }
///
/// # let _clock = festoon::testing::clock();
/// # futures_executor::block_on(async {
/// assert!(deadline(Duration::from_secs(1), ask()).await.is_err());
/// assert_eq!(ask.retries().retried, 3);
/// # });
/// ```
pub fn deadline<F: Future>(length: Duration, future: F) -> WithDeadline<F> {
    WithDeadline { deadline: after(length), future }
}

pin_project_lite::pin_project! {
    /// A future with a deadline; see [`deadline`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct WithDeadline<F> {
        deadline: u64,
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for WithDeadline<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _entered = enter(*this.deadline);
        this.future.poll(context)
    }
}

/// Like [`deadline`], for sync code.
///
/// ```
/// use std::time::Duration;
///
/// let left = festoon::deadline_in(Duration::from_secs(2), || festoon::time_left());
/// assert!(left.is_some_and(|left| left <= Duration::from_secs(2)));
/// ```
pub fn deadline_in<R>(length: Duration, work: impl FnOnce() -> R) -> R {
    let _entered = enter(after(length));
    work()
}
