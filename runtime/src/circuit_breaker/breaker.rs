//! The breaker itself: its state and its transitions.

use std::sync::OnceLock;
use std::time::Duration;

use Ordering::{Acquire, Relaxed, Release};

use super::permit::{Permit, always, ended};
use super::settings::Settings;
use super::window::{Bad, Counts, Good, Recent};
use crate::clock;
use crate::refused::{Refuse, Refused};
use crate::sync::{AtomicU64, Mutex, Ordering, lock};
use crate::{AsyncDecorator, Call, Decorator};

/// Stops calling what keeps failing: `#[circuit_breaker]` as a value, for code that is not a function of its own, or
/// for several functions that call one service.
///
/// ```
/// use festoon::Breaker;
/// use std::io;
/// use std::time::Duration;
///
/// static PAYMENTS: Breaker = Breaker::new().minimum(2).open_for(Duration::from_secs(10));
///
/// let call = || PAYMENTS.run(|| io::Result::<()>::Err(io::Error::other("down")));
/// assert_eq!(call().unwrap_err().to_string(), "down");
/// assert_eq!(call().unwrap_err().to_string(), "down");
/// assert!(call().unwrap_err().to_string().starts_with("refused: the circuit breaker is open"));
/// ```
///
/// It is *closed* while calls succeed. When too many calls in its window have failed or were slow, it is *open*: calls
/// are refused with [`Refused`]. After a while it is *half open*: it lets some calls through, and closes or opens again
/// depending on how they end. `#[decorate(layer = &PAYMENTS)]` applies it to a function.
#[derive(Debug)]
pub struct Breaker {
    pub(super) settings: Settings,
    /// The state (3 bits), and the number of the transition.
    pub(super) word: AtomicU64,
    /// When an open breaker lets the first call through, in ticks.
    pub(super) until: AtomicU64,
    pub(super) good: Good,
    pub(super) state: Mutex<State>,
    pub(super) name: OnceLock<String>,
}

/// The state under the lock.
#[derive(Debug)]
pub(super) struct State {
    pub(super) recent: Recent,
    pub(super) half: Half,
}

/// The probes of a half open breaker.
#[derive(Debug, Default)]
pub(super) struct Half {
    pub(super) admitted: u32,
    pub(super) ended: Counts,
}

/// Whether a [`Breaker`] lets calls through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum BreakerState {
    /// It lets all calls through.
    Closed,
    /// It lets all calls through, whatever their results: [`Breaker::force_close`].
    ForcedClosed,
    /// It lets some calls through, to see how they end.
    HalfOpen,
    /// It refuses calls for a while. It stays open until a call comes after that time.
    Open,
    /// It refuses all calls: [`Breaker::force_open`].
    ForcedOpen,
}

/// The statistics of a [`Breaker`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
#[non_exhaustive]
pub struct BreakerStats {
    /// Calls in its window.
    pub calls: u64,
    /// Failed calls among them.
    pub failed: u64,
    /// Slow calls among them.
    pub slow: u64,
    /// The total number of refused calls.
    pub refused: u64,
}

const ALL: [BreakerState; 5] = [
    BreakerState::Closed,
    BreakerState::ForcedClosed,
    BreakerState::HalfOpen,
    BreakerState::Open,
    BreakerState::ForcedOpen,
];

#[inline]
pub(super) fn state_of(word: u64) -> BreakerState {
    ALL[(word & 7) as usize % ALL.len()]
}

impl Default for Breaker {
    fn default() -> Self {
        Breaker::new()
    }
}

impl Breaker {
    /// A closed breaker. It opens when half of the last 100 calls have failed, if there were at least 20; each of its
    /// settings is a method.
    #[must_use]
    pub const fn new() -> Self {
        Breaker {
            settings: Settings::STANDARD,
            word: AtomicU64::new(0),
            until: AtomicU64::new(0),
            good: Good::new(),
            state: Mutex::new(State {
                recent: Recent::new(),
                half: Half { admitted: 0, ended: Counts { calls: 0, failed: 0, slow: 0 } },
            }),
            name: OnceLock::new(),
        }
    }

    /// Runs a call. An `Err` and a `None` are failures, and so is a panic.
    pub fn run<R: Refuse>(&self, call: impl FnOnce() -> R) -> R {
        match self.admit() {
            Ok(permit) => {
                let value = call();
                ended(permit, value.failure(), always);
                value
            }
            Err(refused) => R::refused(refused),
        }
    }

    /// Runs an async call. If it is dropped before its end, it does not count.
    pub async fn run_async<R: Refuse>(&self, call: impl Future<Output = R>) -> R {
        match self.admit() {
            Ok(permit) => {
                let value = call.await;
                ended(permit, value.failure(), always);
                value
            }
            Err(refused) => R::refused(refused),
        }
    }

