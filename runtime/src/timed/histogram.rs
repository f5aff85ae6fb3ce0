//! A log-linear histogram: 32 equal buckets per power of two, so that values are accurate to 1.6 %.
//!
//! Most pairs of a thread and a function see few values, and those that see many see them in few powers of two. So the
//! first values are stored individually, and the buckets of a power of two are allocated at its first value.

use crate::link::{Link, Pointer};
use crate::shards::Count;
use crate::sync::{Mutex, lock};

/// Buckets per power of two, as a power of two.
const BITS: u32 = 5;
const PER_OCTAVE: usize = 1 << BITS;
/// Values with this many bits or more share the last octave; 2^43 ticks are about 40 minutes at 3 GHz.
const MAX_BITS: u32 = 43;
pub(super) const BUCKETS: usize = ((MAX_BITS - BITS) as usize + 1) * PER_OCTAVE;
/// Indexed by the logarithm of the value, of which there are 64, so that the index is neither shifted nor checked.
/// Those below [`FIRST`] and after the last bucket stay empty.
const OCTAVES: usize = u64::BITS as usize;
/// For the values below 32.
const FIRST: usize = BITS as usize - 1;
/// How many values are stored individually.
const FEW: usize = 16;

/// The buckets of one power of two.
#[derive(Debug, Default)]
struct Octave([Count; PER_OCTAVE]);

/// Counts of ticks, with one writer.
#[derive(Debug)]
pub(super) struct Histogram {
    /// How many values `first` contains.
    kept: Count,
    first: [Count; FEW],
    octaves: Pointer<Octaves>,
}

#[derive(Debug)]
struct Octaves([Link<Octave>; OCTAVES]);

impl Octaves {
    const fn none() -> Self {
        Octaves([const { Link::none() }; OCTAVES])
    }
}

impl Default for Octaves {
    fn default() -> Self {
        Octaves::none()
    }
}

/// For histograms without buckets. Never written to.
static NO_OCTAVES: Octaves = Octaves::none();

impl Default for Histogram {
    fn default() -> Self {
        Histogram { kept: Count::new(), first: [const { Count::new() }; FEW], octaves: Pointer::new(&NO_OCTAVES) }
    }
}

impl Histogram {
    pub(super) fn record(&self, value: u64) {
        match self.first.get(self.kept()) {
            Some(place) => {
                place.set(value);
                self.kept.publish(self.kept.get() + 1);
            }
            None => self.bucket_or_new(bucket(value)).add(1),
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "it is at most `FEW`")]
    fn kept(&self) -> usize {
        self.kept.get() as usize
    }

    /// The bucket of a value, if it exists.
    #[inline]
    pub(super) fn bucket(&self, value: u64) -> Option<&Count> {
        let (octave, within) = place(value);
        Some(&self.octaves.get().0[octave].get()?.0[within])
    }

    /// Values beyond the last bucket go into it.
    fn bucket_or_new(&self, bucket: usize) -> &Count {
        let bucket = bucket.min(BUCKETS - 1);
        if std::ptr::eq(self.octaves.get(), &raw const NO_OCTAVES) {
            self.octaves.set(spare(&SPARE_OCTAVES));
        }
        let link = &self.octaves.get().0[(bucket >> BITS) + FIRST];
        let octave = link.get().unwrap_or_else(|| {
            link.set(Some(spare(&SPARE)));
            link.get().expect("it was set")
        });
        &octave.0[bucket & (PER_OCTAVE - 1)]
    }

    /// Adds the counts to `sums`.
    pub(super) fn add_to(&self, sums: &mut [u64; BUCKETS]) {
        #[expect(clippy::cast_possible_truncation, reason = "it is at most `FEW`")]
        let kept = self.kept.published() as usize;
        for value in &self.first[..kept] {
            sums[bucket(value.get()).min(BUCKETS - 1)] += 1;
        }
        for (sums, octave) in sums.chunks_exact_mut(PER_OCTAVE).zip(&self.octaves.get().0[FIRST..]) {
            let Some(octave) = octave.get() else { continue };
            sums.iter_mut().zip(&octave.0).for_each(|(sum, count)| *sum += count.get());
        }
    }

