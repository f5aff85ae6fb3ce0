//! The current attempt, which `festoon::attempt()` returns.

use std::cell::Cell;
use std::time::Duration;

use super::site::Policy;
pub(crate) use super::site::empty_fast;
use crate::clock;

/// The current attempt of a `#[retry]` function; see [`attempt`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// Starts at 1.
    pub number: u32,
    /// The maximum number of attempts. `None` if they are unlimited, outside of a retry, and during a first attempt:
    /// the state of a call is set up only once that has failed, which is what makes a success free.
    pub maximum: Option<u32>,
    /// How long the call has waited between its attempts so far.
    pub slept: Duration,
    /// The time since the call began. Known only if [`maximum`](Attempt::maximum) is, and in a function with `within`,
    /// which reads the clock at the start.
    pub elapsed: Option<Duration>,
}

impl Attempt {
    /// Returns whether it is not the first attempt.
    #[must_use]
    pub fn is_retry(&self) -> bool {
        self.number > 1
    }

    /// Returns whether it is the last one by count, if [`maximum`](Attempt::maximum) is known.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.maximum.is_some_and(|maximum| self.number >= maximum)
    }
}

/// Returns the current attempt of the innermost `#[retry]` function: in its body, in what the body calls on this thread
/// or moves to another with `#[offload]`, and in its hooks. Outside of any it returns attempt 1.
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
    let frame = Frame::current();
    Attempt {
        number: frame.number.max(1),
        maximum: (frame.number > 0 && frame.maximum != Policy::UNLIMITED).then_some(frame.maximum),
        slept: Duration::from_nanos(frame.slept),
        elapsed: (frame.started > 0).then(|| clock::duration(clock::ticks().saturating_sub(frame.started))),
    }
}

/// What this thread knows about the current attempt. `number` is zero if no call has set up its state.
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

    /// The first attempt of a call, which has not waited yet.
    pub(super) fn first(maximum: u32) -> Self {
        Frame { number: 1, maximum, ..Frame::OUTSIDE }
    }

    /// Is an attempt of another call running on this thread, whose number a first attempt has to hide?
    #[inline]
    pub(super) fn is_inside() -> bool {
        CURRENT.with(|current| current.number.get() != 0)
    }

    /// Makes it the current one until the guard is dropped.
    #[inline]
    pub(super) fn enter(self) -> Entered {
        let outer = Frame::current();
        self.begin();
        Entered { outer }
    }

    /// Makes it the current one.
    #[inline]
    pub(super) fn begin(self) {
        empty_fast();
        CURRENT.with(|current| current.set(self));
    }

    /// No attempt is the current one any more.
    #[inline]
    pub(super) fn leave() {
        CURRENT.with(|current| current.number.set(0));
    }

    /// This thread's frame, for work that moves to another one.
    #[inline]
    pub(crate) fn current() -> Self {
        CURRENT.with(Current::get)
    }

    /// Makes it the current one of the thread that runs the work, if it differs.
    pub(crate) fn carry(self) -> Option<Entered> {
        (self.number != 0 || Frame::is_inside()).then(|| self.enter())
    }

    /// The next attempt of the same call, which has not waited.
    #[inline]
    pub(super) fn follow(self) {
        CURRENT.with(|current| current.number.set(self.number));
    }
}

/// Restores the thread's previous frame.
pub struct Entered {
    outer: Frame,
}

impl Drop for Entered {
    #[inline]
    fn drop(&mut self) {
        CURRENT.with(|current| current.set(self.outer));
    }
}

/// A [`Frame`] of which only the number counts if that is zero. Fields that are written one by one would delay a load of
/// the whole.
struct Current {
    number: Cell<u32>,
    maximum: Cell<u32>,
    slept: Cell<u64>,
    started: Cell<u64>,
}

impl Current {
    #[inline]
    fn get(&self) -> Frame {
        match self.number.get() {
            0 => Frame::OUTSIDE,
            number => {
                Frame { number, maximum: self.maximum.get(), slept: self.slept.get(), started: self.started.get() }
            }
        }
    }

    #[inline]
    fn set(&self, frame: Frame) {
        self.number.set(frame.number);
        if frame.number != 0 {
            self.maximum.set(frame.maximum);
            self.slept.set(frame.slept);
            self.started.set(frame.started);
        }
    }
}

thread_local! {
    static CURRENT: Current = const {
        Current { number: Cell::new(0), maximum: Cell::new(0), slept: Cell::new(0), started: Cell::new(0) }
    };
}
