//! Any number of exits, in the reverse order of entering.

use std::cell::RefCell;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::ending::{Ending, ended};
use super::exit::told;
use super::owned::Owned;
use super::{Exit, Manager, Verdict};
use crate::{Outcome, OutcomeKind};

type Entry<'a, E> = Box<dyn FnOnce(Outcome<'_, E>) -> Result<Verdict<E>, E> + 'a>;

/// Any number of context managers, exited in the reverse order of entering; Python's `contextlib.ExitStack`.
///
/// You can use all entered values at the same time. Each exit receives the outcome as the exits before it left it, and
/// runs even if another one panics.
///
/// ```
/// use festoon::managers::closing;
/// use festoon::{ExitStack, OutcomeKind};
/// use std::cell::RefCell;
///
/// let events = RefCell::new(Vec::new());
/// let value = ExitStack::scope(|stack| {
///     stack.callback(|| events.borrow_mut().push("closed"));
///     let numbers = stack.push(closing(vec![1, 2], drop));
///     let more = stack.push(closing(vec![3], drop));
///     numbers.append(more);
///     Ok::<_, String>(numbers.len())
/// });
/// assert_eq!(value, Ok(Some(3)));
/// assert_eq!(events.take(), ["closed"]);
/// ```
#[must_use = "a stack that nobody holds exits at once"]
pub struct ExitStack<'a, E> {
    entries: RefCell<Vec<Entry<'a, E>>>,
    /// It may be created in a destructor during unwinding; that panic is not its scope's.
    was_panicking: bool,
}

impl<'a, E> ExitStack<'a, E> {
    /// Creates an empty stack. If it is dropped, its exits receive [`Outcome::Dropped`], or `Panic` during unwinding.
    pub fn new() -> Self {
        ExitStack { entries: RefCell::default(), was_panicking: std::thread::panicking() }
    }

    /// Runs the body, and then all exits, which receive its outcome. Returns `None` if an exit swallowed the error.
    ///
    /// # Errors
    ///
    /// The body's error, as the exits left it.
    pub fn scope<R>(body: impl FnOnce(&ExitStack<'a, E>) -> Result<R, E>) -> Result<Option<R>, E> {
        let mut stack = ExitStack::new();
        let (value, ending) = ended(catch_unwind(AssertUnwindSafe(|| body(&stack))));
        stack.unwind(ending).result(value)
    }

    /// Enters a manager. Nothing is pushed if that fails.
    ///
    /// # Errors
    ///
    /// Those of entering.
    #[allow(clippy::mut_from_ref, reason = "each is its own: an arena")]
    pub fn enter<M: Manager>(&self, manager: M) -> Result<&mut M::Active, M::EnterError>
    where
        M::Active: Exit<E> + 'a,
    {
        manager.enter().map(|active| self.push(active))
    }

    /// Pushes a value that is already entered.
    #[allow(clippy::mut_from_ref, reason = "each is its own: an arena")]
    pub fn push<A: Exit<E> + 'a>(&self, active: A) -> &mut A {
        let (owned, active) = Owned::new(active);
        self.entries.borrow_mut().push(Box::new(move |how| told(owned.take(), how)));
        // SAFETY: `Owned` returns this pointer once, here. It is valid until the entry is removed from the stack, which
        // needs `&mut self` or `self`, and so ends the borrow that is returned.
        #[allow(unsafe_code, reason = "a reference into what the stack owns")]
        unsafe {
            &mut *active
        }
    }

    /// Pushes a function that receives the outcome of the scope, and may swallow or replace its error.
    pub fn push_exit(&self, exit: impl FnOnce(Outcome<'_, E>) -> Result<Verdict<E>, E> + 'a) {
        self.entries.borrow_mut().push(Box::new(exit));
    }

    /// Pushes a function that is called at the end.
    pub fn callback(&self, callback: impl FnOnce() + 'a) {
        self.push_exit(move |_| {
            callback();
            Ok(Verdict::Pass)
        });
    }

    /// Moves all exits to a new stack, and leaves this one empty.
    pub fn pop_all(&mut self) -> Self {
        ExitStack { entries: std::mem::take(&mut self.entries), was_panicking: std::thread::panicking() }
    }

    /// Returns the number of exits.
    pub fn len(&self) -> usize {
        self.entries.borrow().len()
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
    pub fn close(&mut self) -> Result<(), E> {
        self.unwind(Ending::Success).result(Some(())).map(|_| ())
    }

    /// Iterates instead of recursing, so that ten thousand exits do not overflow the stack.
    fn unwind(&mut self, mut ending: Ending<E>) -> Ending<E> {
        while let Some(exit) = self.entries.get_mut().pop() {
            let exited = catch_unwind(AssertUnwindSafe(|| exit(ending.outcome())));
            ending.exited(exited);
        }
        ending
    }
}

impl<E> Default for ExitStack<'_, E> {
    fn default() -> Self {
        ExitStack::new()
    }
}

impl<E> Drop for ExitStack<'_, E> {
    fn drop(&mut self) {
        self.unwind(Ending::in_drop(self.was_panicking, OutcomeKind::Dropped)).dropped();
    }
}

impl<E> fmt::Debug for ExitStack<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExitStack").field("len", &self.entries.borrow().len()).finish_non_exhaustive()
    }
}
