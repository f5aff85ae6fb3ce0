//! The state of a call that has failed once: its current attempt, its wait, and when it gives up.

use std::sync::atomic::{AtomicBool, AtomicU32};
use std::time::Duration;

use tracing::Level;
use tracing::level_filters::LevelFilter;

use super::attempt::{Entered, Frame};
use super::budget::Budget;
use super::error::{Failure, Reason, Story};
use super::limits::Bounds;
use super::owner::Owner;
use super::site::RetrySite;
use super::stage;
use super::verdict::Verdict;
use super::wait::Steps;
use super::words::Text;
use crate::clock;
use crate::deadline::{self, NEVER};

/// One call whose first attempt has failed.
pub struct Failed {
    /// The attempt that is running, or has just failed.
    pub(super) number: u32,
    maximum: u32,
    /// When the call started, in ticks; zero if the clock was not read.
    started: u64,
    /// The deadline, in ticks.
    deadline: u64,
    pub(super) budget: Option<&'static Budget>,
    steps: Steps,
    pub(super) wait: Duration,
    /// In nanoseconds.
    slept: u64,
    /// Why the call has ended, once it has.
    reason: Option<Reason>,
    /// The site whose attempts a test can make fail.
    pub(super) site: Option<&'static RetrySite>,
    /// The attempt whose first poll the test has been notified of.
    pub(super) polled: AtomicU32,
    /// A test has delayed that attempt, and it fails at its next poll.
    pub(super) fails_late: AtomicBool,
    /// For errors that record the history.
    history: Vec<Failure>,
    /// For a sync function, whose attempts run on one thread. Each poll of a future sets its own.
    entered: Option<Entered>,
}

/// The user's own iterator of waits.
pub(super) type Waits<'w> = &'w mut dyn Iterator<Item = Duration>;

impl Failed {
    pub(super) fn new(owner: Owner<'_>, bounds: &Bounds) -> Self {
        Failed {
            number: 1,
            maximum: if stage::allows_retries() { bounds.attempts(owner.policy()) } else { 1 },
            started: bounds.started,
            deadline: bounds.deadline.min(deadline::current()),
            budget: bounds.budget,
            steps: Steps::default(),
            wait: Duration::ZERO,
            slept: 0,
            reason: None,
            site: owner.site(),
            polled: AtomicU32::new(0),
            fails_late: AtomicBool::new(false),
            history: Vec::new(),
            entered: None,
        }
    }

    /// The value for `festoon::attempt()`.
    pub(super) fn frame(&self) -> Frame {
        Frame { number: self.number, maximum: self.maximum, slept: self.slept, started: self.started }
    }

    /// Sets it for this thread, until the call ends.
    pub(super) fn tell_thread(&mut self) {
        if self.entered.is_some() {
            self.frame().begin();
        } else {
            self.entered = Some(self.frame().enter());
        }
    }

    /// Is it this thread's current attempt?
    pub(super) fn is_entered(&self) -> bool {
        self.entered.is_some()
    }

    /// An attempt has ended: does the call end too? If not, its wait is known.
    #[inline]
    pub(super) fn is_over(&mut self, owner: Owner<'_>, verdict: Verdict, text: Text<'_>) -> bool {
        if verdict == Verdict::Good {
            self.recovered(owner);
            return true;
        }
        self.decide(owner, verdict, text, None);
        self.is_done()
    }

    /// Has it failed for good?
    pub(super) fn is_done(&self) -> bool {
        self.reason.is_some()
    }

    /// Has it failed although another attempt might have made sense?
    pub(super) fn gave_up(&self) -> bool {
        self.reason.is_some_and(|reason| reason != Reason::Refused)
    }

    /// An attempt has failed: does the call continue, and after which wait?
    pub(super) fn decide(&mut self, owner: Owner<'_>, verdict: Verdict, text: Text<'_>, waits: Option<Waits<'_>>) {
        match self.next_wait(owner, verdict, waits) {
            Ok(wait) => {
                self.wait = wait;
                if tells(Level::DEBUG) {
                    tell_wait(owner, self.number, wait, &text);
                }
                self.note(text, wait);
            }
            Err(reason) => self.end(owner, reason, text),
        }
    }

