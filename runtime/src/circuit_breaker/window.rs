//! The calls that a breaker considers.
//!
//! Most calls are good, and a good call only has to be counted: each thread counts it in a stripe that is seldom
//! shared. A bad call is recorded under the lock.

use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::settings::Window;
use crate::clock;
use crate::sync::AtomicU64;

/// The number of parts in a window of time.
const PARTS: usize = 10;
const STRIPES: usize = 8;

/// Good calls.
#[derive(Debug)]
pub(super) struct Good {
    stripes: [Stripe; STRIPES],
    /// Of a window of time.
    part: OnceLock<Part>,
}

/// The parts of a window of time, in ticks. One of them begins with the breaker's first call, so that a test with a
/// virtual clock gives the same parts each time.
#[derive(Debug, Clone, Copy)]
struct Part {
    length: u64,
    /// Added to a moment before it is divided.
    offset: u64,
}

impl Part {
    fn new(window: Window, first: u64) -> Self {
        let length = match window {
            Window::Time(length) => (clock::ticks_in(length) / PARTS as u64).max(1),
            Window::Calls(_) => u64::MAX,
        };
        Part { length, offset: length - first % length }
    }

    /// Numbered from 1; zero means none.
    #[inline]
    #[allow(clippy::cast_possible_truncation, reason = "the parts of a window are compared modulo 2^32")]
    fn at(self, ticks: u64) -> u32 {
        (ticks.wrapping_add(self.offset) / self.length) as u32
    }
}

/// Alone in its cache lines.
#[derive(Debug)]
#[repr(align(128))]
struct Stripe {
    calls: AtomicU64,
    refused: AtomicU64,
    /// The number of a part, and of the calls in it: 32 bits each.
    parts: [AtomicU64; PARTS],
}

impl Stripe {
    const fn empty() -> Self {
        Stripe { calls: AtomicU64::new(0), refused: AtomicU64::new(0), parts: [const { AtomicU64::new(0) }; PARTS] }
    }
}

/// The index of this thread's stripe.
#[inline]
fn own() -> usize {
    thread_local! {
        static OWN: Cell<usize> = const { Cell::new(usize::MAX) };
    }
    match OWN.try_with(Cell::get) {
        Ok(usize::MAX) => {
            static NEXT: AtomicUsize = AtomicUsize::new(0);
            let next = NEXT.fetch_add(1, Relaxed) % STRIPES;
            OWN.set(next);
            next
        }
        Ok(own) => own,
        Err(_) => 0,
    }
}

impl Good {
    pub(super) const fn new() -> Self {
        Good { stripes: [const { Stripe::empty() }; STRIPES], part: OnceLock::new() }
    }

    /// Counts one more. The time is read if it is needed, and not known yet.
    #[inline]
    pub(super) fn add(&self, window: Window, now: Option<u64>) {
        let stripe = &self.stripes[own() % STRIPES];
        match window {
            Window::Calls(_) => {
                stripe.calls.fetch_add(1, Relaxed);
            }
            Window::Time(_) => {
                let part = self.part_at(window, now.unwrap_or_else(clock::ticks));
                stripe.add(part);
            }
        }
    }

    pub(super) fn add_refused(&self) {
        self.stripes[own() % STRIPES].refused.fetch_add(1, Relaxed);
    }

    pub(super) fn refused(&self) -> u64 {
        self.stripes.iter().map(|stripe| stripe.refused.load(Relaxed)).sum()
    }

    /// The total number of calls.
    fn calls(&self) -> u64 {
        self.stripes.iter().map(|stripe| stripe.calls.load(Relaxed)).sum()
    }

    /// The number of calls in the parts of the window that ends with this one.
    fn calls_until(&self, part: u32) -> u64 {
        let all = self.stripes.iter().flat_map(|stripe| &stripe.parts);
        all.map(|packed| unpack(packed.load(Relaxed)))
            .filter(|(of, _)| is_recent(*of, part))
            .map(|(_, calls)| calls)
            .sum()
    }

    #[inline]
    fn part_at(&self, window: Window, ticks: u64) -> u32 {
        self.part.get_or_init(|| Part::new(window, ticks)).at(ticks)
    }

    fn clear_parts(&self) {
        self.stripes.iter().flat_map(|stripe| &stripe.parts).for_each(|part| part.store(0, Relaxed));
    }
}

impl Stripe {
    /// Another thread that shares the stripe may start a new part in the meantime: then the call counts in that one.
    #[inline]
    fn add(&self, part: u32) {
        let slot = &self.parts[part as usize % PARTS];
        let packed = slot.load(Relaxed);
        if unpack(packed).0 == part || slot.compare_exchange(packed, pack(part, 1), Relaxed, Relaxed).is_err() {
            slot.fetch_add(1, Relaxed);
        }
    }
}

#[inline]
fn pack(part: u32, calls: u32) -> u64 {
    u64::from(part) << 32 | u64::from(calls)
}

#[inline]
#[allow(clippy::cast_possible_truncation, reason = "the parts of a window are compared modulo 2^32")]
fn unpack(packed: u64) -> (u32, u64) {
    ((packed >> 32) as u32, packed & u64::from(u32::MAX))
}

fn is_recent(part: u32, last: u32) -> bool {
    (last.wrapping_sub(part) as usize) < PARTS
}

