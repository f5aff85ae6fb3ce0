//! The waits, compared with their formulas.
//!
//! `linear`, `exponential` and `uniform` are tenacity's (`tenacity/wait.py`: `wait_incrementing`, `wait_exponential`,
//! `wait_random`), its `min`, `max` and sums too; the jitters `full`, `equal` and the decorrelated wait are those of AWS
//! (`aws-samples/aws-arch-backoff-simulator`, `src/backoff_simulator.py`); `fibonacci` is backon's; additive jitter is
//! tenacity's `wait_exponential_jitter`.

use std::time::Duration;

use festoon::{Decorated, Jitter, Wait, retry};
use proptest::prelude::*;

use super::ms;

/// Seconds, of whatever size.
fn seconds(wait: Duration) -> f64 {
    wait.as_secs_f64()
}

fn close(wait: Duration, formula: f64) -> bool {
    (seconds(wait) - formula).abs() <= formula * 1e-9 + 1e-8
}

/// The `n`th wait, from 1.
fn nth(wait: &Wait, n: u32) -> Duration {
    wait.delays().nth(n as usize - 1).unwrap()
}

fn length() -> impl Strategy<Value = Duration> {
    (0..10_000_000_u64).prop_map(Duration::from_micros)
}

proptest! {
    #[test]
    fn linear_is_start_and_steps(start in length(), step in length(), max in length(), n in 1..500_u32) {
        let wait = nth(&Wait::linear(start, step).max(max), n);
        prop_assert!(close(wait, (seconds(start) + seconds(step) * f64::from(n - 1)).min(seconds(max))));
    }

    #[test]
    fn exponential_is_a_power_between_its_limits(
        base in length(), factor in 1.0..5.0_f64, min in length(), more in length(), n in 1..2000_u32,
    ) {
        let max = min + more;
        let wait = nth(&Wait::exponential(base).factor(factor).min(min).max(max).jitter(Jitter::None), n);
        let power = seconds(base) * factor.powi(i32::try_from(n - 1).unwrap());
        let power = if base.is_zero() { 0.0 } else { power };
        prop_assert!(close(wait, power.min(seconds(max)).max(seconds(min))), "{wait:?}");
    }

    #[test]
    fn uniform_is_between_both(from in length(), more in length(), n in 1..50_u32) {
        let wait = nth(&Wait::uniform(from, from + more), n);
        prop_assert!((from..=from + more).contains(&wait));
    }

    #[test]
    fn full_jitter_is_between_the_least_and_the_wait(base in length(), min in length(), max in length(), n in 1..40_u32) {
        let plain = Wait::exponential(base).min(min).max(max.max(min));
        let (most, wait) = (nth(&plain.clone().jitter(Jitter::None), n), nth(&plain.jitter(Jitter::Full), n));
        prop_assert!((min..=most).contains(&wait), "{wait:?}");
    }

    #[test]
    fn equal_jitter_is_in_the_upper_half(base in length(), max in length(), n in 1..40_u32) {
        let plain = Wait::fibonacci(base).max(max);
        let (most, wait) = (nth(&plain.clone().jitter(Jitter::None), n), nth(&plain.jitter(Jitter::Equal), n));
        prop_assert!((most / 2..=most).contains(&wait), "{wait:?}");
    }

    #[test]
    fn additive_jitter_comes_on_top_and_below_the_cap(base in length(), more in length(), max in length(), n in 1..40_u32) {
        let plain = Wait::exponential(base).max(max);
        let least = nth(&plain.clone().jitter(Jitter::None), n);
        let wait = nth(&plain.jitter(Jitter::Plus(more)), n);
        prop_assert!((least..=(least + more).min(max)).contains(&wait), "{wait:?}");
    }

    #[test]
    fn decorrelated_is_between_its_base_and_thrice_the_wait_before(base in length(), max in length()) {
        let max = max.max(base);
        let waits: Vec<_> = Wait::decorrelated(base).max(max).delays().take(20).collect();
        let mut before = base;
        for wait in waits {
            prop_assert!(wait >= base && wait <= max && seconds(wait) <= 3.0 * seconds(before) + 1e-8);
            before = wait;
        }
    }

    #[test]
    fn a_sum_is_the_sum_of_its_parts(a in length(), step in length(), b in length(), n in 1..50_u32) {
        let sum = Wait::linear(a, step) + Wait::fixed(b) + Wait::chain([a, b]);
        let parts = nth(&Wait::linear(a, step), n) + b + if n == 1 { a } else { b };
        prop_assert_eq!(nth(&sum, n), parts);
    }
}