    /// Admits a call; report its end to the permit. A permit that is dropped without a report gives its place back.
    ///
    /// # Errors
    /// If it is open.
    #[inline]
    pub fn admit(&self) -> Result<Permit<'_>, Refused> {
        let word = self.word.load(Acquire);
        if state_of(word) == BreakerState::Closed { Ok(Permit::new(self, word)) } else { self.admit_slowly(word) }
    }

    /// Returns whether it lets calls through.
    pub fn state(&self) -> BreakerState {
        state_of(self.word.load(Acquire))
    }

    /// Returns its statistics.
    pub fn stats(&self) -> BreakerStats {
        let Counts { calls, failed, slow } = lock(&self.state).recent.counts(&self.good, self.settings.window);
        BreakerStats { calls, failed, slow, refused: self.good.refused() }
    }

    /// Refuses all calls until [`reset`](Breaker::reset) or [`force_close`](Breaker::force_close).
    pub fn force_open(&self) {
        self.set(BreakerState::ForcedOpen);
    }

    /// Lets all calls through and ignores their results, until [`reset`](Breaker::reset) or
    /// [`force_open`](Breaker::force_open).
    pub fn force_close(&self) {
        self.set(BreakerState::ForcedClosed);
    }

    /// Closes it, and clears its statistics.
    pub fn reset(&self) {
        self.set(BreakerState::Closed);
    }

    fn set(&self, to: BreakerState) {
        let mut state = lock(&self.state);
        self.change(&mut state, to);
        drop(state);
        self.tell(to, Counts::default());
    }

    /// A call that was admitted in the state of that word has ended.
    #[inline]
    pub(super) fn record(&self, word: u64, failed: bool, started: u64) {
        let now = (started != 0).then(clock::ticks);
        let slow = now.is_some_and(|now| self.is_slow(started, now));
        if failed || slow || state_of(word) != BreakerState::Closed {
            self.record_slowly(word, Bad { failed, slow });
        } else if self.word.load(Relaxed) == word {
            self.good.add(self.settings.window, now);
        }
    }

    fn is_slow(&self, started: u64, now: u64) -> bool {
        let took = clock::duration(now.saturating_sub(started));
        self.settings.slow.is_some_and(|slow| took > slow)
    }

    #[cold]
    #[inline(never)]
    fn record_slowly(&self, word: u64, bad: Bad) {
        let mut state = lock(&self.state);
        // The result belongs to a state that is over.
        if self.word.load(Relaxed) != word {
            return;
        }
        let (to, counts) = match state_of(word) {
            BreakerState::Closed => self.after_bad(&mut state, bad),
            BreakerState::HalfOpen => self.after_probe(&mut state, bad),
            _ => return,
        };
        let Some(to) = to else { return };
        self.change(&mut state, to);
        drop(state);
        self.tell(to, counts);
    }

    fn after_bad(&self, state: &mut State, bad: Bad) -> (Option<BreakerState>, Counts) {
        state.recent.add(bad, &self.good, self.settings.window);
        let counts = state.recent.counts(&self.good, self.settings.window);
        let is_enough = counts.calls >= self.settings.minimum();
        ((is_enough && self.is_too_bad(counts, counts.calls)).then_some(BreakerState::Open), counts)
    }

    /// Closes when all probes have ended, and opens as soon as it can no longer close.
    fn after_probe(&self, state: &mut State, bad: Bad) -> (Option<BreakerState>, Counts) {
        let probes = self.settings.probes;
        state.half.ended.add(bad);
        let counts = state.half.ended;
        let to = if self.is_too_bad(counts, u64::from(probes)) {
            Some(BreakerState::Open)
        } else {
            (counts.calls >= u64::from(probes)).then_some(BreakerState::Closed)
        };
        (to, counts)
    }

    #[allow(clippy::cast_precision_loss, reason = "2^53 calls are out of reach")]
    fn is_too_bad(&self, counts: Counts, of: u64) -> bool {
        let Settings { failure_rate, slow, slow_rate, .. } = self.settings;
        counts.failed as f64 >= failure_rate * of as f64
            || (slow.is_some() && counts.slow as f64 >= slow_rate * of as f64)
    }

    /// Runs under the lock.
    pub(super) fn change(&self, state: &mut State, to: BreakerState) {
        match to {
            BreakerState::Closed => state.recent.clear(&self.good),
            BreakerState::HalfOpen => state.half = Half::default(),
            BreakerState::Open => {
                let until = clock::ticks().saturating_add(clock::ticks_in(self.settings.open_for));
                self.until.store(until, Relaxed);
            }
            BreakerState::ForcedOpen | BreakerState::ForcedClosed => {}
        }
        let number = (self.word.load(Relaxed) >> 3).wrapping_add(1);
        self.word.store(number << 3 | to as u64, Release);
    }

    /// Runs after the lock is released: a subscriber may call a function with a breaker.
    pub(super) fn tell(&self, to: BreakerState, of: Counts) {
        let (breaker, Counts { calls, failed, slow }) = (self.name.get().map_or("", String::as_str), of);
        match to {
            BreakerState::Open => {
                let open_for = tracing::field::debug(self.settings.open_for);
                tracing::warn!(target: "festoon", breaker, calls, failed, slow, open_for, "the circuit breaker opens");
            }
            BreakerState::HalfOpen => tracing::debug!(target: "festoon", breaker, "the circuit breaker is half open"),
            BreakerState::Closed => tracing::info!(target: "festoon", breaker, "the circuit breaker closes"),
            BreakerState::ForcedOpen => {
                tracing::warn!(target: "festoon", breaker, "the circuit breaker is forced open");
            }
            BreakerState::ForcedClosed => {
                tracing::warn!(target: "festoon", breaker, "the circuit breaker is forced closed");
            }
        }
    }

    /// How much longer it stays open.
    pub fn opens_in(&self) -> Option<Duration> {
        let is_open = self.state() == BreakerState::Open;
        is_open.then(|| clock::duration(self.until.load(Relaxed).saturating_sub(clock::ticks())))
    }
}

#[diagnostic::do_not_recommend]
impl<R: Refuse> Decorator<R> for Breaker {
    fn call(&self, _: Call<R>, next: impl FnOnce() -> R) -> R {
        self.run(next)
    }
}

#[diagnostic::do_not_recommend]
impl<F: Future<Output: Refuse>> AsyncDecorator<F> for Breaker {
    async fn call(&self, _: Call<F::Output>, next: F) -> F::Output {
        self.run_async(next).await
    }
}
