//! The one clock behind all code that reads the time or sleeps.
//!
//! Time is read as raw *ticks*: the processor's time stamp counter if it is invariant, else nanoseconds of [`Instant`].
//! Ticks are converted when they are read out, not when they are recorded.
//!
//! In: nothing. Out: the time, and sleeping. Open this file first; `virtual_clock.rs` takes its place in tests, and
//! follows tokio's paused time with `tokio_time.rs`.

#[cfg(not(feature = "tokio"))]
#[path = "no_tokio_time.rs"]
mod tokio_time;
#[cfg(feature = "tokio")]
mod tokio_time;
mod tsc;
mod virtual_clock;

pub use virtual_clock::GoneOn;
pub(crate) use virtual_clock::{VirtualClock, carry, current};

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering::Relaxed};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use crate::sync::lock;

/// The source of ticks. Anything other than `TSC` takes the slow path.
static SOURCE: AtomicU8 = AtomicU8::new(UNKNOWN);
const UNKNOWN: u8 = 0;
const TSC: u8 = 1;
const INSTANT: u8 = 2;
/// A virtual clock exists somewhere: each read has to ask its thread.
const VIRTUAL: u8 = 3;
/// Calls are being observed, so they take their slow path; the time is the hardware's.
const WATCHED: u8 = 4;

/// What prevents ticks from being read the short way.
struct Alive {
    virtual_clocks: usize,
    watchers: usize,
}

static ALIVE: Mutex<Alive> = Mutex::new(Alive { virtual_clocks: 0, watchers: 0 });

fn change(how: impl FnOnce(&mut Alive)) {
    let mut alive = lock(&ALIVE);
    how(&mut alive);
    let source = match *alive {
        Alive { virtual_clocks: 1.., .. } => VIRTUAL,
        Alive { watchers: 1.., .. } => WATCHED,
        _ => hardware(),
    };
    SOURCE.store(source, Relaxed);
    IS_WATCHED.store(alive.watchers > 0, Relaxed);
}

static IS_WATCHED: AtomicBool = AtomicBool::new(false);

/// Is there a [`Watch`]?
#[inline]
pub(crate) fn is_watched() -> bool {
    IS_WATCHED.load(Relaxed)
}

/// While it lives, [`counter`] returns `None`, so that callers take their slow path, at no cost to the fast one.
#[derive(Debug)]
pub(crate) struct Watch(());

impl Watch {
    pub(crate) fn new() -> Self {
        change(|alive| alive.watchers += 1);
        Watch(())
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        change(|alive| alive.watchers -= 1);
    }
}

/// The time now, in ticks. Comparable across threads; it may be a few ticks behind on another core, so subtract saturating.
#[inline]
pub(crate) fn ticks() -> u64 {
    counter().map_or_else(ticks_slow, Counter::ticks)
}

/// The time stamp counter, for callers with a slow path of their own.
#[derive(Clone, Copy)]
pub(crate) struct Counter(());

/// `Some` if ticks are read from the time stamp counter, which then takes one instruction.
#[inline]
pub(crate) fn counter() -> Option<Counter> {
    (SOURCE.load(Relaxed) == TSC).then_some(Counter(()))
}

impl Counter {
    /// As [`ticks`].
    #[inline]
    #[expect(clippy::unused_self, reason = "a holder of a counter knows that it is the source")]
    pub(crate) fn ticks(self) -> u64 {
        tsc::read()
    }
}

#[cold]
#[inline(never)]
fn ticks_slow() -> u64 {
    match SOURCE.load(Relaxed) {
        VIRTUAL => current().map_or_else(real_ticks, |clock| clock.ticks()),
        UNKNOWN => {
            let _ = SOURCE.compare_exchange(UNKNOWN, hardware(), Relaxed, Relaxed);
            real_ticks()
        }
        _ => real_ticks(),
    }
}

/// The time now by the hardware, regardless of virtual clocks.
fn real_ticks() -> u64 {
    if hardware() == TSC { tsc::read() } else { nanos(anchor().instant.elapsed()) }
}

fn hardware() -> u8 {
    static HARDWARE: OnceLock<u8> = OnceLock::new();
    *HARDWARE.get_or_init(|| if tsc::is_invariant() { TSC } else { INSTANT })
}

/// One moment, read from both clocks.
struct Anchor {
    instant: Instant,
    ticks: u64,
}

fn anchor() -> &'static Anchor {
    static ANCHOR: OnceLock<Anchor> = OnceLock::new();
    ANCHOR.get_or_init(|| Anchor { instant: Instant::now(), ticks: tsc::read() })
}

/// Makes the first conversion cheap: the older the anchor, the more precisely the rate is known.
pub(crate) fn set_anchor() {
    anchor();
}

