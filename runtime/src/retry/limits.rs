//! The limits on the number and duration of attempts.

use std::time::Duration;

use super::budget::Budget;
use super::site::Policy;
use crate::clock;
use crate::deadline::{self, Entered, NEVER};

/// The limits of one call.
pub trait Limits: Copy {
    /// Undone when the call ends.
    type Below;

    /// A call starts.
    fn begin(self);
    /// Sets the deadline for the functions that the call calls.
    fn enter(self) -> Self::Below;
    fn attempts(self, policy: &Policy) -> u32;
    /// When the call started, in ticks; zero if that is not needed.
    fn started(self) -> u64;
    /// The deadline, in ticks.
    fn deadline(self) -> u64;
    fn budget(self) -> Option<&'static Budget>;
}

/// The policy contains them, and there is no time limit: the clock is not read.
#[derive(Clone, Copy)]
pub struct Known;

impl Limits for Known {
    type Below = ();

    #[inline]
    fn begin(self) {}

    #[inline]
    fn enter(self) {}

    #[inline]
    fn attempts(self, policy: &Policy) -> u32 {
        policy.attempts
    }

    #[inline]
    fn started(self) -> u64 {
        0
    }

    #[inline]
    fn deadline(self) -> u64 {
        NEVER
    }

    #[inline]
    fn budget(self) -> Option<&'static Budget> {
        None
    }
}

/// They are computed when the call starts.
#[derive(Clone, Copy)]
pub struct Given {
    attempts: Option<u32>,
    started: u64,
    deadline: u64,
}

impl Given {
    /// At least one attempt, since a function has to return something.
    #[inline]
    pub fn new(attempts: Option<u32>, within: Option<Duration>) -> Self {
        let started = if within.is_some() { clock::ticks() } else { 0 };
        let deadline = within.map_or(NEVER, |length| started.saturating_add(clock::ticks_in(length)));
        Given { attempts: attempts.map(|most| most.max(1)), started, deadline }
    }

    /// Also measures how long the call takes.
    #[inline]
    #[must_use]
    pub fn started(self) -> Self {
        if self.started == 0 { Given { started: clock::ticks(), ..self } } else { self }
    }
}

impl Limits for Given {
    type Below = Option<Entered>;

    #[inline]
    fn begin(self) {}

    #[inline]
    fn enter(self) -> Option<Entered> {
        (self.deadline != NEVER).then(|| deadline::enter(self.deadline))
    }

    #[inline]
    fn attempts(self, policy: &Policy) -> u32 {
        self.attempts.unwrap_or(policy.attempts)
    }

    #[inline]
    fn started(self) -> u64 {
        self.started
    }

    #[inline]
    fn deadline(self) -> u64 {
        self.deadline
    }

    #[inline]
    fn budget(self) -> Option<&'static Budget> {
        None
    }
}

/// Another limit, with a budget that many calls share.
#[derive(Clone, Copy)]
pub struct Budgeted<L> {
    limits: L,
    budget: &'static Budget,
}

impl<L: Limits> Budgeted<L> {
    /// Combines both.
    #[inline]
    pub fn new(limits: L, budget: &'static Budget) -> Self {
        Budgeted { limits, budget }
    }
}

impl<L: Limits> Limits for Budgeted<L> {
    type Below = L::Below;

    #[inline]
    fn begin(self) {
        self.budget.called();
    }

    #[inline]
    fn enter(self) -> L::Below {
        self.limits.enter()
    }

    #[inline]
    fn attempts(self, policy: &Policy) -> u32 {
        self.limits.attempts(policy)
    }

    #[inline]
    fn started(self) -> u64 {
        self.limits.started()
    }

    #[inline]
    fn deadline(self) -> u64 {
        self.limits.deadline()
    }

    #[inline]
    fn budget(self) -> Option<&'static Budget> {
        Some(self.budget)
    }
}
