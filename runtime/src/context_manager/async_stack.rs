//! Any number of exits, called or awaited.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::ending::{Ending, ended};
use super::exit::{told, told_async};
use super::owned::Owned;
use super::scope_async::caught;
use super::{AsyncExit, AsyncManager, Exit, Manager, Verdict};
use crate::{Outcome, OutcomeKind};

type Exited<E> = Result<Verdict<E>, E>;
type Call<'a, E> = Box<dyn FnOnce(Outcome<'_, E>) -> Exited<E> + Send + 'a>;
type Exiting<'e, E> = Pin<Box<dyn Future<Output = Exited<E>> + Send + 'e>>;

enum Entry<'a, E> {
    Sync(Call<'a, E>),
    Async(Box<dyn Awaited<E> + Send + 'a>),
}

/// A type-erased [`AsyncExit`].
trait Awaited<E> {
    fn exit<'e>(self: Box<Self>, how: Outcome<'e, E>) -> Exiting<'e, E>
    where
        Self: 'e;
    fn cancelled(self: Box<Self>);
}

impl<A: AsyncExit<E> + Send, E: Send> Awaited<E> for Owned<A> {
    fn exit<'e>(self: Box<Self>, how: Outcome<'e, E>) -> Exiting<'e, E>
    where
        Self: 'e,
    {
        Box::pin(told_async(self.take(), how))
    }

    fn cancelled(self: Box<Self>) {
        self.take().cancelled();
    }
}

/// Any number of context managers, sync and async, exited in the reverse order of entering; Python's
/// `contextlib.AsyncExitStack`.
///
/// When the surrounding future is dropped, sync exits receive [`Outcome::Cancelled`], and [`AsyncExit::cancelled`] is
/// called for the async ones.
///
/// ```
/// use festoon::AsyncExitStack;
/// use std::sync::Mutex;
///
/// let events = Mutex::new(Vec::new());
/// let value = futures_executor::block_on(AsyncExitStack::scope(async |stack| {
///     stack.callback(|| events.lock().unwrap().push("closed"));
///     std::future::ready(()).await;
///     Ok::<_, String>(3)
/// }));
/// assert_eq!(value, Ok(Some(3)));
/// assert_eq!(events.into_inner().unwrap(), ["closed"]);
/// ```
#[must_use = "a stack that nobody holds exits at once"]
pub struct AsyncExitStack<'a, E> {
    entries: Mutex<Vec<Entry<'a, E>>>,
    was_panicking: bool,
}

impl<'a, E: Send> AsyncExitStack<'a, E> {
    /// Creates an empty stack.
    pub fn new() -> Self {
        AsyncExitStack { entries: Mutex::default(), was_panicking: thread::panicking() }
    }

    /// Runs the body, and then all exits, which receive its outcome. Returns `None` if an exit swallowed the error.
    ///
    /// # Errors
    ///
    /// The body's error, as the exits left it.
    pub fn scope<R>(body: impl AsyncFnOnce(&Self) -> Result<R, E>) -> impl Future<Output = Result<Option<R>, E>> {
        scope(AsyncExitStack::new(), body)
    }

    /// Enters an async manager. Nothing is pushed if that fails or is cancelled.
    ///
    /// # Errors
    ///
    /// Those of entering.
    pub async fn enter_async<M: AsyncManager>(&self, manager: M) -> Result<&mut M::Active, M::EnterError>
    where
        M::Active: AsyncExit<E> + Send + 'a,
    {
        manager.enter().await.map(|active| self.push_async(active))
    }

    /// Enters a sync manager.
    ///
    /// # Errors
    ///
    /// Those of entering.
    #[allow(clippy::mut_from_ref, reason = "each is its own: an arena")]
    pub fn enter<M: Manager>(&self, manager: M) -> Result<&mut M::Active, M::EnterError>
    where
        M::Active: Exit<E> + Send + 'a,
    {
        manager.enter().map(|active| self.push(active))
    }