/// Nanoseconds per tick. Measured once, over at least two milliseconds, which makes it exact to about 1 : 20,000; if
/// the rate changed, two conversions of the same duration would differ.
fn nanos_per_tick() -> f64 {
    static RATE: OnceLock<f64> = OnceLock::new();
    *RATE.get_or_init(|| if hardware() == TSC { calibrate(anchor()) } else { 1.0 })
}

#[allow(clippy::cast_precision_loss, reason = "exact up to 104 days in nanoseconds")]
fn calibrate(anchor: &Anchor) -> f64 {
    while anchor.instant.elapsed() < Duration::from_millis(2) {
        std::hint::spin_loop();
    }
    // The tightest of several readings: one that was interrupted is wide.
    let readings = (0..16).map(|_| {
        let before = tsc::read();
        let elapsed = anchor.instant.elapsed();
        let after = tsc::read();
        (after - before, elapsed, before + (after - before) / 2)
    });
    let (_, elapsed, ticks) = readings.min_by_key(|reading| reading.0).unwrap_or((0, Duration::from_nanos(1), 1));
    elapsed.as_nanos() as f64 / ticks.saturating_sub(anchor.ticks).max(1) as f64
}

/// Converts ticks to a duration.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "exact up to 104 days in nanoseconds"
)]
pub(crate) fn duration(ticks: u64) -> Duration {
    Duration::from_nanos((ticks as f64 * nanos_per_tick()).round() as u64)
}

/// Converts a duration to ticks; saturates. Rounded down, so that two durations never end later than their sum.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "exact up to 104 days in nanoseconds"
)]
pub(crate) fn ticks_in(length: Duration) -> u64 {
    (length.as_nanos() as f64 / nanos_per_tick()) as u64
}

/// In nanoseconds; saturates.
pub(crate) fn nanos(length: Duration) -> u64 {
    u64::try_from(length.as_nanos()).unwrap_or(u64::MAX)
}

/// Does this thread have a virtual clock?
pub(crate) fn is_virtual() -> bool {
    current().is_some()
}

/// Blocks this thread; under a virtual clock it returns at once and advances the clock.
pub(crate) fn sleep(length: Duration) {
    match current() {
        Some(clock) => clock.slept(length),
        None if length.is_zero() => {}
        None => std::thread::sleep(length),
    }
}

/// As [`sleep`], for a future: on tokio's timer inside its runtime, else on `futures-timer`'s.
pub(crate) async fn sleep_async(length: Duration) {
    if let Some(clock) = current() {
        return clock.slept_async(length).await;
    }
    if length.is_zero() {
        return;
    }
    #[cfg(feature = "tokio")]
    if tokio::runtime::Handle::try_current().is_ok() {
        tokio_time::warn_if_paused();
        return tokio::time::sleep(length).await;
    }
    #[cfg(feature = "futures-timer")]
    futures_timer::Delay::new(length).await;
    #[cfg(not(feature = "futures-timer"))]
    panic!("festoon: no timer for async functions: enable the feature `festoon/futures-timer`, or run inside tokio");
}

/// Completes when the time has advanced by that duration. Unlike a sleep, it does not advance a virtual clock: another
/// sleep or `advance` has to.
pub(crate) async fn gone_on(length: Duration) {
    match current() {
        Some(clock) => clock.gone_on(length).await,
        None => sleep_async(length).await,
    }
}

/// A random number in `0.0..1.0`; seeded under a virtual clock.
pub(crate) fn random() -> f64 {
    current().map_or_else(fastrand::f64, |clock| clock.random())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_follow_instant() {
        let error = || {
            let (instant, start) = (Instant::now(), ticks());
            while instant.elapsed() < Duration::from_millis(20) {}
            let (real, ours) = (instant.elapsed().as_secs_f64(), duration(ticks() - start).as_secs_f64());
            (ours / real - 1.0).abs()
        };
        // One undisturbed try out of ten: on a busy machine the thread may be paused between its two readings.
        let errors: Vec<f64> = (0..10).map(|_| error()).take_while(|error| *error >= 0.005).collect();
        assert!(errors.len() < 10, "off by {errors:?}");
    }

    #[test]
    fn the_short_way_is_closed_while_somebody_watches() {
        let (one, other) = (Watch::new(), Watch::new());
        drop(one);
        assert!(counter().is_none());
        let clock = VirtualClock::new(0);
        drop(other);
        assert_eq!(SOURCE.load(Relaxed), VIRTUAL);
        drop(clock);
    }

    #[test]
    fn conversions_are_inverse_and_saturate() {
        let length = Duration::from_secs(3600);
        let back = duration(ticks_in(length));
        assert!(back.abs_diff(length) < Duration::from_micros(2), "{back:?}");
        assert!(ticks_in(Duration::MAX) > ticks_in(Duration::from_secs(1 << 30)));
    }
}
