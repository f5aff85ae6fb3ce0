//! Which attempt is running: what `festoon::attempt()` tells.

use std::cell::Cell;
use std::time::Duration;

use super::site::Policy;
pub(crate) use super::site::empty_slots;
use crate::clock;

/// Which attempt of a `#[retry]` function is running; see [`attempt`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// From 1.
    pub number: u32,
    /// How many there are at most. `None` when they are unlimited, outside of a retry, and during a first attempt: the book of a call is opened
    /// when that one has failed, which is what makes a success free.
    pub maximum: Option<u32>,
    /// How long the call has waited between its attempts so far.
    pub slept: Duration,
    /// Since the call began. Only known where [`maximum`](Attempt::maximum) is, and in a function with `within`, which
    /// reads the clock at the start.
    pub elapsed: Option<Duration>,
}

impl Attempt {
    /// Is it the second one, or a later one?
    #[must_use]
    pub fn is_retry(&self) -> bool {
        self.number > 1
    }

    /// Is it the last one by count, as far as [`maximum`](Attempt::maximum) is known?
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.maximum.is_some_and(|maximum| self.number >= maximum)
    }
}

/// Which attempt of the innermost `#[retry]` function is running here: in its body, in what the body calls on this
/// thread or takes to another by `#[offload]`, and in its hooks. Outside of any it is attempt 1.
///
/// ```
/// use festoon::retry;
///
/// #[retry(attempts = 3, wait = fixed(1ms))]
/// fn third_time_lucky() -> Option<u32> {
///     let number = festoon::attempt().number;
///     (number == 3).then_some(number)
/// }
///
/// assert_eq!(third_time_lucky(), Some(3));
/// assert_eq!(festoon::attempt().number, 1);
/// ```
#[must_use]
pub fn attempt() -> Attempt {
    let frame = CURRENT.get();
    Attempt {
        number: frame.number.max(1),
        maximum: (frame.number > 0 && frame.maximum != Policy::UNLIMITED).then_some(frame.maximum),
        slept: Duration::from_nanos(frame.slept),
        elapsed: (frame.started > 0).then(|| clock::duration(clock::ticks().saturating_sub(frame.started))),
    }
}

/// What this thread knows about the running attempt. `number` is zero when nobody keeps the book.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    pub(super) number: u32,
    pub(super) maximum: u32,
    /// In nanoseconds.
    pub(super) slept: u64,
    /// In ticks; zero when the clock was not read.
    pub(super) started: u64,
}

impl Frame {
    const OUTSIDE: Frame = Frame { number: 0, maximum: 0, slept: 0, started: 0 };

    /// Of a call that has not waited yet.
    pub(super) fn first(maximum: u32) -> Self {
        Frame { number: 1, maximum, ..Frame::OUTSIDE }
    }

    /// Is an attempt of somebody else running on this thread, whose number a first attempt has to hide?
    #[inline]
    pub(super) fn is_inside() -> bool {
        CURRENT.with(|current| current.get().number != 0)
    }

    /// Makes it the current one until the guard is dropped.
    pub(super) fn enter(self) -> Entered {
        empty_slots();
        Entered { outer: CURRENT.replace(self) }
    }

    /// What this thread knows, for work that goes to another one.
    pub(crate) fn current() -> Self {
        CURRENT.get()
    }

    /// Makes it the current one of the thread that the work has come to, where it differs.
    pub(crate) fn carry(self) -> Option<Entered> {
        (self.number != 0 || Frame::is_inside()).then(|| self.enter())
    }

    /// The next attempt of the same call: it takes the place of the one before.
    pub(super) fn follow(self) {
        CURRENT.set(self);
    }
}

/// Gives the thread back what it knew before.
pub struct Entered {
    outer: Frame,
}

impl Drop for Entered {
    #[inline]
    fn drop(&mut self) {
        CURRENT.set(self.outer);
    }
}

thread_local! {
    static CURRENT: Cell<Frame> = const { Cell::new(Frame::OUTSIDE) };
}
