//! Threads that call, cancel, panic and write at random, in rounds.

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::task::Poll;
use std::time::Duration;

use super::driver::{Run, doing};
use super::log::{ALIVE, Answer, Deliberate, KEYS, Log, Reading, THREADS};
use super::memory;
use super::proxy::{Proxy, Wire};

/// The operations of one function. An async one is called by [`attended`].
pub struct Subject {
    pub log: &'static Log,
    pub call: fn(usize) -> Vec<Answer>,
    pub refresh: fn(usize) -> Vec<Answer>,
    pub insert: fn(Reading),
    pub invalidate: fn(usize),
    /// A function that `#[invalidates]` it.
    pub changed: fn(usize),
    pub clear: fn(),
    pub kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Values may be evicted.
    Bounded,
    Unbounded,
    /// Each thread has a cache and keys of its own.
    Thread,
    /// Values are kept outside of the process.
    Outside,
    /// With copies in memory. News of earlier writes, and a connection that is made again, end runs in a calm round too.
    Tiered,
}

/// What happens in a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weather {
    /// Calls alone, which panic, fail and are cancelled.
    Calm,
    /// Writes and refreshes too.
    Storm,
    /// And a wire that delays, cuts, truncates and corrupts.
    BadWire,
}

/// How much more may be allocated at the end than after the first rounds.
const SLACK: isize = 64 << 10;
const FIRST_ROUNDS: u64 = 10;

impl Subject {
    pub fn attack(&self, run: &Run, proxy: Option<&Proxy>) {
        let (alive, mut most) = (ALIVE.load(SeqCst), 0);
        while run.goes_on() {
            let round = run.next_round();
            self.round(run, round, proxy);
            (self.clear)();
            if matches!(self.kind, Kind::Outside | Kind::Tiered) {
                continue;
            }
            let left = ALIVE.load(SeqCst) - alive;
            assert_eq!(left, 0, "round {round}: {left} values are alive after `clear`");
            let bytes = memory::bytes();
            if round < FIRST_ROUNDS {
                most = bytes.max(most);
            }
            let more = bytes - most;
            assert!(
                round < FIRST_ROUNDS || more < SLACK,
                "round {round}: {more} bytes more than after the first rounds"
            );
        }
        run.tell(&format!("{} values checked", self.log.reads()));
        assert!(self.log.reads() > 0, "no value was returned");
    }

    fn round(&self, run: &Run, round: u64, proxy: Option<&Proxy>) {
        fastrand::seed(run.seed(round, THREADS));
        let weather = match fastrand::u32(..4) {
            0 => Weather::Calm,
            1 | 2 if proxy.is_some() => Weather::BadWire,
            _ => Weather::Storm,
        };
        self.log.begin(weather == Weather::Calm && self.kind != Kind::Tiered);
        let is_over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..THREADS)
                .map(|thread| {
                    let is_over = &is_over;
                    scope.spawn(move || {
                        let _ends = Ends(is_over);
                        fastrand::seed(run.seed(round, thread));
                        self.steps(run, thread, weather, is_over);
                    })
                })
                .collect();
            if weather == Weather::BadWire {
                while workers.iter().any(|worker| !worker.is_finished()) {
                    proxy.into_iter().for_each(change);
                    std::thread::park_timeout(Duration::from_millis(fastrand::u64(2..40)));
                }
            }
            for worker in workers {
                worker.join().unwrap_or_else(|panic| resume_unwind(panic));
            }
        });
        proxy.into_iter().for_each(mend);
        let most = self.log.most_returned();
        let is_once = self.kind != Kind::Unbounded || weather != Weather::Calm || most <= 1;
        assert!(is_once, "round {round}: {most} runs for a value that was kept");
    }

    fn steps(&self, run: &Run, thread: usize, weather: Weather, is_over: &AtomicBool) {
        for step in 0..100 {
            if is_over.load(SeqCst) || !run.goes_on() {
                break;
            }
            let own = if self.kind == Kind::Thread { thread * KEYS } else { 0 };
            let key = own + fastrand::usize(..KEYS);
            let what = if weather == Weather::Calm { 99 } else { fastrand::u32(..100) };
            doing(thread, step, what, key);
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| self.one(what, key))) {
                pass_on(panic);
            }
        }
    }

    fn one(&self, what: u32, key: usize) {
        match what {
            0 => self.log.write(key, |_| (self.clear)()),
            1 | 2 => self.log.write(key, |_| (self.changed)(key)),
            3..6 => self.log.write(key, self.insert),
            6..12 => self.log.write(key, |_| (self.invalidate)(key)),
            12..16 => self.log.check(key, || (self.refresh)(key)),
            _ => self.log.check(key, || (self.call)(key)),
        }
    }
}

/// Tells the others when a thread has failed.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.store(true, SeqCst);
        }
    }
}

fn pass_on(panic: Box<dyn Any + Send>) {
    if !panic.is::<Deliberate>() {
        resume_unwind(panic);
    }
}

fn change(proxy: &Proxy) {
    let wire = match fastrand::u32(..7) {
        0 => Wire::CutAfter(fastrand::u64(..2000)),
        1 => Wire::Slow(Duration::from_millis(fastrand::u64(..5))),
        2 => Wire::Corrupt(fastrand::u64(20..2000)),
        3 => Wire::Refuse,
        4 => Wire::BlackHole,
        _ => Wire::Whole,
    };
    proxy.becomes(wire);
    if matches!(wire, Wire::Refuse | Wire::Whole) {
        proxy.hang_up();
    }
}

fn mend(proxy: &Proxy) {
    proxy.becomes(Wire::Whole);
    proxy.hang_up();
}

/// Polls one or two calls until they are ready, or drops them after a random number of polls.
pub fn attended<F: Future<Output = Answer>>(call: impl Fn() -> F) -> Vec<Answer> {
    let mut polls = if fastrand::bool() { fastrand::u32(1..8) } else { u32::MAX };
    let calls = async {
        if fastrand::u32(..4) > 0 {
            return vec![call().await];
        }
        let (one, other) = futures::join!(call(), call());
        vec![one, other]
    };
    let mut calls = pin!(calls);
    futures::executor::block_on(poll_fn(|context| {
        polls -= 1;
        match calls.as_mut().poll(context) {
            Poll::Pending if polls == 0 => Poll::Ready(vec![]),
            answers => answers,
        }
    }))
}
