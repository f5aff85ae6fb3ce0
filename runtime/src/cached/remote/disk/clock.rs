//! The time of day by which entries expire. It never goes back: if the machine's clock is set back, the time that
//! passes is added up instead, so that no entry lives longer.

use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime};

use crate::clock;
use crate::sync::lock;

/// The machine's time of day in milliseconds, and its monotonic time.
pub(super) type Reading = (u64, Instant);

/// See the module.
pub(super) struct Clock {
    read: Box<dyn Fn() -> Reading + Send + Sync>,
    /// The point from which time is added up.
    anchor: Mutex<Option<Reading>>,
}

impl Clock {
    pub(super) fn new(read: impl Fn() -> Reading + Send + Sync + 'static) -> Self {
        Clock { read: Box::new(read), anchor: Mutex::new(None) }
    }

    /// In milliseconds; a virtual clock advances it.
    pub(super) fn now(&self) -> u64 {
        self.real().saturating_add(moved())
    }

    /// The same, ignoring a virtual clock.
    pub(super) fn real(&self) -> u64 {
        self.at_least(0)
    }

    /// Raises it to at least this time, at which the file was written.
    pub(super) fn at_least(&self, floor: u64) -> u64 {
        let (day, even) = (self.read)();
        let mut anchor = lock(&self.anchor);
        let added = anchor.map_or(0, |(day, since)| day.saturating_add(millis(even.saturating_duration_since(since))));
        let latest = day.max(floor);
        if latest > added || anchor.is_none() {
            *anchor = Some((latest, even));
        }
        latest.max(added)
    }
}

/// How far a virtual clock of this thread has advanced.
pub(super) fn moved() -> u64 {
    clock::current().map_or(0, |clock| millis(clock.elapsed()))
}

/// Reads this machine's clocks.
pub(super) fn machine() -> Reading {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    (millis(since), Instant::now())
}

pub(super) fn millis(length: Duration) -> u64 {
    u64::try_from(length.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

    use super::*;

    /// A machine's clock that a test sets.
    #[derive(Clone)]
    pub(in super::super) struct ByHand {
        day: Arc<AtomicU64>,
        passed: Arc<AtomicU64>,
        start: Instant,
    }

    impl ByHand {
        pub(in super::super) fn new(day: u64) -> Self {
            ByHand { day: Arc::new(day.into()), passed: Arc::default(), start: Instant::now() }
        }

        pub(in super::super) fn clock(&self) -> Clock {
            let ByHand { day, passed, start } = self.clone();
            Clock::new(move || (day.load(SeqCst), start + Duration::from_millis(passed.load(SeqCst))))
        }

        /// Lets this much time pass, which also advances the time of day, and then makes the time of day jump.
        pub(in super::super) fn pass(&self, millis: u64, jump: i64) {
            self.passed.fetch_add(millis, SeqCst);
            let day = self.day.load(SeqCst) + millis;
            self.day.store(day.saturating_add_signed(jump), SeqCst);
        }
    }

    #[test]
    fn it_follows_the_time_of_day_but_never_back() {
        let hand = ByHand::new(1_000_000);
        let clock = hand.clock();
        assert_eq!(clock.real(), 1_000_000);
        hand.pass(10, 0);
        assert_eq!(clock.real(), 1_000_010);
        // Set back by an hour: time continues as it passes, even in steps shorter than the counted unit.
        hand.pass(10, -900_000);
        assert_eq!(clock.real(), 1_000_020);
        for _ in 0..10 {
            hand.pass(1, 0);
            clock.real();
        }
        assert_eq!(clock.real(), 1_000_030);
        // The machine slept: the monotonic time stood still, but the time of day advanced.
        hand.pass(0, 5_000_000);
        assert_eq!(clock.real(), 5_100_030);
        // And the time from the file.
        assert_eq!(clock.at_least(6_000_000), 6_000_000);
        hand.pass(5, 0);
        assert_eq!(clock.real(), 6_000_005);
    }
}
