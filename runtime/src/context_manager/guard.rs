//! An entered value, held by a local variable.

use std::any::type_name;
use std::fmt;
use std::marker::PhantomData;
use std::mem;
use std::ops::{Deref, DerefMut};

use super::exit::{told, told_in_drop};
use super::{AsyncExit, Exit, Manager, Verdict};
use crate::Outcome;

/// Holds an entered [`Manager`], and exits it when it is dropped, or in [`finish`](Self::finish).
///
/// ```
/// use festoon::{Guard, Outcome};
/// use festoon::managers::callback;
///
/// let guard: Guard<_, String> = Guard::new(callback(|how| println!("{}", how.name())));
/// guard.finish(Outcome::Success).unwrap(); // dropped, it would print "dropped"
/// ```
///
/// `#[derive(Guard)]` turns your own struct into a guard.
#[must_use = "a guard that is not bound to a variable exits at once"]
pub struct Guard<A: Exit<E>, E> {
    active: Option<A>,
    /// It may be entered in a destructor during unwinding; that panic is not its scope's.
    was_panicking: bool,
    /// Inside a future: if it is dropped, the future was cancelled.
    in_future: bool,
    error: PhantomData<fn(E)>,
}

impl<A: Exit<E>, E> Guard<A, E> {
    /// Enters the manager.
    ///
    /// # Errors
    ///
    /// Those of entering.
    pub fn enter<M: Manager<Active = A>>(manager: M) -> Result<Self, M::EnterError> {
        manager.enter().map(Self::new)
    }

    /// Holds a value that is already entered.
    #[inline]
    pub fn new(active: A) -> Self {
        Guard { active: Some(active), was_panicking: std::thread::panicking(), in_future: false, error: PhantomData }
    }

    /// The same in a block that takes it at every other way out: only a panic drops it.
    #[inline]
    pub(crate) fn in_block(active: A) -> Self {
        Guard { active: Some(active), was_panicking: false, in_future: false, error: PhantomData }
    }

    /// The same in an async body with an `.await`.
    #[inline]
    pub(crate) fn in_future(active: A) -> Self {
        let mut guard = Guard::new(active);
        guard.in_future = true;
        guard
    }

    /// Exits now, with this outcome.
    ///
    /// # Errors
    ///
    /// The exit's error, if there is no other error to store it in.
    #[inline]
    pub fn finish(self, how: Outcome<'_, E>) -> Result<Verdict<E>, E> {
        told(self.defuse(), how)
    }

    /// Returns the value without exiting it.
    #[inline]
    pub fn defuse(mut self) -> A {
        let active = self.active.take();
        // There is nothing left to drop, but the compiler does not see that.
        mem::forget(self);
        active.unwrap_or_else(|| unreachable!("festoon: a guard is taken once, at its end"))
    }
}

impl<A: Exit<E>, E> Drop for Guard<A, E> {
    #[inline]
    fn drop(&mut self) {
        let Some(active) = self.active.take() else { return };
        let is_panic = std::thread::panicking() && !self.was_panicking;
        let how = match self.in_future {
            _ if is_panic => Outcome::Panic(None),
            true => Outcome::Cancelled,
            false => Outcome::Dropped,
        };
        told_in_drop(type_name::<A>(), || told(active, how));
    }
}

impl<A: Exit<E>, E> Deref for Guard<A, E> {
    type Target = A;

    #[inline]
    fn deref(&self) -> &A {
        self.active.as_ref().unwrap_or_else(|| unreachable!("festoon: a guard is taken once, at its end"))
    }
}

impl<A: Exit<E>, E> DerefMut for Guard<A, E> {
    #[inline]
    fn deref_mut(&mut self) -> &mut A {
        self.active.as_mut().unwrap_or_else(|| unreachable!("festoon: a guard is taken once, at its end"))
    }
}

impl<A: Exit<E> + fmt::Debug, E> fmt::Debug for Guard<A, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Guard").field(&self.active).finish()
    }
}

/// Holds an entered async manager. If it is dropped, `cancelled` is called, since nothing can be awaited then.
pub struct AsyncHeld<A: AsyncExit<E>, E: Send> {
    active: Option<A>,
    error: PhantomData<fn(E)>,
}

impl<A: AsyncExit<E>, E: Send> AsyncHeld<A, E> {
    pub(crate) fn new(active: A) -> Self {
        AsyncHeld { active: Some(active), error: PhantomData }
    }

    /// Returns the value without cancelling it.
    pub fn defuse(mut self) -> A {
        self.active.take().unwrap_or_else(|| unreachable!("festoon: a guard is taken once, at its end"))
    }
}

impl<A: AsyncExit<E>, E: Send> Drop for AsyncHeld<A, E> {
    fn drop(&mut self) {
        if let Some(active) = self.active.take() {
            told_in_drop::<E>(type_name::<A>(), || {
                active.cancelled();
                Ok(Verdict::Pass)
            });
        }
    }
}

impl<A: AsyncExit<E>, E: Send> Deref for AsyncHeld<A, E> {
    type Target = A;

    fn deref(&self) -> &A {
        self.active.as_ref().unwrap_or_else(|| unreachable!("festoon: a guard is taken once, at its end"))
    }
}

impl<A: AsyncExit<E>, E: Send> DerefMut for AsyncHeld<A, E> {
    fn deref_mut(&mut self) -> &mut A {
        self.active.as_mut().unwrap_or_else(|| unreachable!("festoon: a guard is taken once, at its end"))
    }
}

/// Holds an entered value until all are entered.
#[inline]
pub fn hold<A: Exit<E>, E>(active: A) -> Guard<A, E> {
    Guard::in_block(active)
}

/// The same in an async body with an `.await`: if it is dropped inside, the future was cancelled.
#[inline]
pub fn hold_in_future<A: Exit<E>, E>(active: A) -> Guard<A, E> {
    Guard::in_future(active)
}

/// Holds a value that was entered with `.await`.
pub fn hold_async<A: AsyncExit<E>, E: Send>(active: A) -> AsyncHeld<A, E> {
    AsyncHeld::new(active)
}
