//! How often and how long a call may try.

use std::time::Duration;

use super::site::Site;
use crate::clock;

/// The limits of one call.
pub trait Limits: Copy {
    fn attempts(self, site: &Site) -> u32;
    /// When the call started, in ticks, and how long it may take.
    fn within(self) -> Option<(u64, Duration)>;
}

/// The site knows them, and there is no limit to the time: the clock is not read.
#[derive(Clone, Copy)]
pub struct Known;

impl Limits for Known {
    #[inline]
    fn attempts(self, site: &Site) -> u32 {
        site.policy.attempts
    }

    #[inline]
    fn within(self) -> Option<(u64, Duration)> {
        None
    }
}

/// They are known when the call starts.
#[derive(Clone, Copy)]
pub struct Given {
    attempts: Option<u32>,
    within: Option<(u64, Duration)>,
}

impl Given {
    /// At least one attempt: a function has to return something.
    #[inline]
    pub fn new(attempts: Option<u32>, within: Option<Duration>) -> Self {
        Given { attempts: attempts.map(|most| most.max(1)), within: within.map(|length| (clock::ticks(), length)) }
    }
}

impl Limits for Given {
    #[inline]
    fn attempts(self, site: &Site) -> u32 {
        self.attempts.unwrap_or(site.policy.attempts)
    }

    #[inline]
    fn within(self) -> Option<(u64, Duration)> {
        self.within
    }
}