    /// Pushes a value that is already entered and has an async exit.
    #[allow(clippy::mut_from_ref, reason = "each is its own: an arena")]
    pub fn push_async<A: AsyncExit<E> + Send + 'a>(&self, active: A) -> &mut A {
        self.push_entry(active, |owned| Entry::Async(Box::new(owned)))
    }

    /// Pushes a value that is already entered.
    #[allow(clippy::mut_from_ref, reason = "each is its own: an arena")]
    pub fn push<A: Exit<E> + Send + 'a>(&self, active: A) -> &mut A {
        self.push_entry(active, |owned| Entry::Sync(Box::new(move |how| told(owned.take(), how))))
    }

    #[allow(clippy::mut_from_ref, reason = "each is its own: an arena")]
    fn push_entry<A>(&self, active: A, entry: impl FnOnce(Owned<A>) -> Entry<'a, E>) -> &mut A {
        let (owned, active) = Owned::new(active);
        self.add(entry(owned));
        // SAFETY: `Owned` returns this pointer once, here. It is valid until the entry is removed from the stack, which
        // needs `&mut self` or `self`, and so ends the borrow that is returned.
        #[allow(unsafe_code, reason = "a reference into what the stack owns")]
        unsafe {
            &mut *active
        }
    }

    /// Pushes a function that receives the outcome of the scope, and may swallow or replace its error.
    pub fn push_exit(&self, exit: impl FnOnce(Outcome<'_, E>) -> Result<Verdict<E>, E> + Send + 'a) {
        self.add(Entry::Sync(Box::new(exit)));
    }

    /// Pushes a function that is called at the end.
    pub fn callback(&self, callback: impl FnOnce() + Send + 'a) {
        self.push_exit(move |_| {
            callback();
            Ok(Verdict::Pass)
        });
    }

    fn add(&self, entry: Entry<'a, E>) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
    }

    /// Moves all exits to a new stack, and leaves this one empty.
    pub fn pop_all(&mut self) -> Self {
        AsyncExitStack { entries: std::mem::take(&mut self.entries), was_panicking: thread::panicking() }
    }

    /// Returns the number of exits.
    pub fn len(&self) -> usize {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Returns whether there are no exits.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Runs all exits with a successful outcome. The stack is empty after that, and can be used again.
    ///
    /// # Errors
    ///
    /// The errors of the exits.
    pub async fn close(&mut self) -> Result<(), E> {
        self.unwind(Ending::Success).await.result(Some(())).map(|_| ())
    }
}

/// A stack whose lifetime is part of its type.
trait Unwind<E> {
    fn unwind(&mut self, ending: Ending<E>) -> impl Future<Output = Ending<E>>;
}

/// The future is `Send` only in a function that is generic over the stack: the compiler would erase a lifetime of the
/// stack in it, and the body is a function of one particular lifetime.
async fn scope<S: Unwind<E>, R, E>(mut stack: S, body: impl AsyncFnOnce(&S) -> Result<R, E>) -> Result<Option<R>, E> {
    let (value, ending) = ended(caught(body(&stack)).await);
    stack.unwind(ending).await.result(value)
}

impl<E: Send> Unwind<E> for AsyncExitStack<'_, E> {
    async fn unwind(&mut self, mut ending: Ending<E>) -> Ending<E> {
        while let Some(entry) = self.pop() {
            let exited = match entry {
                Entry::Sync(exit) => catch_unwind(AssertUnwindSafe(|| exit(ending.outcome()))),
                Entry::Async(exit) => caught(async { exit.exit(ending.outcome()).await }).await,
            };
            ending.exited(exited);
        }
        ending
    }
}

impl<'a, E> AsyncExitStack<'a, E> {
    fn pop(&mut self) -> Option<Entry<'a, E>> {
        self.entries.get_mut().unwrap_or_else(PoisonError::into_inner).pop()
    }
}

impl<E: Send> Default for AsyncExitStack<'_, E> {
    fn default() -> Self {
        AsyncExitStack::new()
    }
}

impl<E> Drop for AsyncExitStack<'_, E> {
    fn drop(&mut self) {
        let mut ending = Ending::in_drop(self.was_panicking, OutcomeKind::Cancelled);
        while let Some(entry) = self.pop() {
            let exited = catch_unwind(AssertUnwindSafe(|| match entry {
                Entry::Sync(exit) => exit(ending.outcome()),
                Entry::Async(exit) => {
                    exit.cancelled();
                    Ok(Verdict::Pass)
                }
            }));
            ending.exited(exited);
        }
        ending.dropped();
    }
}

impl<E> fmt::Debug for AsyncExitStack<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncExitStack").finish_non_exhaustive()
    }
}
