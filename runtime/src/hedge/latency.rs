//! How long recent calls took.

use std::sync::Mutex;
use std::time::Duration;

use crate::sync::lock;

/// The number of calls that are kept.
const LAST: usize = 256;
/// The minimum number of calls for a percentile.
const LEAST: u64 = 20;
/// The percentile is computed again after this many calls.
const EVERY: u64 = 16;

/// The durations of recent calls.
#[derive(Debug)]
pub(super) struct Latencies(Mutex<State>);

#[derive(Debug)]
struct State {
    last: [u64; LAST],
    calls: u64,
    /// The computed percentile, and the number of calls at that time.
    counted: Option<(u64, Duration)>,
}

impl Latencies {
    pub(super) const fn new() -> Self {
        Latencies(Mutex::new(State { last: [0; LAST], calls: 0, counted: None }))
    }

    #[allow(clippy::cast_possible_truncation, reason = "it is below `LAST`")]
    pub(super) fn add(&self, took: Duration) {
        let mut state = lock(&self.0);
        let place = (state.calls % LAST as u64) as usize;
        state.last[place] = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        state.calls += 1;
    }

    /// The duration that this share of the calls did not exceed.
    pub(super) fn of(&self, share: f64) -> Option<Duration> {
        let mut state = lock(&self.0);
        if state.calls < LEAST {
            return None;
        }
        let calls = state.calls;
        match state.counted {
            Some((at, length)) if calls - at < EVERY => Some(length),
            _ => {
                let length = state.count(share);
                state.counted = Some((calls, length));
                Some(length)
            }
        }
    }
}

impl State {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "it is at most `LAST`"
    )]
    fn count(&self, share: f64) -> Duration {
        let many = self.calls.min(LAST as u64) as usize;
        let mut sorted = self.last;
        sorted[..many].sort_unstable();
        let at = ((many as f64 * share).ceil() as usize).clamp(1, many);
        Duration::from_nanos(sorted[at - 1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_that_of_the_last_calls() {
        let latencies = Latencies::new();
        for millis in 1..=19 {
            latencies.add(Duration::from_millis(millis));
        }
        assert_eq!(latencies.of(0.5), None, "too few");
        latencies.add(Duration::from_millis(20));
        assert_eq!(latencies.of(0.5), Some(Duration::from_millis(10)));
        for _ in 0..LAST {
            latencies.add(Duration::from_millis(7));
        }
        assert_eq!(latencies.of(0.5), Some(Duration::from_millis(7)));
    }

    #[test]
    fn of_a_hundred_calls_the_ninety_fifth() {
        let latencies = Latencies::new();
        (1..=100).for_each(|millis| latencies.add(Duration::from_millis(millis)));
        assert_eq!(latencies.of(0.95), Some(Duration::from_millis(95)));
    }
}
