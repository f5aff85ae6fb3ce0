//! An adaptive limit: `Gradient2` of Netflix's concurrency limits, with the decrease of AIMD after a failure.

use std::sync::Mutex;
use std::time::Duration;

use crate::sync::lock;

/// How much slower than the average calls may be before the limit shrinks.
const TOLERANCE: f64 = 1.5;
/// The share of the limit that is left after a failure.
const BACKOFF: f64 = 0.9;
/// How much of each change is applied at once.
const SMOOTHING: f64 = 0.2;
/// The number of calls that the average covers.
const AVERAGE_OVER: f64 = 600.0;
/// The number of initial calls that are averaged without weights.
const WARM_UP: f64 = 10.0;

/// What is known about the calls so far.
#[derive(Debug)]
pub(super) struct Adaptive {
    first: u32,
    most: u32,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Copy)]
struct State {
    limit: f64,
    /// The average duration of a call, in seconds.
    average: f64,
    calls: f64,
}

impl Adaptive {
    pub(super) const fn new(first: u32, most: u32) -> Self {
        let state = Mutex::new(State { limit: first as f64, average: 0.0, calls: 0.0 });
        Adaptive { first, most, state }
    }

    pub(super) fn fresh(&self) -> Self {
        Adaptive::new(self.first, self.most)
    }

    /// Called after a call that took this long, while this many were running. Returns the limit if it has changed.
    pub(super) fn after(&self, took: Duration, failed: bool, running: u64) -> Option<u32> {
        let mut state = lock(&self.state);
        let before = state.whole();
        state.learn(took.as_secs_f64(), failed, running);
        state.limit = state.limit.clamp(1.0, f64::from(self.most));
        let limit = state.whole();
        (limit != before).then_some(limit)
    }
}

impl State {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 1 and a `u32`")]
    fn whole(self) -> u32 {
        self.limit as u32
    }

    #[allow(clippy::cast_precision_loss, reason = "2^53 concurrent calls are out of reach")]
    fn learn(&mut self, took: f64, failed: bool, running: u64) {
        if failed {
            self.limit *= BACKOFF;
            return;
        }
        self.average(took);
        // A limit that calls do not reach cannot be judged by them.
        if (running as f64) < self.limit / 2.0 {
            return;
        }
        // A limit leaves room for a queue, which is where a larger limit would show first.
        let gradient = (TOLERANCE * self.average / took.max(1e-9)).clamp(0.5, 1.0);
        let next = self.limit * gradient + self.limit.sqrt();
        self.limit = self.limit * (1.0 - SMOOTHING) + next * SMOOTHING;
    }

    fn average(&mut self, took: f64) {
        self.calls += 1.0;
        let weight = if self.calls <= WARM_UP { 1.0 / self.calls } else { 2.0 / (AVERAGE_OVER + 1.0) };
        self.average += (took - self.average) * weight;
        // After an overload, an average that is far too high comes down faster.
        if self.average / took.max(1e-9) > 2.0 {
            self.average *= 0.95;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn limit(adaptive: &Adaptive) -> u32 {
        lock(&adaptive.state).whole()
    }

    #[test]
    fn it_grows_as_long_as_calls_are_quick_up_to_the_most() {
        let adaptive = Adaptive::new(10, 40);
        (0..100).for_each(|_| _ = adaptive.after(10 * MS, false, u64::from(limit(&adaptive))));
        assert_eq!(limit(&adaptive), 40);
    }

    #[test]
    fn it_stays_where_few_calls_run() {
        let adaptive = Adaptive::new(10, 40);
        assert!((0..100).all(|_| adaptive.after(10 * MS, false, 2).is_none()));
    }

    #[test]
    fn it_shrinks_when_calls_get_slower() {
        let adaptive = Adaptive::new(40, 40);
        (0..100).for_each(|_| _ = adaptive.after(10 * MS, false, 40));
        (0..50).for_each(|_| _ = adaptive.after(100 * MS, false, 40));
        assert!(limit(&adaptive) < 20, "{adaptive:?}");
    }

    #[test]
    fn a_failure_takes_a_tenth_and_one_is_left() {
        let adaptive = Adaptive::new(100, 200);
        assert_eq!(adaptive.after(MS, true, 1), Some(90));
        (0..200).for_each(|_| _ = adaptive.after(MS, true, 1));
        assert_eq!(limit(&adaptive), 1);
    }
}
