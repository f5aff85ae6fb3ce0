//! The running calls of one thread, and its own counts.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::nodes::{self, Counts, MAX, REMOVALS};
use super::{Position, root_here};
use crate::timed::observer::{Call, Key, Path};
use crate::timed::scoped;
use crate::timed::site::TimedSite;

thread_local! {
    static STACK: RefCell<Stack> = const { RefCell::new(Stack::new()) };
}

/// `None` while the thread is ending, or if the user's allocator is measured and was called from here.
#[inline]
pub(super) fn with_stack<R>(epoch: u64, work: impl FnOnce(&mut Stack) -> R) -> Option<R> {
    let result = STACK.try_with(|stack| {
        let mut stack = stack.try_borrow_mut().ok()?;
        if stack.epoch != epoch {
            stack.clear(epoch);
        }
        Some(work(&mut stack))
    });
    result.ok().flatten()
}

pub(super) struct Stack {
    epoch: u64,
    /// How many roots had been removed when `known` was empty.
    removals: u64,
    frames: Vec<Frame>,
    /// The scope of the last call without a caller, and the index of its root.
    root: Option<(u64, u32)>,
    /// The nodes that this thread has counts for.
    known: Vec<Known>,
    /// By node.
    by_node: HashMap<u32, u32, FixedState>,
    /// By the index in `known` of the caller, and site. `(other)` is not among them, so there are at most as many as
    /// nodes, and for each node its callers.
    by_call: HashMap<(u32, usize), u32, FixedState>,
}

/// A call or a poll that is running.
struct Frame {
    of: Of,
    /// Its index in `known`.
    at: u32,
    /// It is inside of another call of the same node, whose time contains its own.
    is_recursive: bool,
    start: u64,
    /// The time in calls inside of it.
    inner: u64,
    /// The recorder that it counts in.
    scope: u64,
}

#[derive(Clone, Copy, PartialEq)]
enum Of {
    Call(Key),
    /// Work from elsewhere; it has no time of its own.
    Carried,
}

struct Known {
    node: u32,
    counts: Arc<Counts>,
    /// How many calls of it are in progress on this thread.
    depth: u32,
    /// The site and the index of the last call from here: most functions call the same one many times.
    last: (usize, u32),
}

/// The bit of a [`Path`] that is set if its call is recursive.
const RECURSIVE: u32 = MAX + 1;

impl Stack {
    const fn new() -> Self {
        Stack {
            epoch: 0,
            removals: 0,
            frames: Vec::new(),
            root: None,
            known: Vec::new(),
            by_node: HashMap::with_hasher(FixedState::with_seed(0)),
            by_call: HashMap::with_hasher(FixedState::with_seed(0)),
        }
    }

    #[cold]
    fn clear(&mut self, epoch: u64) {
        self.frames.clear();
        self.forget();
        self.epoch = epoch;
    }

    /// Forgets the nodes, which may be gone.
    #[cold]
    fn forget(&mut self) {
        self.removals = REMOVALS.load(Relaxed);
        self.root = None;
        self.known.clear();
        self.by_node.clear();
        self.by_call.clear();
    }

    /// *Output:* the place of an async call.
    #[inline]
    pub(super) fn begin(&mut self, call: &Call, start: u64) -> Path {
        let scope = scoped::id();
        let at = if call.path == Path::NONE { self.place(call.site, scope) } else { self.earlier_place(call, scope) };
        let Some(at) = at else { return Path::NONE };
        let known = &mut self.known[at as usize];
        let is_recursive = if call.path == Path::NONE { known.depth > 0 } else { call.path.0 & RECURSIVE != 0 };
        known.depth += 1;
        let bit = if is_recursive { RECURSIVE } else { 0 };
        let path = Path(known.node | bit);
        self.frames.push(Frame { of: Of::Call(call.key), at, is_recursive, start, inner: 0, scope });
        path
    }

    /// From where this thread is.
    #[inline]
    fn place(&mut self, site: &'static TimedSite, scope: u64) -> Option<u32> {
        let caller = self.caller(scope)?;
        let (last, at) = self.known[caller as usize].last;
        if last == site.address() { Some(at) } else { self.other_place(caller, site) }
    }

    /// The innermost call that counts in the same scope.
    #[inline]
    fn caller(&mut self, scope: u64) -> Option<u32> {
        match self.frames.last() {
            Some(frame) if frame.scope == scope => Some(frame.at),
            Some(_) => self.other_caller(scope),
            None => self.root(scope),
        }
    }

    #[cold]
    #[inline(never)]
    fn other_caller(&mut self, scope: u64) -> Option<u32> {
        let frame = self.frames.iter().rev().find(|frame| frame.scope == scope).map(|frame| frame.at);
        frame.or_else(|| self.root(scope))
    }

    #[inline]
    fn root(&mut self, scope: u64) -> Option<u32> {
        match self.root {
            Some((of, root)) if of == scope && self.removals == REMOVALS.load(Relaxed) => Some(root),
            _ => self.find_root(scope),
        }
    }

    #[cold]
    #[inline(never)]
    fn find_root(&mut self, scope: u64) -> Option<u32> {
        if self.frames.is_empty() && self.removals != REMOVALS.load(Relaxed) {
            self.forget();
        }
        let root = self.known(root_here())?;
        self.root = Some((scope, root));
        Some(root)
    }