    /// Moves all counts there. There are no concurrent readers.
    pub(super) fn move_to(&self, there: &Histogram) {
        for value in &self.first[..self.kept()] {
            there.record(value.get());
        }
        self.kept.set(0);
        for (at, link) in self.octaves.get().0[FIRST..].iter().enumerate() {
            let Some(octave) = link.get() else { continue };
            for (within, count) in octave.0.iter().enumerate().filter(|(_, count)| count.get() != 0) {
                there.bucket_or_new((at << BITS) + within).add(count.get());
            }
        }
        self.give_back();
    }

    fn give_back(&self) {
        let octaves = self.octaves.get();
        if std::ptr::eq(octaves, &raw const NO_OCTAVES) {
            return;
        }
        for link in &octaves.0 {
            let Some(octave) = link.get() else { continue };
            link.set(None);
            octave.0.iter().for_each(|count| count.set(0));
            lock(&SPARE).push(octave);
        }
        self.octaves.set(&NO_OCTAVES);
        lock(&SPARE_OCTAVES).push(octaves);
    }
}

impl Drop for Histogram {
    fn drop(&mut self) {
        self.give_back();
    }
}

/// Octaves that are no longer in use, all at zero.
static SPARE: Mutex<Vec<&'static Octave>> = Mutex::new(Vec::new());
static SPARE_OCTAVES: Mutex<Vec<&'static Octaves>> = Mutex::new(Vec::new());

fn spare<T: Default>(spare: &Mutex<Vec<&'static T>>) -> &'static T {
    let spare = lock(spare).pop();
    spare.unwrap_or_else(|| Box::leak(Box::default()))
}

/// The octave of a value, and its bucket there: values below 64 have a bucket each; above that, the five bits after the
/// leading one select it.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "there are far fewer buckets")]
fn place(value: u64) -> (usize, usize) {
    let log = (value | (PER_OCTAVE as u64 - 1)).ilog2();
    let within = (value >> log.saturating_sub(BITS)) as usize & (PER_OCTAVE - 1);
    (log as usize, within)
}

fn bucket(value: u64) -> usize {
    let (octave, within) = place(value);
    ((octave - FIRST) << BITS) + within
}
/// The smallest value of a bucket, and the smallest of the next.
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

/// The value below which this share of the counts lies, by the nearest rank; zero without counts.
///
/// Only the bucket of a value is known, so its middle represents the value. For the lowest bucket it is the upper end,
/// since the middle may be less than every value that was recorded.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a quantile is as exact as its bucket"
)]
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

#[cfg(all(test, not(shuttle)))]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::cast_precision_loss, reason = "a quantile is as exact as its bucket")]
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

    /// The counts of a histogram with these values, by bucket.
    fn sums(histogram: &Histogram) -> Box<[u64; BUCKETS]> {
        let mut sums = Box::new([0; BUCKETS]);
        histogram.add_to(&mut sums);
        sums
    }

    #[test]
    fn no_value_is_lost_whether_it_is_kept_counted_or_moved() {
        let values: Vec<u64> = (0..500).map(|n: u64| n * n * n * 977).chain([u64::MAX, 0, 63, 64, 1 << 43]).collect();
        let mut expected = Box::new([0; BUCKETS]);
        let (histogram, other) = (Histogram::default(), Histogram::default());
        for (at, &value) in values.iter().enumerate() {
            expected[bucket(value).min(BUCKETS - 1)] += 1;
            // The fast path of the recorder, if it applies.
            match histogram.bucket(value) {
                Some(bucket) => bucket.add(1),
                None => histogram.record(value),
            }
            assert_eq!(sums(&histogram).iter().sum::<u64>(), at as u64 + 1);
        }
        assert_eq!(sums(&histogram), expected);
        histogram.move_to(&other);
        assert_eq!((sums(&histogram).iter().sum::<u64>(), sums(&other)), (0, expected));
    }

    #[test]
    fn an_octave_comes_back_at_zero() {
        let histogram = Histogram::default();
        for _ in 0..=FEW {
            histogram.record(1000);
        }
        drop(histogram);
        for _ in 0..FEW + 2 {
            let histogram = Histogram::default();
            (0..=FEW).for_each(|_| histogram.record(7));
            assert_eq!(sums(&histogram).iter().sum::<u64>(), FEW as u64 + 1);
        }
    }
}
