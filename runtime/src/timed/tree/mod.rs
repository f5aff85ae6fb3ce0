//! `timing::record_tree`: who called whom.
//!
//! In: the starts, polls and ends of calls, through `observers.rs`. Out: counts per path, which `report/tree.rs` reads.
//! Each thread keeps a stack of its running calls (`stack.rs`) and counts on its own; the paths themselves are shared
//! by all threads (`nodes.rs`).

mod nodes;
mod stack;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

pub(super) use self::nodes::{Kind, LIMIT, Sums, Walked, walk};
use self::stack::{Carried, with_stack};
use super::observer::{Call, Path};
use super::scoped;
use crate::clock::Watch;
use crate::sync::lock;

/// Enables or disables recording who calls whom. It is disabled by default.
///
/// While it is enabled, each call is also counted under the path of the calls that led to it, and
/// [`report().tree()`](super::Report::tree) shows these paths. Enabling it again after it was disabled starts at zero;
/// what was recorded stays readable until then.
///
/// A call belongs to the call that was running on its thread when it started, for an async call when it was first
/// polled. It keeps that place when its future moves to another thread. `#[offload]`, `each`, hedges and refreshes in
/// the background carry the place along; a task that you spawn yourself starts a path of its own.
///
/// Recursion is folded: a function occurs at most once on a path, so if `a` calls `b` and `b` calls `a` again, the
/// inner call counts at `a`. A path is recorded until there are 4,096 of them; calls on further paths count under
/// `(other)` below the last function with a place, and [`Tree::left_out`](super::Tree::left_out) tells how many. A path
/// takes about 200 bytes, and 100 for each thread that uses it.
///
/// It costs about 10 ns per call, on one x86 machine, and nothing while it is disabled. Calls that were already
/// running when it was enabled are left out; async ones are included from their next poll on.
///
/// ```
/// use festoon::{timed, timing};
///
/// #[timed(name = "price")]
/// fn price() {}
///
/// #[timed(name = "checkout")]
/// fn checkout() {
///     price();
///     price();
/// }
///
/// timing::record_tree(true);
/// checkout();
/// let report = timing::report();
/// assert_eq!(report.tree().get(&["checkout", "price"]).unwrap().calls, 2);
/// println!("{}", report.tree());
/// ```
pub fn record_tree(on: bool) {
    static WATCH: Mutex<Option<Watch>> = Mutex::new(None);
    static EPOCHS: AtomicU64 = AtomicU64::new(OFF);
    let mut watch = lock(&WATCH);
    if on == watch.is_some() {
        return;
    }
    if on {
        nodes::restart();
    }
    EPOCH.store(if on { EPOCHS.fetch_add(1, Relaxed) + 1 } else { OFF }, Relaxed);
    *watch = on.then(Watch::new);
}

/// The number of times this was enabled, or `OFF`.
static EPOCH: AtomicU64 = AtomicU64::new(OFF);
const OFF: u64 = 0;

/// A call starts now, or one of its polls does. *Output:* the place of an async call.
#[inline]
pub(super) fn begins(call: &Call, now: u64) -> Path {
    let epoch = EPOCH.load(Relaxed);
    if epoch == OFF { Path::NONE } else { with_stack(epoch, |stack| stack.begin(call, now)).unwrap_or(Path::NONE) }
}

#[inline]
pub(super) fn was_polled(call: &Call, now: u64) {
    let epoch = EPOCH.load(Relaxed);
    if epoch != OFF {
        with_stack(epoch, |stack| stack.end_poll(call, now));
    }
}

#[inline]
pub(super) fn ended(call: &Call, now: u64) {
    let epoch = EPOCH.load(Relaxed);
    if epoch != OFF {
        with_stack(epoch, |stack| stack.end(call, now));
    }
}

/// Where a thread is, for work that continues elsewhere.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Position {
    /// `None` at the root.
    node: Option<u32>,
    /// The recorder that it counts in.
    scope: u64,
}

/// The position of this thread; `None` if nothing is recorded.
pub(crate) fn current() -> Option<Position> {
    let epoch = EPOCH.load(Relaxed);
    if epoch == OFF { None } else { with_stack(epoch, stack::Stack::position) }
}

/// Makes it the position of the thread that runs some work.
pub(crate) fn carry(position: Option<Position>) -> Option<Carried> {
    let epoch = EPOCH.load(Relaxed);
    let position = position.filter(|_| epoch != OFF)?;
    with_stack(epoch, |stack| stack.carry(position))
}

/// The root of the paths that one recorder has seen.
#[derive(Debug, Default)]
pub(super) struct ScopeRoot(std::sync::OnceLock<u32>);

impl ScopeRoot {
    fn get(&self) -> u32 {
        *self.0.get_or_init(nodes::new_root)
    }

    /// `None` if nothing was recorded.
    pub(super) fn known(&self) -> Option<u32> {
        self.0.get().copied()
    }
}

impl Drop for ScopeRoot {
    fn drop(&mut self) {
        if let Some(root) = self.0.get() {
            nodes::remove(*root);
        }
    }
}

/// The root of this thread's recorder, or of the process.
fn root_here() -> u32 {
    scoped::current().map_or_else(nodes::root, |scope| scope.tree.get())
}