    fn next_wait(&mut self, owner: Owner<'_>, verdict: Verdict, waits: Option<Waits<'_>>) -> Result<Duration, Reason> {
        if verdict == Verdict::Final {
            return Err(Reason::Refused);
        }
        if self.number >= self.maximum {
            return Err(Reason::Attempts);
        }
        let planned = match waits {
            Some(waits) => waits.next().ok_or(Reason::Waits)?,
            None => owner.policy().wait.next(&mut self.steps),
        };
        let wait = if let Verdict::After(hint) = verdict { hint } else { planned };
        if self.would_be_late(wait) {
            return Err(Reason::Time);
        }
        if self.budget.is_some_and(|budget| !budget.take()) { Err(Reason::Budget) } else { Ok(wait) }
    }

    /// Would the wait end after the deadline? Or is the deadline already over, so that the next attempt would have no
    /// time at all?
    fn would_be_late(&self, wait: Duration) -> bool {
        self.deadline != NEVER && (deadline::after(wait) > self.deadline || clock::ticks() >= self.deadline)
    }

    fn end(&mut self, owner: Owner<'_>, reason: Reason, text: Text<'_>) {
        self.reason = Some(reason);
        owner.count(|shard| if reason == Reason::Refused { &shard.refused } else { &shard.gave_up });
        if reason != Reason::Refused && tells(Level::WARN) {
            tell_end(owner, self.number, Duration::from_nanos(self.slept), reason, &text);
        }
        if let Some(Text::Listener(error)) = self.note(text, Duration::ZERO) {
            let elapsed = clock::duration(clock::ticks().saturating_sub(self.started));
            error.hear(Story { attempts: self.number, elapsed, reason, history: std::mem::take(&mut self.history) });
        }
    }

    /// Records the failure for an error that keeps the history. *Output:* that error.
    fn note<'t>(&mut self, text: Text<'t>, wait: Duration) -> Option<Text<'t>> {
        let Text::Listener(error) = &text else { return None };
        if self.started == 0 {
            self.started = clock::ticks();
        }
        self.history.push(Failure { error: error.words().to_string(), wait });
        Some(text)
    }

    /// An attempt has succeeded.
    pub(super) fn recovered(&self, owner: Owner<'_>) {
        if self.number > 1 {
            owner.count(|shard| &shard.recovered);
            if tells(Level::INFO) {
                tell_recovery(owner, self.number, Duration::from_nanos(self.slept));
            }
        }
    }

    /// Waits for the next attempt of a sync function.
    pub(super) fn sleep(&mut self, owner: Owner<'_>) {
        let wait = self.begin_next(owner);
        clock::sleep(wait);
        if !wait.is_zero() {
            owner.count_slept(wait);
        }
        self.tell_thread();
    }

    /// Makes the next attempt the current one. *Output:* the wait before it.
    pub(super) fn begin_next(&mut self, owner: Owner<'_>) -> Duration {
        self.number = self.number.saturating_add(1);
        if !self.wait.is_zero() {
            self.slept = self.slept.saturating_add(clock::nanos(self.wait));
        }
        owner.count(|shard| &shard.retried);
        self.wait
    }
}

/// Is there a subscriber for this level? One load if there is none.
#[inline]
pub(super) fn tells(level: Level) -> bool {
    level <= LevelFilter::current()
}

/// The event when a call waits.
#[cold]
fn tell_wait(owner: Owner<'_>, attempt: u32, wait: Duration, error: &Text<'_>) {
    let function = owner.name();
    tracing::debug!(target: "festoon", function, attempt, ?wait, %error, "retrying");
}

/// The event when a call gives up.
#[cold]
pub(super) fn tell_end(owner: Owner<'_>, attempts: u32, slept: Duration, reason: Reason, error: &Text<'_>) {
    let (function, why) = (owner.name(), reason.text());
    tracing::warn!(target: "festoon", function, attempts, ?slept, %error, why, "gave up");
}

/// The event when a call succeeds after a failure.
#[cold]
pub(super) fn tell_recovery(owner: Owner<'_>, attempt: u32, slept: Duration) {
    let function = owner.name();
    tracing::info!(target: "festoon", function, attempt, ?slept, "recovered");
}

/// Waits, and counts the time slept: all of it, or the part before it was cancelled.
pub(super) async fn sleep_counted(site: &'static RetrySite, wait: Duration) {
    let mut slept = Slept { site, wait, started: clock::ticks(), is_over: false };
    clock::sleep_async(wait).await;
    slept.is_over = true;
}

struct Slept {
    site: &'static RetrySite,
    wait: Duration,
    started: u64,
    is_over: bool,
}

impl Drop for Slept {
    fn drop(&mut self) {
        let elapsed = || clock::duration(clock::ticks().saturating_sub(self.started)).min(self.wait);
        Owner::Function(self.site).count_slept(if self.is_over { self.wait } else { elapsed() });
    }
}
