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

/// Context managers as many as you like, exited in the reverse order of entering; Python's `contextlib.ExitStack`.
///
/// All that has been entered can be used together. Each exit is told what the ones before it made of the outcome, and runs even
/// if another one panics.
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
    /// It may be made in a destructor while the thread unwinds: that panic is not its scope's.
    was_panicking: bool,
}

impl<'a, E> ExitStack<'a, E> {
    /// An empty one. Dropped, its exits are told [`Outcome::Dropped`], or `Panic` while the thread unwinds.
    pub fn new() -> Self {
        ExitStack { entries: RefCell::default(), was_panicking: std::thread::panicking() }
    }

    /// Runs the body, and then all exits, told how it ended. `None`: an exit swallowed the error.
    ///
    /// # Errors
    ///
    /// What the exits made of the body's.
    pub fn scope<R>(body: impl FnOnce(&ExitStack<'a, E>) -> Result<R, E>) -> Result<Option<R>, E> {
        let mut stack = ExitStack::new();
        let (value, ending) = ended(catch_unwind(AssertUnwindSafe(|| body(&stack))));
        stack.unwind(ending).result(value)
    }

    /// Enters a manager. Nothing is pushed when that fails.
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

    /// Pushes what needs no entering, or has been entered.
    #[allow(clippy::mut_from_ref, reason = "each is its own: an arena")]
    pub fn push<A: Exit<E> + 'a>(&self, active: A) -> &mut A {
        let (owned, active) = Owned::new(active);
        self.entries.borrow_mut().push(Box::new(move |how| told(owned.take(), how)));
        // SAFETY: `Owned` gives out this pointer once, here. It is valid until the entry is taken out of the stack, which needs
        // `&mut self` or `self`, and so the end of the borrow that is returned.
        #[allow(unsafe_code, reason = "a reference into what the stack owns")]
        unsafe {
            &mut *active
        }
    }

    /// Pushes a function that is told how the scope ended, and may swallow the error or replace it.
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

    /// Moves all exits to a new stack; this one exits nothing any more.
    pub fn pop_all(&mut self) -> Self {
        ExitStack { entries: std::mem::take(&mut self.entries), was_panicking: std::thread::panicking() }
    }

    /// How many exits there are.
    pub fn len(&self) -> usize {
        self.entries.borrow().len()
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Exits all, told that the scope ended well. The stack is empty then, and can be used on.
    ///
    /// # Errors
    ///
    /// What the exits failed with.
    pub fn close(&mut self) -> Result<(), E> {
        self.unwind(Ending::Success).result(Some(())).map(|_| ())
    }

    /// One after the other, so that ten thousand need no stack.
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
