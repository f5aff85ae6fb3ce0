//! A log-linear histogram: 32 equal buckets to each power of two, so that a value is known to 1.6 %.

use crate::shards::Count;

/// Buckets to a power of two, as a power of two.
const BITS: u32 = 5;
const PER_OCTAVE: usize = 1 << BITS;
/// Values of this many bits and more share the last octave; 2^43 ticks are about 40 minutes at 3 GHz.
const MAX_BITS: u32 = 43;
pub(super) const BUCKETS: usize = ((MAX_BITS - BITS) as usize + 1) * PER_OCTAVE;

/// Counts of ticks, one writer.
#[derive(Debug)]
pub(super) struct Histogram([Count; BUCKETS]);

impl Default for Histogram {
    fn default() -> Self {
        Histogram([const { Count::new() }; BUCKETS])
    }
}

impl Histogram {
    pub(super) fn record(&self, value: u64) {
        self.bucket(value).unwrap_or(&self.0[BUCKETS - 1]).add(1);
    }

    /// The bucket of a value; `None` for one that is longer than there are buckets for, which goes to the last.
    #[inline]
    pub(super) fn bucket(&self, value: u64) -> Option<&Count> {
        self.0.get(bucket(value))
    }

    /// Adds the counts to `sums`.
    pub(super) fn add_to(&self, sums: &mut [u64; BUCKETS]) {
        for (sum, count) in sums.iter_mut().zip(&self.0) {
            *sum += count.get();
        }
    }
}

/// Values below 64 have a bucket each; above, the top five bits behind the leading one choose it.
#[inline]
#[allow(clippy::cast_possible_truncation)]
fn bucket(value: u64) -> usize {
    let shift = (value | (2 * PER_OCTAVE as u64 - 1)).ilog2() - BITS;
    ((shift as usize) << BITS) + (value >> shift) as usize
}

/// The first value of a bucket, and the first of the next.
pub(super) fn bounds(bucket: usize) -> (u64, u64) {
    let within = (bucket & (PER_OCTAVE - 1)) as u64;
    match bucket >> BITS {
        0 => (within, within + 1),
        octave => {
            let width = 1_u64 << (octave - 1);
            let from = (within + PER_OCTAVE as u64) * width;
            (from, from + width)
        }
    }
}

/// The middle of a bucket.
fn middle(bucket: usize) -> u64 {
    let (from, to) = bounds(bucket);
    from + (to - from) / 2
}

/// The value below which that share of the counts lies, by the nearest rank; zero without counts.
///
/// A value is known by its bucket, and the middle of the bucket stands for it. In the lowest one the end does, since the
/// middle may be less than every value that was recorded.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(super) fn quantile(counts: &[u64; BUCKETS], share: f64) -> u64 {
    let total: u64 = counts.iter().sum();
    let rank = ((total as f64 * share).ceil() as u64).clamp(1, total.max(1));
    let mut seen = 0;
    for (bucket, &count) in counts.iter().enumerate() {
        let is_lowest = seen == 0;
        seen += count;
        if seen >= rank {
            return if is_lowest { bounds(bucket).1 - 1 } else { middle(bucket) };
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::cast_precision_loss)]
    fn every_value_is_known_to_two_percent() {
        let mut value = 1_u64;
        while value < 1 << 42 {
            for value in [value - 1, value, value + value / 3] {
                let known = middle(bucket(value)) as f64;
                let error = (known - value as f64).abs() / (value.max(1) as f64);
                assert!(error <= 0.016, "{value} is known as {known}");
            }
            value *= 2;
        }
    }

    #[test]
    fn buckets_rise_without_gaps() {
        let mut last = 0;
        for value in 0..100_000 {
            let now = bucket(value);
            assert!(now == last || now == last + 1, "{value}: bucket {now} after {last}");
            last = now;
        }
        assert_eq!(bucket((1 << MAX_BITS) - 1), BUCKETS - 1);
    }

    #[test]
    fn quantiles_go_by_rank() {
        let mut counts = [0; BUCKETS];
        assert_eq!(quantile(&counts, 0.5), 0);
        for value in 1..=20 {
            counts[bucket(value)] += 1;
        }
        assert_eq!((quantile(&counts, 0.5), quantile(&counts, 0.95), quantile(&counts, 1.0)), (10, 19, 20));
    }

    #[test]
    fn no_quantile_is_below_the_least_value() {
        for value in (1..10_000_000).step_by(9_973) {
            let mut counts = [0; BUCKETS];
            counts[bucket(value)] = 3;
            counts[bucket(3 * value)] = 3;
            for share in [0.0, 0.01, 0.3, 0.5, 0.6, 1.0] {
                assert!(quantile(&counts, share) >= value, "{share} of {value}");
            }
        }
    }
}
