//! The limits on the number and duration of attempts.

use std::time::Duration;

use super::budget::Budget;
use super::site::Policy;
use crate::clock;
use crate::deadline::{self, Entered, NEVER};

/// The limits of one call.
#[derive(Clone, Copy)]
pub struct Bounds {
    attempts: Option<u32>,
    /// When the call started, in ticks; zero if that is not needed.
    pub(super) started: u64,
    /// The deadline, in ticks.
    pub(super) deadline: u64,
    pub(super) budget: Option<&'static Budget>,
}

impl Bounds {
    /// Those of the policy, and no others.
    pub(super) const NONE: Bounds = Bounds { attempts: None, started: 0, deadline: NEVER, budget: None };

    #[inline]
    pub(super) fn attempts(&self, policy: &Policy) -> u32 {
        self.attempts.unwrap_or(policy.attempts)
    }
}

/// How a function limits its calls.
pub trait Limits: Copy {
    /// Undone when the call ends.
    type Below;

    /// A call starts.
    fn begin(self);
    /// Sets the deadline for the functions that the call calls.
    fn enter(self) -> Self::Below;
    /// What they are.
    fn bounds(&self) -> &Bounds;
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
    fn bounds(&self) -> &Bounds {
        &Bounds::NONE
    }
}

/// They are computed when the call starts.
#[derive(Clone, Copy)]
pub struct Given(Bounds);

impl Given {
    /// At least one attempt, since a function has to return something.
    #[inline]
    pub fn new(attempts: Option<u32>, within: Option<Duration>) -> Self {
        let started = if within.is_some() { clock::ticks() } else { 0 };
        let deadline = within.map_or(NEVER, |length| started.saturating_add(clock::ticks_in(length)));
        Given(Bounds { attempts: attempts.map(|most| most.max(1)), started, deadline, budget: None })
    }

    /// Also measures how long the call takes.
    #[inline]
    #[must_use]
    pub fn started(self) -> Self {
        if self.0.started == 0 { Given(Bounds { started: clock::ticks(), ..self.0 }) } else { self }
    }
}

/// With a budget that many calls share.
#[inline]
pub fn budgeted(limits: impl Limits, budget: &'static Budget) -> Given {
    Given(Bounds { budget: Some(budget), ..*limits.bounds() })
}

impl Limits for Given {
    type Below = Option<Entered>;

    #[inline]
    fn begin(self) {
        if let Some(budget) = self.0.budget {
            budget.called();
        }
    }

    #[inline]
    fn enter(self) -> Option<Entered> {
        (self.0.deadline != NEVER).then(|| deadline::enter(self.0.deadline))
    }

    #[inline]
    fn bounds(&self) -> &Bounds {
        &self.0
    }
}