/// The values in tenacity's own tests of `wait_exponential(multiplier, min, max)`.
#[test]
fn tenacitys_values() {
    let s = Duration::from_secs;
    let values = |wait: Wait, many: usize| -> Vec<u64> {
        wait.jitter(Jitter::None).delays().take(many).map(|wait| wait.as_secs()).collect()
    };
    assert_eq!(values(Wait::exponential(s(1)).max(s(40)), 8), [1, 2, 4, 8, 16, 32, 40, 40]);
    assert_eq!(values(Wait::exponential(s(1)).min(s(20)), 8), [20, 20, 20, 20, 20, 32, 64, 128]);
    assert_eq!(values(Wait::exponential(s(2)).min(s(20)), 8), [20, 20, 20, 20, 32, 64, 128, 256]);
    assert_eq!(values(Wait::exponential(s(1)).min(s(10)).max(s(100)), 8), [10, 10, 10, 10, 16, 32, 64, 100]);
    assert_eq!(values(Wait::linear(s(0), s(100)), 4), [0, 100, 200, 300]);
}

/// tenacity's means of `wait_random_exponential(0.5, max=60)`, over 4,000 draws, to 8 %.
#[test]
fn full_jitter_has_the_mean_of_half_the_wait() {
    let _clock = festoon::testing::clock();
    let wait = Wait::exponential(ms(500)).max(Duration::from_secs(60));
    for (n, mean) in [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0].into_iter().enumerate() {
        let drawn = (0..4000).map(|_| seconds(wait.delays().nth(n).unwrap())).sum::<f64>() / 4000.0;
        assert!((drawn / mean - 1.0).abs() < 0.08, "{n}: {drawn} and {mean}");
    }
}

macro_rules! slept {
    ($($option:tt)*) => {{
        #[retry(attempts = 4, $($option)*)]
        fn fails() -> Result<(), ()> {
            Err(())
        }
        let clock = festoon::testing::clock();
        assert!(fails().is_err());
        clock.sleeps()
    }};
}

#[test]
fn fixed_linear_and_chain_are_as_written() {
    assert_eq!(slept!(wait = fixed(100ms)), [ms(100); 3]);
    assert_eq!(slept!(wait = linear(10ms, 5ms)), [ms(10), ms(15), ms(20)]);
    assert_eq!(slept!(wait = chain[1ms, 5ms]), [ms(1), ms(5), ms(5)]);
    assert!(slept!(wait = fixed(100ms), jitter = full).iter().all(|wait| *wait < ms(100)));
}

#[test]
fn limits_and_sums_in_the_attribute() {
    assert_eq!(slept!(wait = exponential(1ms, min = 3ms, max = 4ms), jitter = none), [ms(3), ms(3), ms(4)]);
    let sum = slept!(wait = exponential(100ms, jitter = none) + uniform(0ms, 50ms));
    assert!(
        sum.iter().zip([100, 200, 400]).all(|(wait, least)| (ms(least)..=ms(least + 50)).contains(wait)),
        "{sum:?}"
    );
    assert!(sum.iter().zip([100, 200, 400]).any(|(wait, least)| *wait != ms(least)));
    const MORE: Duration = ms(7);
    let plus = slept!(wait = fixed(10ms), jitter = plus(MORE));
    assert!(plus.iter().all(|wait| (ms(10)..=ms(17)).contains(wait)) && plus[0] != plus[1], "{plus:?}");
    assert_eq!(slept!(wait = fixed(MORE) + chain[1ms, 2ms]), [ms(8), ms(9), ms(9)]);
}

#[retry(attempts = unlimited, within = 1s, wait = fixed(30ms))]
fn patient(calls: &std::cell::Cell<u32>) -> Option<()> {
    calls.set(calls.get() + 1);
    assert!(calls.get() == 1 || festoon::attempt().maximum.is_none());
    None
}

#[test]
fn unlimited_attempts_end_with_the_time() {
    let _clock = festoon::testing::clock();
    let calls = std::cell::Cell::new(0);
    assert_eq!(patient(&calls), None);
    assert_eq!((calls.get(), patient.retries().gave_up), (34, 1));
}

#[tokio::test]
async fn unlimited_attempts_end_with_a_cancellation() {
    #[retry(attempts = unlimited, wait = fixed(1ms))]
    async fn endless() -> Option<()> {
        tokio::task::yield_now().await;
        None
    }
    let _clock = festoon::testing::clock();
    let enough = async {
        while endless.retries().retried < 500 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = endless() => unreachable!(),
        () = enough => {}
    }
    assert!(endless.retries().retried >= 500);
}
