//! Which call allocated what.
//!
//! In: the starts and ends of calls and polls, and the numbers of `allocator.rs`. Out: sums in the shard of the function. Each
//! thread keeps a stack of its running calls, with what the thread had allocated when they started.

use std::cell::{Cell, RefCell};

use super::allocator::{Allocated, allocated, is_installed, reset};
use super::observer::Key;
use crate::shards::Count;

/// What the calls of a function have allocated; see [`Allocator`](crate::timing::Allocator).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Allocations {
    /// The number of allocations, other measured functions inside included; recursion counts once.
    pub count: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The number without other measured functions.
    pub self_count: u64,
    /// The bytes without other measured functions.
    pub self_bytes: u64,
}

/// While it lives, what this thread allocates does not count, nor does what calls inside of it allocate.
#[derive(Debug)]
#[must_use]
pub(super) struct Uncounted(Option<Before>);

#[derive(Debug)]
struct Before {
    allocated: Allocated,
    is_inside: bool,
}

thread_local! {
    /// Is there an [`Uncounted`] on this thread?
    static INSIDE: Cell<bool> = const { Cell::new(false) };
    static STACK: RefCell<Vec<Frame>> = const { RefCell::new(Vec::new()) };
}

/// A call or a poll that is running.
struct Frame {
    key: Key,
    /// What the thread had allocated at its start.
    from: Allocated,
    /// What calls inside of it have allocated.
    inner: Allocated,
}

/// What a call has allocated.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Used {
    total: Allocated,
    /// The part of other calls inside.
    inner: Allocated,
}

impl Uncounted {
    #[inline]
    pub(super) fn begin() -> Self {
        let before = || Before { allocated: allocated(), is_inside: INSIDE.replace(true) };
        Uncounted(is_installed().then(before))
    }

    /// What is allocated after this belongs to the call.
    pub(super) fn enter(self, key: Key) {
        if let Some(Before { allocated: from, is_inside: false }) = self.0 {
            let frame = Frame { key, from, inner: Allocated::default() };
            let _gone = STACK.try_with(|stack| stack.try_borrow_mut().map(|mut stack| stack.push(frame)));
        }
    }

    /// The call has ended; `None` if its start was not seen.
    pub(super) fn leave(&self, key: Key) -> Option<Used> {
        let before = self.0.as_ref().filter(|before| !before.is_inside)?;
        STACK.try_with(|stack| pop(&mut *stack.try_borrow_mut().ok()?, key, before.allocated)).ok().flatten()
    }
}

impl Drop for Uncounted {
    #[inline]
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            INSIDE.set(before.is_inside);
            reset(before.allocated);
        }
    }
}

/// Usually the last one. A `timing::scope!` may be dropped before one that started inside of it, which is then inside
/// of the caller: what that one has allocated until now belongs to both, and counts once for the caller.
fn pop(stack: &mut Vec<Frame>, key: Key, now: Allocated) -> Option<Used> {
    let at = stack.iter().rposition(|frame| frame.key == key)?;
    let frame = stack.remove(at);
    let inside = stack.get(at).map_or_else(Allocated::default, |above| now.minus(above.from));
    let used = Used { total: now.minus(frame.from), inner: frame.inner.plus(inside) };
    if let Some(caller) = at.checked_sub(1).and_then(|at| stack.get_mut(at)) {
        caller.inner = caller.inner.plus(used.total).minus(inside);
    }
    Some(used)
}

/// One thread's sums for a function.
#[derive(Debug, Default)]
pub(super) struct AllocationCounts {
    total: Pair,
    /// The part in calls from within the same function.
    nested: Pair,
    inner: Pair,
}

#[derive(Debug, Default)]
struct Pair {
    count: Count,
    bytes: Count,
}

impl Pair {
    fn add(&self, more: Allocated) {
        self.count.add(more.count);
        self.bytes.add(more.bytes);
    }

    fn get(&self) -> Allocated {
        Allocated { count: self.count.get(), bytes: self.bytes.get() }
    }

    fn take(&self) -> Allocated {
        Allocated { count: self.count.take(), bytes: self.bytes.take() }
    }
}

impl AllocationCounts {
    pub(super) fn add(&self, used: Used, is_nested: bool) {
        self.total.add(used.total);
        self.inner.add(used.inner);
        if is_nested {
            self.nested.add(used.total);
        }
    }

    pub(super) fn move_to(&self, there: &Self) {
        let pairs = [(&self.total, &there.total), (&self.nested, &there.nested), (&self.inner, &there.inner)];
        for (from, to) in pairs {
            to.add(from.take());
        }
    }
}

/// The sums of all threads.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct AllocationSums {
    total: Allocated,
    nested: Allocated,
    inner: Allocated,
}

impl AllocationSums {
    pub(super) fn of(counts: &AllocationCounts) -> Self {
        AllocationSums { total: counts.total.get(), nested: counts.nested.get(), inner: counts.inner.get() }
    }

    pub(super) fn plus(self, more: Self) -> Self {
        AllocationSums {
            total: self.total.plus(more.total),
            nested: self.nested.plus(more.nested),
            inner: self.inner.plus(more.inner),
        }
    }

    /// `None` without an [`Allocator`](super::Allocator).
    pub(super) fn complete(self) -> Option<Allocations> {
        // A reader may see a part of what a call adds.
        let without = |less: Allocated| {
            let Allocated { count, bytes } = self.total;
            (count.saturating_sub(less.count), bytes.saturating_sub(less.bytes))
        };
        let ((count, bytes), (self_count, self_bytes)) = (without(self.nested), without(self.inner));
        is_installed().then_some(Allocations { count, bytes, self_count, self_bytes })
    }
}
