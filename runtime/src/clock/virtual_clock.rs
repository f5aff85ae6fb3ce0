//! A clock that advances only when it is told to, or when code sleeps on it.

use std::future::poll_fn;
use std::mem;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::Duration;

use super::{SOURCE, VIRTUAL, change, real_ticks, ticks_in};
use crate::local::{self, Entered, Slot};
use crate::sync::lock;

thread_local! {
    static CURRENT: Slot<VirtualClock> = const { Slot::new(None) };
}

/// The clock of this thread, if it is a virtual one.
pub(crate) fn current() -> Option<Arc<VirtualClock>> {
    if SOURCE.load(Relaxed) != VIRTUAL {
        return None;
    }
    local::current(&CURRENT)
}

/// Makes it the clock of the thread that runs some work.
pub(crate) fn carry(clock: Option<Arc<VirtualClock>>) -> Option<Entered<VirtualClock>> {
    (SOURCE.load(Relaxed) == VIRTUAL).then(|| local::enter(&CURRENT, clock))
}

#[derive(Debug)]
pub(crate) struct VirtualClock {
    /// Entries from before the test keep their age.
    start: u64,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    elapsed: Duration,
    sleeps: Vec<Duration>,
    random: fastrand::Rng,
    /// Of futures that wait for the clock to reach a moment.
    wakers: Vec<Waker>,
}

impl VirtualClock {
    pub(crate) fn new(seed: u64) -> Arc<Self> {
        change(|alive| alive.virtual_clocks += 1);
        let state = State {
            elapsed: Duration::ZERO,
            sleeps: Vec::new(),
            random: fastrand::Rng::with_seed(seed),
            wakers: Vec::new(),
        };
        Arc::new(VirtualClock { start: real_ticks(), state: Mutex::new(state) })
    }

    pub(crate) fn ticks(&self) -> u64 {
        self.start.saturating_add(ticks_in(self.elapsed()))
    }

    pub(crate) fn elapsed(&self) -> Duration {
        lock(&self.state).elapsed
    }

    pub(crate) fn advance(&self, by: Duration) {
        let mut state = lock(&self.state);
        state.elapsed = state.elapsed.saturating_add(by);
        let wakers = mem::take(&mut state.wakers);
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Waits until it has been advanced by that duration.
    pub(super) async fn gone_on(&self, length: Duration) {
        let due = self.elapsed().saturating_add(length);
        poll_fn(|context| self.poll_until(due, context.waker())).await;
    }

    fn poll_until(&self, due: Duration, waker: &Waker) -> Poll<()> {
        let mut state = lock(&self.state);
        if state.elapsed >= due {
            return Poll::Ready(());
        }
        if !state.wakers.iter().any(|known| known.will_wake(waker)) {
            state.wakers.push(waker.clone());
        }
        Poll::Pending
    }

    pub(super) fn slept(&self, length: Duration) {
        self.advance(length);
        lock(&self.state).sleeps.push(length);
    }

    pub(crate) fn sleeps(&self) -> Vec<Duration> {
        lock(&self.state).sleeps.clone()
    }

    pub(super) fn random(&self) -> f64 {
        lock(&self.state).random.f64()
    }

    pub(crate) fn seed(&self, seed: u64) {
        lock(&self.state).random.seed(seed);
    }

    /// Makes it this thread's clock until the guard is dropped.
    pub(crate) fn enter(self: &Arc<Self>) -> Entered<Self> {
        local::enter(&CURRENT, Some(Arc::clone(self)))
    }
}

impl Drop for VirtualClock {
    fn drop(&mut self) {
        change(|alive| alive.virtual_clocks -= 1);
    }
}
