//! A test's plans for `#[retry]` functions on this thread, which each attempt follows. `festoon::testing` sets them.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::attempt::empty_fast;
use crate::clock;
use crate::local::{self, Entered, Slot};
use crate::sync::lock;

/// One plan, linked to the previous ones.
#[derive(Debug)]
pub(crate) struct Stage {
    part: Part,
    outer: Option<Arc<Stage>>,
}

#[derive(Debug)]
pub(crate) enum Part {
    FailNext { function: String, times: AtomicU32 },
    FailRate { function: String, rate: f64, random: Mutex<fastrand::Rng> },
    Delay { function: String, length: Duration },
    NoRetries,
    Timeline(Mutex<Vec<Began>>),
}

thread_local! {
    static CURRENT: Slot<Stage> = const { RefCell::new(None) };
}

/// The number of plans anywhere, so that calls check the thread only if there are some.
static ALIVE: AtomicUsize = AtomicUsize::new(0);

/// The plans of this thread.
pub(crate) fn current() -> Option<Arc<Stage>> {
    if ALIVE.load(Relaxed) == 0 { None } else { local::current(&CURRENT) }
}

/// Makes them the plans of the thread that runs some work.
pub(crate) fn carry(stage: Option<Arc<Stage>>) -> Option<Entered<Stage>> {
    (ALIVE.load(Relaxed) > 0).then(|| enter(stage))
}

/// From now on calls check the plans, and so take the slow path.
fn enter(stage: Option<Arc<Stage>>) -> Entered<Stage> {
    empty_fast();
    local::enter(&CURRENT, stage)
}

/// Are there any plans on this thread?
#[inline]
pub(crate) fn is_set() -> bool {
    ALIVE.load(Relaxed) > 0 && current().is_some()
}

/// May a call be retried?
#[inline]
pub(crate) fn allows_retries() -> bool {
    let mut allowed = true;
    each(|part| allowed &= !matches!(part, Part::NoRetries));
    allowed
}

/// The plan for an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) fails: bool,
    /// The clock has advanced for it.
    pub(crate) is_delayed: bool,
}

/// An attempt of this function starts.
pub(crate) fn begins(name: &str) -> Plan {
    let mut plan = Plan { fails: false, is_delayed: false };
    each(|part| plan.fails = plan.fails || part.fails(name));
    each(|part| part.record(name));
    each(|part| plan.is_delayed |= part.delay(name));
    plan
}

/// Visits all plans, from the innermost one.
fn each(mut asked: impl FnMut(&Part)) {
    let mut next = current();
    while let Some(stage) = next {
        asked(&stage.part);
        next = stage.outer.as_ref().map(Arc::clone);
    }
}

impl Part {
    /// Does this plan make the attempt fail?
    fn fails(&self, name: &str) -> bool {
        match self {
            Part::FailNext { function, times } => {
                function == name && times.fetch_update(Relaxed, Relaxed, |times| times.checked_sub(1)).is_ok()
            }
            Part::FailRate { function, rate, random } => function == name && lock(random).f64() < *rate,
            _ => false,
        }
    }

    fn record(&self, name: &str) {
        if let Part::Timeline(began) = self {
            let at = clock::current().map_or(Duration::ZERO, |clock| clock.elapsed());
            lock(began).push(Began { function: name.to_owned(), at });
        }
    }

    fn delay(&self, name: &str) -> bool {
        match self {
            Part::Delay { function, length } if function == name => {
                clock::sleep(*length);
                true
            }
            _ => false,
        }
    }
}

/// Keeps a plan in force until it is dropped.
#[derive(Debug)]
#[must_use = "it is in store only as long as this guard lives"]
pub struct Staged {
    stage: Arc<Stage>,
    _entered: Entered<Stage>,
    _count: Count,
    /// It belongs to the thread that created it.
    _this_thread: PhantomData<*const ()>,
}

impl Staged {
    /// The attempts that it has recorded, if that is its plan.
    pub(crate) fn recorded(&self) -> Vec<Began> {
        match &self.stage.part {
            Part::Timeline(began) => lock(began).clone(),
            _ => Vec::new(),
        }
    }
}

#[derive(Debug)]
struct Count;

impl Drop for Count {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Relaxed);
    }
}

/// Adds a plan to those of this thread.
pub(crate) fn set(part: Part) -> Staged {
    let stage = Arc::new(Stage { part, outer: current() });
    ALIVE.fetch_add(1, Relaxed);
    let entered = enter(Some(Arc::clone(&stage)));
    Staged { stage, _entered: entered, _count: Count, _this_thread: PhantomData }
}

/// An attempt, and when it started.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Began {
    /// The full path of the function.
    pub function: String,
    /// The time by the virtual clock, since the recording started.
    pub at: Duration,
}