    #[inline(never)]
    fn other_place(&mut self, caller: u32, site: &'static TimedSite) -> Option<u32> {
        let at = match self.by_call.get(&(caller, site.address())) {
            Some(at) => *at,
            None => self.new_place(caller, site)?,
        };
        self.known[caller as usize].last = (site.address(), at);
        Some(at)
    }

    #[cold]
    fn new_place(&mut self, caller: u32, site: &'static TimedSite) -> Option<u32> {
        let place = nodes::child(self.known[caller as usize].node, site)?;
        let at = self.known(place.node)?;
        if !place.is_other {
            self.by_call.insert((caller, site.address()), at);
        }
        Some(at)
    }

    /// Where the call started, unless the tree has started again since then.
    fn earlier_place(&mut self, call: &Call, scope: u64) -> Option<u32> {
        self.known(call.path.0 & MAX).or_else(|| self.place(call.site, scope))
    }

    /// The index of a node, unless it is gone.
    fn known(&mut self, node: u32) -> Option<u32> {
        if let Some(known) = self.by_node.get(&node) {
            return Some(*known);
        }
        let (counts, index) = (nodes::attach(node)?, u32::try_from(self.known.len()).ok()?);
        self.known.push(Known { node, counts, depth: 0, last: (0, 0) });
        self.by_node.insert(node, index);
        Some(index)
    }

    /// A sync call has ended, or an async one, after its last poll.
    #[inline]
    pub(super) fn end(&mut self, call: &Call, now: u64) {
        let (at, is_recursive) = if call.is_async() {
            if call.path == Path::NONE {
                return;
            }
            let Some(at) = self.earlier_place(call, scoped::id()) else { return };
            (at, call.path.0 & RECURSIVE != 0)
        } else {
            let Some(frame) = self.pop(Of::Call(call.key), now) else { return };
            (frame.at, frame.is_recursive)
        };
        let counts = &self.known[at as usize].counts;
        counts.calls.add(1);
        if !is_recursive {
            counts.elapsed.add(now.saturating_sub(call.start));
        }
    }

    #[inline]
    pub(super) fn end_poll(&mut self, call: &Call, now: u64) {
        self.pop(Of::Call(call.key), now);
    }

    /// Counts the own time of the frame; `None` if it was not recorded.
    #[inline]
    fn pop(&mut self, of: Of, now: u64) -> Option<Frame> {
        let frame = self.frames.pop_if(|frame| frame.of == of).or_else(|| self.take_below(of, now))?;
        let elapsed = if of == Of::Carried { frame.inner } else { now.saturating_sub(frame.start) };
        if let Some(outer) = self.frames.last_mut() {
            outer.inner = outer.inner.wrapping_add(elapsed);
        }
        let known = &mut self.known[frame.at as usize];
        known.depth -= 1;
        known.counts.own.add(elapsed.saturating_sub(frame.inner));
        Some(frame)
    }

    /// A `timing::scope!` that is dropped before one that started inside of it, which is then inside of the caller. Of
    /// the time of that one, the part until now belongs to the scope that is dropped.
    #[cold]
    #[inline(never)]
    fn take_below(&mut self, of: Of, now: u64) -> Option<Frame> {
        let at = self.frames.iter().rposition(|frame| frame.of == of)?;
        let mut frame = self.frames.remove(at);
        let inside = now.saturating_sub(self.frames[at].start);
        frame.inner = frame.inner.wrapping_add(inside);
        // The caller is told of that time when the inner one ends, and of the whole time of the outer one now: here it is
        // taken back from where `pop` will add it.
        let elapsed = now.saturating_sub(frame.start);
        if let Some(caller) = at.checked_sub(1).and_then(|at| self.frames.get_mut(at)) {
            caller.inner = caller.inner.wrapping_add(elapsed).wrapping_sub(inside);
        }
        if let Some(top) = self.frames.last_mut() {
            top.inner = top.inner.wrapping_sub(elapsed);
        }
        Some(frame)
    }

    pub(super) fn position(&mut self) -> Position {
        let scope = scoped::id();
        let frame = self.frames.iter().rev().find(|frame| frame.scope == scope);
        Position { node: frame.map(|frame| self.known[frame.at as usize].node), scope }
    }

    pub(super) fn carry(&mut self, position: Position) -> Carried {
        let known = position.node.and_then(|node| self.known(node)).or_else(|| self.root(position.scope));
        if let Some(at) = known {
            let scope = position.scope;
            self.known[at as usize].depth += 1;
            self.frames.push(Frame { of: Of::Carried, at, is_recursive: false, start: 0, inner: 0, scope });
        }
        Carried { epoch: self.epoch, is_there: known.is_some(), this_thread: PhantomData }
    }
}

/// Leaves the position of elsewhere.
pub(crate) struct Carried {
    epoch: u64,
    is_there: bool,
    this_thread: PhantomData<*const ()>,
}

impl Drop for Carried {
    fn drop(&mut self) {
        if self.is_there && super::EPOCH.load(Relaxed) == self.epoch {
            with_stack(self.epoch, |stack| stack.pop(Of::Carried, 0).is_some());
        }
    }
}
