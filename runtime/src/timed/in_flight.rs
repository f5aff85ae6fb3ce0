//! `timing::in_flight()`: which calls are running now.

use std::hash::BuildHasher;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard};
use std::time::Duration;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::observer::{Call, Key, Observer};
use super::thread::{Thread, thread};
use crate::clock::{self, Watch};
use crate::outcome::OutcomeKind;
use crate::sync::lock;

/// A call of a measured function that is running; see [`in_flight`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InFlight {
    /// The function's path, or the `name` that `#[timed]` was given; with `(file:line:column, version)` behind it where several
    /// functions share the path.
    pub name: String,
    /// The time since the call began; of an async one, since its first poll.
    pub age: Duration,
    /// The thread that it is running on, `thread 7` when it has no name; `None` for an async call that waits.
    pub thread: Option<String>,
    /// Is it a call of an async function?
    pub is_async: bool,
}

struct Entry {
    call: Call,
    thread: Option<Arc<Thread>>,
}

/// Alone on its cache lines.
#[repr(align(128))]
struct Part(Mutex<HashMap<Key, Entry, FixedState>>);

/// In several parts, so that threads seldom wait for each other.
static RUNNING: LazyLock<[Part; 64]> =
    LazyLock::new(|| std::array::from_fn(|_| Part(Mutex::new(HashMap::with_hasher(FixedState::default())))));

static IS_TRACKED: AtomicBool = AtomicBool::new(false);

/// Switches the list of running calls, [`in_flight`], on or off. It is off at first.
///
/// While it is on, each call of the process enters itself into the list and takes itself out, under a lock that few others
/// want: about 45 ns for a sync call and 90 ns for each poll of an async one, beside the 25 and 35 ns that measuring takes
/// anyway (on one x86 machine). While it is off, calls pay nothing for it, which is why it is a switch and not a feature:
/// switch it on in the service that hangs.
///
/// A sync call that was already running when it was enabled is not in the list; an async one is, from its next poll on.
pub fn track_in_flight(on: bool) {
    static WATCH: Mutex<Option<Watch>> = Mutex::new(None);
    let mut watch = lock(&WATCH);
    if on == watch.is_some() {
        return;
    }
    IS_TRACKED.store(on, Relaxed);
    *watch = on.then(Watch::new);
    // Both ways: a call may enter itself while it is being switched off.
    RUNNING.iter().for_each(|part| lock(&part.0).clear());
}

/// The calls of measured functions that are running now, the oldest first. Empty unless enabled with
/// [`track_in_flight`].
///
/// What a service that seems to hang is doing, without a restart and without a debugger:
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
    // The upper bits: the lower ones choose the place inside of the part.
    let hash = FixedState::default().hash_one(key) >> 40;
    lock(&RUNNING[usize::try_from(hash).unwrap_or(0) % RUNNING.len()].0)
}

/// Keeps the list of the calls that are running.
pub(super) struct RunningCalls;

impl Observer for RunningCalls {
    fn begins(&self, call: &Call) {
        if IS_TRACKED.load(Relaxed) {
            part(call.key).insert(call.key, Entry { call: *call, thread: thread() });
        }
    }

    /// It waits until the next poll.
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
