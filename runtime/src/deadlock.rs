//! Detects deadlocks: a call that would wait for itself, directly or through other calls, is reported instead of
//! hanging.

use std::cell::RefCell;
use std::task::Waker;

use crate::sync::{Arc, AtomicU64, Mutex, Ordering::Relaxed, lock, thread_local};

/// Work that other calls may wait for: the body of a `#[cached]` function for one key, or the constructor of a
/// singleton.
pub(crate) trait Run: Send + Sync {
    fn node(&self) -> &Node;
}

/// A run's place in the graph.
#[derive(Debug, Default)]
pub(crate) struct Node {
    /// How often the run has been polled; once if it is sync.
    polls: AtomicU64,
    /// What it waits for. Only accessed under [`GRAPH`].
    edges: Mutex<Vec<Edge>>,
}

impl Run for Node {
    fn node(&self) -> &Node {
        self
    }
}

struct Edge {
    to: Arc<dyn Run>,
    /// The [`Waiting`] that it belongs to.
    waiting: u64,
    /// The edge is valid until the run is polled again: the run does not wait for a future that it keeps but no longer
    /// polls. `None`: it is valid as long as the `Waiting` lives.
    poll: Option<u64>,
}

impl std::fmt::Debug for Edge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Edge").field("waiting", &self.waiting).field("poll", &self.poll).finish_non_exhaustive()
    }
}

/// Locked only by calls that have to wait while their caller is such a run itself.
static GRAPH: Mutex<()> = Mutex::new(());

/// A run that this thread is inside of.
#[derive(Clone)]
struct Frame {
    run: Arc<dyn Run>,
    waker: Option<WakerId>,
}

/// Equal for wakers that wake the same task. (`Waker::will_wake` needs both wakers.)
type WakerId = (*const (), *const std::task::RawWakerVTable);

fn waker_id(waker: Option<&Waker>) -> Option<WakerId> {
    waker.map(|waker| (waker.data(), std::ptr::from_ref(waker.vtable())))
}

thread_local! {
    /// Outermost first.
    static INSIDE: RefCell<Vec<Frame>> = const { RefCell::new(Vec::new()) };
}

/// This thread is inside a run until this is dropped.
pub(crate) struct Inside(());

/// From here on a body runs, or its future is polled with this waker.
pub(crate) fn enter(run: Arc<dyn Run>, waker: Option<&Waker>) -> Inside {
    run.node().polls.fetch_add(1, Relaxed);
    let frame = Frame { run, waker: waker_id(waker) };
    // A thread that is ending has no stack of runs any more; nothing waits for what it computes then.
    let _ended = INSIDE.try_with(|inside| inside.borrow_mut().push(frame));
    Inside(())
}

impl Drop for Inside {
    fn drop(&mut self) {
        let left = INSIDE.try_with(|inside| inside.borrow_mut().pop());
        drop(left);
    }
}

/// A wait for a run. It counts once [`poll`](Waiting::poll) is called.
pub(crate) struct Waiting {
    run: Arc<dyn Run>,
    number: u64,
    /// The runs that have an edge for this wait.
    waiters: Vec<Arc<dyn Run>>,
}

/// It would never end: the requested run waits for the run that requests it.
#[derive(Debug)]
pub(crate) struct Circle;

impl Waiting {
    pub(crate) fn new(run: Arc<dyn Run>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Waiting { run, number: NEXT.fetch_add(1, Relaxed), waiters: Vec::new() }
    }

    /// The run is not over: the runs that this thread is inside of wait for it, a future with its waker.
    pub(crate) fn poll(&mut self, waker: Option<&Waker>) -> Result<(), Circle> {
        let inside = INSIDE.try_with(|inside| inside.borrow().clone()).unwrap_or_default();
        if inside.is_empty() && self.waiters.is_empty() {
            return Ok(());
        }
        let _graph = lock(&GRAPH);
        self.unlink();
        if leads_to(&self.run, &inside) {
            return Err(Circle);
        }
        self.link(inside, waker_id(waker));
        Ok(())
    }

    /// Each run waits for the one inside it, and the innermost one for the requested run.
    fn link(&mut self, inside: Vec<Frame>, waker: Option<WakerId>) {
        let mut to = (Arc::clone(&self.run), waker);
        for Frame { run, waker } in inside.into_iter().rev() {
            let node = run.node();
            // With a waker of its own, as in `FuturesUnordered`, a future is also waited for between its polls. And a
            // blocked thread polls nothing.
            let poll = (waker == to.1).then(|| node.polls.load(Relaxed));
            lock(&node.edges).push(Edge { to: to.0, waiting: self.number, poll });
            self.waiters.push(Arc::clone(&run));
            to = (run, waker);
        }
    }

    fn unlink(&mut self) {
        for waiter in self.waiters.drain(..) {
            lock(&waiter.node().edges).retain(|edge| edge.waiting != self.number);
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if !self.waiters.is_empty() {
            let _graph = lock(&GRAPH);
            self.unlink();
        }
    }
}

/// Does the end of `run` depend on one of these?
fn leads_to(run: &Arc<dyn Run>, waiters: &[Frame]) -> bool {
    let (mut open, mut seen) = (vec![Arc::clone(run)], Vec::new());
    while let Some(run) = open.pop() {
        if waiters.iter().any(|waiter| is_same(&waiter.run, &run)) {
            return true;
        }
        if !seen.iter().any(|other| is_same(other, &run)) {
            open.extend(run.node().waits_for());
            seen.push(run);
        }
    }
    false
}

impl Node {
    fn waits_for(&self) -> Vec<Arc<dyn Run>> {
        let polls = self.polls.load(Relaxed);
        let edges = lock(&self.edges);
        edges
            .iter()
            .filter(|edge| edge.poll.is_none_or(|poll| poll == polls))
            .map(|edge| Arc::clone(&edge.to))
            .collect()
    }
}

fn is_same(a: &Arc<dyn Run>, b: &Arc<dyn Run>) -> bool {
    std::ptr::addr_eq(Arc::as_ptr(a), Arc::as_ptr(b))
}
