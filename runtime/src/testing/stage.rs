//! A test's plans for `#[retry]` functions: faults, delays, a record of their attempts.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::clock;
use crate::decorated::Decorated;
use crate::local::{self, Entered, Slot};
use crate::retrying::empty_slots;
use crate::sync::lock;

/// One plan, linked to the previous ones.
#[derive(Debug)]
pub(crate) struct Stage {
    part: Part,
    outer: Option<Arc<Stage>>,
}

#[derive(Debug)]
enum Part {
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
    empty_slots();
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

#[derive(Debug)]
struct Count;

impl Drop for Count {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Relaxed);
    }
}

fn set(part: Part) -> Staged {
    let stage = Arc::new(Stage { part, outer: current() });
    ALIVE.fetch_add(1, Relaxed);
    let entered = enter(Some(Arc::clone(&stage)));
    Staged { stage, _entered: entered, _count: Count, _this_thread: PhantomData }
}

/// Makes the next attempts of a `#[retry]` function fail on this thread, without running its body, until this many have
/// failed or the guard is dropped. The error is created from an [`InjectedFault`](super::InjectedFault).
///
/// ```
/// use festoon::{retry, testing};
///
/// #[retry(attempts = 3)]
/// fn fetch(url: &str) -> std::io::Result<usize> {
///     Ok(url.len())
/// }
///
/// let _clock = testing::clock();
/// let timeline = testing::timeline();
/// let _faults = testing::fail_next(fetch, 2);
/// assert_eq!(fetch("abc").unwrap(), 3);
/// assert_eq!(timeline.calls().len(), 3);
/// ```
#[expect(clippy::needless_pass_by_value, reason = "function items are passed as they are written")]
pub fn fail_next<Signature, F: Decorated<Signature>>(function: F, times: u32) -> Staged {
    set(Part::FailNext { function: function.site_name(), times: AtomicU32::new(times) })
}

/// Makes this share of the attempts of a `#[retry]` function fail on this thread, like [`fail_next`]; which ones
/// depends only on the seed.
#[expect(clippy::needless_pass_by_value, reason = "function items are passed as they are written")]
pub fn fail_rate<Signature, F: Decorated<Signature>>(function: F, rate: f64, seed: u64) -> Staged {
    let random = Mutex::new(fastrand::Rng::with_seed(seed));
    set(Part::FailRate { function: function.site_name(), rate, random })
}

/// Makes each attempt of a `#[retry]` function start with a wait of this length, on this thread's virtual clock. An
/// async attempt with a shorter `timeout` is cut off.
///
/// # Panics
/// Without a [`clock`](super::clock), since tests should not wait.
#[expect(clippy::needless_pass_by_value, reason = "function items are passed as they are written")]
pub fn delay<Signature, F: Decorated<Signature>>(function: F, length: Duration) -> Staged {
    assert!(clock::is_virtual(), "`testing::delay` needs a virtual clock: call `testing::clock()` before it");
    set(Part::Delay { function: function.site_name(), length })
}

/// Limits each call of a `#[retry]` function, and of a [`Retry`](crate::Retry), to one attempt on this thread.
///
/// ```
/// use festoon::{retry, testing};
///
/// #[retry(attempts = 5, wait = fixed(1h))]
/// fn fetch() -> Option<u32> {
///     None
/// }
///
/// let _once = testing::no_retries();
/// assert_eq!(fetch(), None); // at once
/// ```
pub fn no_retries() -> Staged {
    set(Part::NoRetries)
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

/// Records each attempt of a `#[retry]` function on this thread, with the time by its virtual clock.
///
/// ```
/// use festoon::{retry, testing};
/// use std::time::Duration;
///
/// #[retry(attempts = 3, wait = chain[100ms, 200ms])]
/// fn fetch() -> Option<u32> {
///     None
/// }
///
/// let _clock = testing::clock();
/// let timeline = testing::timeline();
/// fetch();
/// assert_eq!(timeline.calls(), [0, 100, 300].map(Duration::from_millis));
/// ```
pub fn timeline() -> Timeline {
    Timeline(set(Part::Timeline(Mutex::new(Vec::new()))))
}

/// The record of [`timeline`].
#[derive(Debug)]
#[must_use = "it records only as long as this guard lives"]
pub struct Timeline(Staged);

impl Timeline {
    /// Returns when the attempts of all functions started.
    #[must_use]
    pub fn calls(&self) -> Vec<Duration> {
        self.all().into_iter().map(|began| began.at).collect()
    }

    /// Returns when those of one function started.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "function items are passed as they are written")]
    pub fn calls_of<Signature, F: Decorated<Signature>>(&self, function: F) -> Vec<Duration> {
        let name = function.site_name();
        self.all().into_iter().filter(|began| began.function == name).map(|began| began.at).collect()
    }

    /// Returns every attempt.
    #[must_use]
    pub fn all(&self) -> Vec<Began> {
        match &self.0.stage.part {
            Part::Timeline(began) => lock(began).clone(),
            _ => Vec::new(),
        }
    }
}
