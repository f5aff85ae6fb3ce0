//! How long a call may still take, told to everything below it.

use std::cell::Cell;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::clock;

/// There is no deadline. In ticks, as every moment here.
pub(crate) const NEVER: u64 = u64::MAX;

thread_local! {
    static CURRENT: Cell<u64> = const { Cell::new(NEVER) };
}

/// When whatever runs on this thread has to be done.
pub(crate) fn current() -> u64 {
    CURRENT.get()
}

/// That long from now.
pub(crate) fn after(length: Duration) -> u64 {
    clock::ticks().saturating_add(clock::ticks_in(length))
}

/// Sets a deadline for this thread until the guard is dropped. An earlier one stays.
pub(crate) fn enter(deadline: u64) -> Entered {
    Entered { outer: CURRENT.replace(deadline.min(current())) }
}

/// Makes it the deadline of the thread that some work has come to, where it differs.
pub(crate) fn carry(deadline: u64) -> Option<Entered> {
    (deadline != current()).then(|| Entered { outer: CURRENT.replace(deadline) })
}

/// Gives the thread back the deadline that it had.
#[derive(Debug)]
pub struct Entered {
    outer: u64,
}

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.set(self.outer);
    }
}

/// How long it is until then.
pub(crate) fn left_until(deadline: u64) -> Option<Duration> {
    (deadline != NEVER).then(|| clock::duration(deadline.saturating_sub(clock::ticks())))
}

/// How long whatever runs here may still take; `None` when nobody has set a deadline.
///
/// [`deadline`] sets one, and so does `#[retry(within = ..)]` for what its attempts call. It goes along where festoon takes
/// work to another thread or task.
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

/// Gives a future, and all that it calls, so long from now: no `#[retry]` below begins a wait that would end later, or
/// another attempt, however many of them are nested. An earlier deadline stays.
///
/// It ends nothing that runs: an attempt with a `timeout` of its own is cut off at the deadline, any other one goes on.
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
    /// A future that has to be done by some time; see [`deadline`].
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

/// As [`deadline`], for code that does not wait in futures.
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
