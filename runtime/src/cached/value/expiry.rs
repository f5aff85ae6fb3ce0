//! The lifetime of a value, computed once from the options when it is stored.

use std::time::Duration;

use crate::cached::value::settings::Settings;
use crate::clock;

/// The deadlines of a value, in ticks; `u64::MAX` is never.
#[derive(Debug, Clone, Copy)]
pub struct Deadlines {
    /// The end of the run.
    pub(in crate::cached) born: u64,
    /// From then on, a call that gets it refreshes it.
    pub(in crate::cached) due: u64,
    /// The end of its `ttl`.
    pub(in crate::cached) expires: u64,
    /// It is returned until then: the same, or `stale` later.
    pub(in crate::cached) stale_until: u64,
    /// Until then it may be returned instead of an error.
    pub(in crate::cached) error_until: u64,
    /// The longest time without a call.
    pub(in crate::cached) idle: u64,
    /// Not a deadline, but computed together with them.
    pub(in crate::cached) weight: u64,
}

impl Deadlines {
    /// The same deadlines, at most this many ticks away.
    pub(in crate::cached) fn within(self, longest: u64) -> Self {
        let end = self.born.saturating_add(longest);
        let [due, expires, stale_until, error_until] =
            [self.due, self.expires, self.stale_until, self.error_until].map(|moment| moment.min(end));
        // Never stays never.
        let due = if self.due == u64::MAX { u64::MAX } else { due };
        Deadlines { due, expires, stale_until, error_until, ..self }
    }
}

/// The durations of `Settings`, in ticks, `u64::MAX` if not set.
#[derive(Debug, Clone, Copy)]
pub(in crate::cached) struct Lengths {
    ttl: u64,
    negative_ttl: u64,
    jitter: u64,
    tti: u64,
    stale: u64,
    refresh_ahead: u64,
    stale_if_error: u64,
    memory_ttl: u64,
}

impl Lengths {
    pub(in crate::cached) fn new(settings: &Settings) -> Self {
        let ticks = |length: Option<Duration>, otherwise| length.map_or(otherwise, clock::ticks_in);
        Lengths {
            ttl: ticks(settings.ttl, u64::MAX),
            negative_ttl: ticks(settings.negative_ttl, ticks(settings.ttl, u64::MAX)),
            jitter: ticks(settings.jitter, 0),
            tti: ticks(settings.tti, u64::MAX),
            stale: ticks(settings.stale, 0),
            refresh_ahead: ticks(settings.refresh_ahead, 0),
            stale_if_error: ticks(settings.stale_if_error, 0),
            memory_ttl: ticks(settings.memory_ttl, u64::MAX),
        }
    }

    /// The deadlines of a value that is created now. `own` is the duration that the function chose for this value.
    pub(in crate::cached) fn deadlines(&self, own: Option<Duration>, is_negative: bool) -> Deadlines {
        let born = clock::ticks();
        let expires = born.saturating_add(self.ttl(own, is_negative).min(self.memory_ttl));
        let stale_until = expires.saturating_add(self.stale);
        let is_refreshed = self.stale > 0 || self.refresh_ahead > 0;
        Deadlines {
            born,
            due: if is_refreshed { expires.saturating_sub(self.refresh_ahead).max(born) } else { u64::MAX },
            expires,
            stale_until,
            error_until: stale_until.saturating_add(self.stale_if_error),
            idle: self.tti,
            weight: 1,
        }
    }

    /// The lifetime of a value, in ticks; `u64::MAX` for ever.
    pub(in crate::cached) fn ttl(&self, own: Option<Duration>, is_negative: bool) -> u64 {
        let ttl = match own {
            _ if is_negative => self.negative_ttl,
            Some(length) => clock::ticks_in(length),
            None => self.ttl,
        };
        self.jittered(ttl)
    }

    /// Shortened by up to `jitter`, so that values that were stored together do not expire together.
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a duration need not be exact"
    )]
    fn jittered(&self, ttl: u64) -> u64 {
        if self.jitter == 0 || ttl == u64::MAX {
            return ttl;
        }
        ttl.saturating_sub((self.jitter as f64 * clock::random()) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deadlines(settings: Settings) -> Deadlines {
        Lengths::new(&settings).deadlines(None, false)
    }

    #[test]
    fn the_longest_of_times_do_not_overflow() {
        let long = Duration::MAX;
        let all = deadlines(Settings::NONE.ttl(long).stale(long).stale_if_error(long).jitter(long));
        assert!(all.born <= all.due && all.due <= all.expires && all.expires <= all.stale_until);
        assert!(all.stale_until <= all.error_until);
    }

    #[test]
    fn without_times_nothing_ever_happens() {
        let never = deadlines(Settings::NONE);
        assert_eq!((never.due, never.expires, never.stale_until, never.idle), (u64::MAX, u64::MAX, u64::MAX, u64::MAX));
    }

    #[test]
    fn a_refresh_that_is_earlier_than_the_value_is_due_at_once() {
        let second = Duration::from_secs(1);
        let early = deadlines(Settings::NONE.ttl(second).refresh_ahead(second * 5));
        assert_eq!(early.due, early.born);
    }
}
