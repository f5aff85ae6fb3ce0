//! A clock that advances only when it is told to, or when code sleeps on it.

use std::collections::BTreeMap;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use super::tokio_time::{Timer, TokioTime};
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
    /// Made while tokio's time was paused, it is that time: tokio's runtime advances it.
    tokio: Option<TokioTime>,
    /// A simulation runs: async sleeps end when their time has come, not at once.
    is_simulated: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    elapsed: Duration,
    sleeps: Vec<Duration>,
    random: fastrand::Rng,
    /// Of futures that wait for the clock to reach a moment, by that moment and in order of arrival.
    waiting: BTreeMap<(Duration, u64), Waker>,
    next: u64,
}

impl VirtualClock {
    pub(crate) fn new(seed: u64) -> Arc<Self> {
        change(|alive| alive.virtual_clocks += 1);
        let state = State {
            elapsed: Duration::ZERO,
            sleeps: Vec::new(),
            random: fastrand::Rng::with_seed(seed),
            waiting: BTreeMap::new(),
            next: 0,
        };
        Arc::new(VirtualClock {
            start: real_ticks(),
            tokio: TokioTime::paused(),
            is_simulated: AtomicBool::new(false),
            state: Mutex::new(state),
        })
    }

    pub(crate) fn ticks(&self) -> u64 {
        self.start.saturating_add(ticks_in(self.elapsed()))
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.tokio().map_or_else(|| lock(&self.state).elapsed, TokioTime::elapsed)
    }

    /// tokio's time, if it is followed.
    fn tokio(&self) -> Option<&TokioTime> {
        if self.tokio.is_none() {
            TokioTime::reject_unfollowed();
        }
        self.tokio.as_ref()
    }

    pub(crate) fn advance(&self, by: Duration) {
        match self.tokio() {
            Some(tokio) => tokio.advance(by),
            None => self.advance_own(by),
        }
    }

    fn advance_own(&self, by: Duration) {
        let mut state = lock(&self.state);
        state.elapsed = state.elapsed.saturating_add(by);
        let elapsed = state.elapsed;
        let mut due = Vec::new();
        while let Some(first) = state.waiting.first_entry().filter(|first| first.key().0 <= elapsed) {
            due.push(first.remove());
        }
        drop(state);
        due.into_iter().for_each(Waker::wake);
    }

    /// Waits until it has been advanced by that duration.
    pub(crate) fn gone_on(self: &Arc<Self>, length: Duration) -> GoneOn {
        let timer = self.tokio().map(|tokio| tokio.sleep(length));
        GoneOn { clock: Arc::clone(self), due: self.elapsed().saturating_add(length), number: None, timer }
    }

    /// An async sleep.
    pub(super) async fn slept_async(self: Arc<Self>, length: Duration) {
        if self.tokio().is_some() || self.is_simulated.load(Relaxed) {
            lock(&self.state).sleeps.push(length);
            self.gone_on(length).await;
        } else {
            self.slept(length);
        }
    }

    /// Runs a future. Whenever it cannot continue, the clock advances to the next moment that something waits for.
    pub(crate) fn simulate<F: Future>(self: &Arc<Self>, future: F) -> F::Output {
        assert!(
            self.tokio().is_none(),
            "festoon: a simulation inside of tokio's paused time, which tokio advances: `.await` the future instead"
        );
        let _entered = self.enter();
        let _simulated = Simulated::begin(self);
        let woken = Arc::new(Woken { is_woken: AtomicBool::new(false), thread: thread::current() });
        let waker = Waker::from(Arc::clone(&woken));
        let mut future = pin!(future);
        loop {
            if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
                return value;
            }
            self.advance_until(&woken);
        }
    }

    /// Advances from moment to moment until the future that is simulated has been woken.
    fn advance_until(&self, woken: &Woken) {
        let started = Instant::now();
        while !woken.is_woken.swap(false, Relaxed) {
            if let Some(length) = self.until_next() {
                self.advance(length);
            } else {
                assert!(started.elapsed() < LONGEST, "festoon: a simulation waits for something that never happens");
                thread::park_timeout(LONGEST);
            }
        }
    }

    /// How long it is until the next moment that something waits for.
    fn until_next(&self) -> Option<Duration> {
        let state = lock(&self.state);
        state.waiting.first_key_value().map(|((due, _), _)| due.saturating_sub(state.elapsed))
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

/// How long a simulation waits for other threads, which the clock knows nothing about.
const LONGEST: Duration = if cfg!(test) { Duration::from_millis(50) } else { Duration::from_secs(60) };

/// Marks a clock as simulated until it is dropped.
struct Simulated<'c> {
    clock: &'c VirtualClock,
    before: bool,
}