/// Counts of the calls in the window.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) calls: u64,
    pub(super) failed: u64,
    pub(super) slow: u64,
}

impl Counts {
    pub(super) fn add(&mut self, bad: Bad) {
        self.calls += 1;
        self.failed += u64::from(bad.failed);
        self.slow += u64::from(bad.slow);
    }

    fn remove(&mut self, bad: Bad) {
        self.calls -= 1;
        self.failed -= u64::from(bad.failed);
        self.slow -= u64::from(bad.slow);
    }
}

/// A call that failed, was slow, or both.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bad {
    pub(super) failed: bool,
    pub(super) slow: bool,
}

/// Bad calls.
#[derive(Debug)]
pub(super) struct Recent {
    /// For a window of calls: each with its number among all calls.
    list: VecDeque<(u64, Bad)>,
    in_list: Counts,
    /// The total number of bad calls, including those no longer in the list.
    ever: u64,
    /// The number of good calls when the window was cleared.
    base: u64,
    /// For a window of time.
    parts: [(u32, Counts); PARTS],
}

impl Recent {
    pub(super) const fn new() -> Self {
        let none = Counts { calls: 0, failed: 0, slow: 0 };
        Recent { list: VecDeque::new(), in_list: none, ever: 0, base: 0, parts: [(0, none); PARTS] }
    }

    /// Clears the window.
    pub(super) fn clear(&mut self, good: &Good) {
        good.clear_parts();
        *self = Recent { base: good.calls(), ..Recent::new() };
    }

    pub(super) fn add(&mut self, bad: Bad, good: &Good, window: Window) {
        match window {
            Window::Calls(_) => {
                self.ever += 1;
                self.list.push_back((self.number(good), bad));
                self.in_list.add(bad);
            }
            Window::Time(_) => {
                let part = good.part_at(window, clock::ticks());
                let slot = &mut self.parts[part as usize % PARTS];
                if slot.0 != part {
                    *slot = (part, Counts::default());
                }
                slot.1.add(bad);
            }
        }
    }

    /// The total number of calls.
    fn number(&self, good: &Good) -> u64 {
        good.calls().wrapping_sub(self.base) + self.ever
    }

    pub(super) fn counts(&mut self, good: &Good, window: Window) -> Counts {
        match window {
            Window::Calls(calls) => self.of_last(u64::from(calls), good),
            Window::Time(_) => self.until(good.part_at(window, clock::ticks()), good),
        }
    }

    fn of_last(&mut self, calls: u64, good: &Good) -> Counts {
        let number = self.number(good);
        while let Some((at, bad)) = self.list.front().copied().filter(|(at, _)| at + calls <= number) {
            debug_assert!(at > 0, "calls are numbered from 1");
            self.list.pop_front();
            self.in_list.remove(bad);
        }
        Counts { calls: number.min(calls), ..self.in_list }
    }

    fn until(&self, part: u32, good: &Good) -> Counts {
        let recent = self.parts.iter().filter(|(of, _)| is_recent(*of, part));
        let start = Counts { calls: good.calls_until(part), ..Counts::default() };
        recent.fold(start, |sum, (_, counts)| Counts {
            calls: sum.calls + counts.calls,
            failed: sum.failed + counts.failed,
            slow: sum.slow + counts.slow,
        })
    }
}

#[cfg(all(test, not(shuttle)))]
mod tests {
    use super::*;
    use crate::testing;
    use std::time::Duration;

    const FAILED: Bad = Bad { failed: true, slow: false };

    /// Compared with a list of all calls.
    #[test]
    fn the_last_calls_are_those_of_a_plain_list() {
        let (good, mut recent, mut all) = (Good::new(), Recent::new(), Vec::new());
        let (window, mut random) = (Window::Calls(7), fastrand::Rng::with_seed(1));
        for _ in 0..500 {
            let failed = random.u8(0..4) == 0;
            if failed {
                recent.add(FAILED, &good, window);
            } else {
                good.add(window, None);
            }
            all.push(failed);
            let last = &all[all.len().saturating_sub(7)..];
            let counts = recent.counts(&good, window);
            assert_eq!(counts.calls, last.len() as u64);
            assert_eq!(counts.failed, last.iter().filter(|failed| **failed).count() as u64);
        }
        assert!(recent.list.len() <= 7);
    }

    #[test]
    fn the_last_seconds_forget_what_is_older() {
        let clock = testing::clock();
        let (good, mut recent, window) = (Good::new(), Recent::new(), Window::Time(Duration::from_secs(10)));
        for _ in 0..20 {
            good.add(window, None);
            recent.add(FAILED, &good, window);
            clock.advance(Duration::from_secs(1));
        }
        let counts = recent.counts(&good, window);
        assert!((9..=10).contains(&counts.failed) && counts.calls == 2 * counts.failed, "{counts:?}");
        clock.advance(Duration::from_secs(11));
        assert_eq!(recent.counts(&good, window).calls, 0);
    }

    #[test]
    fn threads_share_no_stripe_until_there_are_many() {
        let owns: Vec<usize> = std::array::from_fn::<_, 3, _>(|_| std::thread::spawn(own).join().unwrap()).into();
        assert!(owns[0] != owns[1] && owns[1] != owns[2], "{owns:?}");
    }
}
