//! The time of day by which entries expire. It never goes back: where the machine's own does, because somebody has set it,
//! what time has passed is added up instead, so that no entry lives longer for that.

use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime};

use crate::clock;
use crate::sync::lock;

/// What the machine says: the time of day in milliseconds, and a time that passes evenly.
pub(super) type Reading = (u64, Instant);

/// See the module.
pub(super) struct Clock {
    read: Box<dyn Fn() -> Reading + Send + Sync>,
    /// From where time is added up.
    anchor: Mutex<Option<Reading>>,
}

impl Clock {
    pub(super) fn new(read: impl Fn() -> Reading + Send + Sync + 'static) -> Self {
        Clock { read: Box::new(read), anchor: Mutex::new(None) }
    }

    /// In milliseconds; a virtual clock moves it on.
    pub(super) fn now(&self) -> u64 {
        self.real().saturating_add(moved())
    }

    /// The same without a virtual clock.
    pub(super) fn real(&self) -> u64 {
        self.at_least(0)
    }

    /// It is that late at least: the file has been written at that time.
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

/// How far a virtual clock of this thread has moved on.
pub(super) fn moved() -> u64 {
    clock::current().map_or(0, |clock| millis(clock.elapsed()))
}

/// What this machine says.
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

        /// So much time passes, by which the time of day moves on as well, and then jumps.
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
        // Set back by an hour: time goes on as it passes, also in steps that are shorter than what is counted.
        hand.pass(10, -900_000);
        assert_eq!(clock.real(), 1_000_020);
        for _ in 0..10 {
            hand.pass(1, 0);
            clock.real();
        }
        assert_eq!(clock.real(), 1_000_030);
        // The machine slept: nothing passed, but the time of day moved on.
        hand.pass(0, 5_000_000);
        assert_eq!(clock.real(), 5_100_030);
        // And what the file knows.
        assert_eq!(clock.at_least(6_000_000), 6_000_000);
        hand.pass(5, 0);
        assert_eq!(clock.real(), 6_000_005);
    }
}
