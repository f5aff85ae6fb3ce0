//! How long to leave a failing server alone.

use std::time::Duration;

/// The pause after the first failure; it doubles with each one that follows.
const FIRST: Duration = Duration::from_millis(300);

/// The longest pause.
const LONGEST: Duration = Duration::from_secs(10);

/// The pause after this many failures in a row: `min(2^n * 300 ms, 10 s)`, shortened at random by up to a half, so that
/// processes do not retry together.
pub(crate) fn pause(failures: u32) -> Duration {
    let longest = FIRST.saturating_mul(1_u32.checked_shl(failures).unwrap_or(u32::MAX)).min(LONGEST);
    longest.mul_f64(0.5 + fastrand::f64() / 2.0)
}

#[cfg(test)]
mod tests {
    use super::pause;

    #[test]
    fn pauses_grow_up_to_ten_seconds() {
        for (failures, longest) in
            [(0, 300), (1, 600), (2, 1200), (5, 9600), (6, 10_000), (40, 10_000), (u32::MAX, 10_000)]
        {
            let pause = pause(failures).as_millis();
            assert!((longest / 2..=longest).contains(&pause), "{failures}: {pause} ms");
        }
    }
}
