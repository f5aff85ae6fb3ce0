//! `timing::in_flight()`: the calls that are running now.

use std::hash::BuildHasher;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard};
use std::time::Duration;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::observer::{Call, Key, Observer};
use super::observers::Observing;
use super::thread::{Thread, thread};
use crate::clock;
use crate::outcome::OutcomeKind;
use crate::sync::lock;

/// A call of a measured function that is running; see [`in_flight`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct InFlight {
    /// The function's path, or the `name` of `#[timed]`; followed by `(file:line:column, version)` if several functions
    /// share the path.
    pub name: String,
    /// The time since the call started; for an async call, since its first poll.
    #[cfg_attr(feature = "serde", serde(rename = "age_ns", serialize_with = "super::report::nanos"))]
    pub age: Duration,
    /// The thread that it is running on, `thread 7` if it has no name; `None` for an async call that is waiting.
    pub thread: Option<String>,
    /// Whether it is a call of an async function.
    pub is_async: bool,
}

struct Entry {
    call: Call,
    thread: Option<Arc<Thread>>,
}

/// On its own cache lines.
#[repr(align(128))]
struct Part(Mutex<HashMap<Key, Entry, FixedState>>);

/// In several parts, so that threads seldom wait for each other.
static RUNNING: LazyLock<[Part; 64]> =
    LazyLock::new(|| std::array::from_fn(|_| Part(Mutex::new(HashMap::with_hasher(FixedState::default())))));

static IS_TRACKED: AtomicBool = AtomicBool::new(false);

/// Enables or disables the list of running calls, [`in_flight`]. It is disabled by default.
///
/// While it is enabled, each call in the process adds itself to the list and removes itself, under a lock with little
/// contention: about 45 ns for a sync call and 90 ns for each poll of an async one, in addition to the 25 and 35 ns
/// that measuring takes anyway (on one x86 machine). While it is disabled, it costs calls nothing, which is why it is a
/// switch and not a feature: enable it in the service that hangs.
///
/// A sync call that was already running when the list was enabled is not in it; an async one is, from its next poll on.
pub fn track_in_flight(on: bool) {
    static WATCH: Mutex<Option<Observing>> = Mutex::new(None);
    let mut watch = lock(&WATCH);
    if on == watch.is_some() {
        return;
    }
    IS_TRACKED.store(on, Relaxed);
    *watch = on.then(Observing::new);
    // In both cases: a call may add itself while the list is being disabled.
    RUNNING.iter().for_each(|part| lock(&part.0).clear());
}

/// Returns the running calls of measured functions, the oldest first. Empty unless enabled with [`track_in_flight`].
///
/// To see what a service that appears to hang is doing, without a restart and without a debugger:
///
/// ```
/// use festoon::{timed, timing};
///
/// #[timed(name = "import")]
/// fn import() {
///     for call in timing::in_flight() {
///         println!("{} has been running for {:?} on {:?}", call.name, call.age, call.thread);
///     }
/// #   assert!(timing::in_flight().iter().any(|call| call.name == "import"));
/// }
///
/// timing::track_in_flight(true);
/// import();
/// # assert!(timing::in_flight().is_empty());
/// ```
#[must_use]
pub fn in_flight() -> Vec<InFlight> {
    let now = clock::ticks();
    let mut running: Vec<(Call, Option<Arc<Thread>>)> = Vec::new();
    for part in RUNNING.iter() {
        running.extend(lock(&part.0).values().map(|entry| (entry.call, entry.thread.clone())));
    }
    running.sort_by_key(|(call, _)| call.start);
    running.into_iter().map(|(call, thread)| InFlight::of(&call, thread.as_deref(), now)).collect()
}

impl InFlight {
    fn of(call: &Call, thread: Option<&Thread>, now: u64) -> Self {
        InFlight {
            name: call.site.title(),
            age: clock::duration(now.saturating_sub(call.start)),
            thread: thread.map(|thread| thread.name.clone()),
            is_async: call.is_async(),
        }
    }
}

fn part(key: Key) -> MutexGuard<'static, HashMap<Key, Entry, FixedState>> {
    // The upper bits: the lower ones select the slot within the part.
    let hash = FixedState::default().hash_one(key) >> 40;
    lock(&RUNNING[usize::try_from(hash).unwrap_or(0) % RUNNING.len()].0)
}

/// Maintains the list of running calls.
pub(super) struct RunningCalls;

impl Observer for RunningCalls {
    fn begins(&self, call: &Call) {
        if IS_TRACKED.load(Relaxed) {
            part(call.key).insert(call.key, Entry { call: *call, thread: thread() });
        }
    }

    /// It waits until its next poll.
    fn was_polled(&self, call: &Call, _: u64, _: u64) {
        if IS_TRACKED.load(Relaxed)
            && let Some(entry) = part(call.key).get_mut(&call.key)
        {
            entry.thread = None;
        }
    }

    fn ended(&self, call: &Call, _: u64, _: OutcomeKind) {
        if IS_TRACKED.load(Relaxed) {
            part(call.key).remove(&call.key);
        }
    }
}