impl<'c> Simulated<'c> {
    fn begin(clock: &'c VirtualClock) -> Self {
        Simulated { clock, before: clock.is_simulated.swap(true, Relaxed) }
    }
}

impl Drop for Simulated<'_> {
    fn drop(&mut self) {
        self.clock.is_simulated.store(self.before, Relaxed);
    }
}

struct Woken {
    is_woken: AtomicBool,
    thread: Thread,
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.is_woken.store(true, Relaxed);
        self.thread.unpark();
    }
}

/// Completes when a virtual clock has been advanced far enough: [`Handle::wait`](crate::testing::Handle::wait).
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct GoneOn {
    clock: Arc<VirtualClock>,
    due: Duration,
    /// Its position among those that wait for the same moment.
    number: Option<u64>,
    /// Of tokio, if its time is followed.
    timer: Option<Pin<Box<Timer>>>,
}

impl Future for GoneOn {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        if let Some(timer) = &mut this.timer {
            return timer.as_mut().poll(context);
        }
        let mut state = lock(&this.clock.state);
        if state.elapsed >= this.due {
            return Poll::Ready(());
        }
        let number = *this.number.get_or_insert_with(|| {
            state.next += 1;
            state.next
        });
        state.waiting.entry((this.due, number)).or_insert_with(|| context.waker().clone()).clone_from(context.waker());
        Poll::Pending
    }
}

impl Drop for GoneOn {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            // Dropped outside of the lock, since a waker's drop may run any code.
            let _waker = lock(&self.clock.state).waiting.remove(&(self.due, number));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{gone_on, sleep, sleep_async};
    use futures_executor::block_on;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn sleeps_overlap_only_in_a_simulation() {
        let clock = VirtualClock::new(0);
        let sleeps = async || {
            sleep_async(SECOND).await;
            sleep_async(2 * SECOND).await;
        };
        clock.simulate(async { tokio::join!(sleeps(), sleeps(), gone_on(4 * SECOND)) });
        assert_eq!((clock.elapsed(), clock.sleeps().len()), (4 * SECOND, 4));
        let _entered = clock.enter();
        block_on(async { tokio::join!(sleeps(), sleeps()) });
        assert_eq!(clock.elapsed(), 10 * SECOND);
    }

    #[test]
    fn waits_end_in_order_of_their_moments() {
        let (clock, order) = (VirtualClock::new(0), Mutex::new(Vec::new()));
        let come = async |name: u8, at: Duration| {
            clock.gone_on(at).await;
            lock(&order).push((name, clock.elapsed()));
        };
        clock.simulate(async { tokio::join!(come(1, 3 * SECOND), come(2, SECOND), come(3, SECOND)) });
        assert_eq!(*lock(&order), [(2, SECOND), (3, SECOND), (1, 3 * SECOND)]);
    }

    #[test]
    fn a_dropped_wait_is_forgotten() {
        let clock = VirtualClock::new(0);
        let outcome = clock.simulate(async {
            tokio::select! {
                () = clock.gone_on(9 * SECOND) => 9,
                () = clock.gone_on(SECOND) => 1,
            }
        });
        assert_eq!((outcome, clock.elapsed()), (1, SECOND));
        assert!(lock(&clock.state).waiting.is_empty());
    }

    #[test]
    fn a_blocking_sleep_holds_up_everything() {
        let clock = VirtualClock::new(0);
        let late = clock.simulate(async {
            let wait = async {
                clock.gone_on(SECOND).await;
                clock.elapsed()
            };
            tokio::join!(wait, async { sleep(5 * SECOND) }).0
        });
        assert_eq!(late, 5 * SECOND);
    }

    #[test]
    #[should_panic(expected = "a simulation waits for something that never happens")]
    fn a_simulation_that_cannot_end_says_so() {
        VirtualClock::new(0).simulate(std::future::pending::<()>());
    }

    #[test]
    fn a_simulation_waits_for_other_threads() {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let thread = thread::spawn(move || sender.send(3));
        assert_eq!(VirtualClock::new(0).simulate(receiver), Ok(3));
        thread.join().unwrap().unwrap();
    }
}
