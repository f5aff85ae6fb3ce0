//! Nodes that have been removed from a cache and wait until no thread reads them.
#![expect(unsafe_code, reason = "this is the code that frees")]

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use super::node::{Kind, Pointer};
use super::raw::RawCache;
use super::shard::{Shard, State};
use super::table::Table;
use crate::cached::removal::Removal;
use crate::hazard::InUse;

/// The waiting nodes of a shard.
pub(super) struct Garbage {
    pub(super) nodes: Vec<Pointer>,
    pub(super) tables: Vec<Table>,
    weight: u64,
    limit: Limit,
    /// How many threads are comparing keys outside of the lock.
    pub(super) holders: usize,
    /// To be freed at the next opportunity, however few they are.
    pub(super) is_overdue: bool,
}

/// How much may wait to be freed.
#[derive(Clone, Copy)]
pub(super) struct Limit {
    nodes: usize,
    weight: u64,
}

/// In each shard.
const MOST_WAITING: u64 = 64;
/// In an unbounded cache values are removed one by one, if at all.
const MOST_WAITING_UNBOUNDED: usize = 16;

impl Garbage {
    /// For a cache of this size: at most an eighth of it.
    #[expect(clippy::cast_possible_truncation, reason = "at most 64")]
    pub(super) fn limit(size: u64, is_weighed: bool) -> Limit {
        match size {
            u64::MAX => Limit { nodes: MOST_WAITING_UNBOUNDED, weight: u64::MAX },
            _ if is_weighed => Limit { nodes: MOST_WAITING as usize, weight: size / 8 },
            _ => Limit { nodes: (size / 8).min(MOST_WAITING) as usize, weight: u64::MAX },
        }
    }

    pub(super) fn new(limit: impl Into<Option<Limit>>) -> Self {
        let limit = limit.into().unwrap_or(Limit { nodes: 0, weight: 0 });
        Garbage { nodes: Vec::new(), tables: Vec::new(), weight: 0, limit, holders: 0, is_overdue: false }
    }

    pub(super) fn discard(&mut self, node: Pointer, kind: &Kind) {
        // SAFETY: it is a node of this kind, and it is freed only through this.
        self.weight = self.weight.saturating_add(unsafe { (kind.weight)(node) });
        self.nodes.push(node);
    }

    pub(super) fn discard_table(&mut self, table: Table) {
        self.tables.push(table);
        self.is_overdue = true;
    }

    fn is_due(&self) -> bool {
        let is_full = self.nodes.len() > self.limit.nodes || self.weight > self.limit.weight;
        (is_full || self.is_overdue) && self.holders == 0 && !self.is_empty()
    }

    pub(super) fn take_all(&mut self, from: &mut Garbage) {
        self.nodes.append(&mut from.nodes);
        self.tables.append(&mut from.tables);
        // Only after a `clear`; otherwise the allocation is reused.
        from.nodes.shrink_to(2 * from.limit.nodes);
        (from.weight, from.is_overdue) = (0, false);
    }

    /// Puts nodes back that are still in use.
    fn put_back(&mut self, mut kept: Garbage) {
        self.nodes.append(&mut kept.nodes);
        self.tables.append(&mut kept.tables);
        self.is_overdue = true;
    }

    fn is_empty(&self) -> bool {
        self.nodes.is_empty() && self.tables.is_empty()
    }

    /// Keeps the nodes in use, and returns the others.
    fn split(&mut self, in_use: &InUse) -> Garbage {
        let mut free = Garbage::new(None);
        free.nodes = self.nodes.extract_if(.., |node| !in_use.contains(node.as_ptr())).collect();
        free.tables = self.tables.extract_if(.., |table| !in_use.contains(table.raw())).collect();
        free
    }

    /// Frees all of it, even if a destructor panics.
    ///
    /// # Safety
    /// No thread can access any of it, and the nodes are of this kind.
    pub(super) unsafe fn free(self, kind: &Kind) {
        let mut panic = None;
        for node in self.nodes {
            // SAFETY: guaranteed by the caller.
            let free = || unsafe { (kind.free)(node) };
            if let Err(payload) = catch_unwind(AssertUnwindSafe(free)) {
                panic.get_or_insert(payload);
            }
        }
        for table in self.tables {
            // SAFETY: guaranteed by the caller.
            unsafe { table.free() };
        }
        match panic {
            Some(payload) if std::thread::panicking() => std::mem::forget(payload),
            Some(payload) => resume_unwind(payload),
            None => {}
        }
    }
}

/// The nodes that one operation has removed. They are reported to listeners, and may be freed when this is dropped.
pub(in crate::cached) struct Gone<'a> {
    cache: &'a RawCache,
    /// Set if there are listeners.
    told: Option<Vec<(Pointer, Removal)>>,
    due: Vec<(&'a Shard, Garbage)>,
    refused: Option<Pointer>,
    pub(in crate::cached) evictions: usize,
    pub(in crate::cached) expirations: usize,
}

impl<'a> Gone<'a> {
    pub(super) fn new(cache: &'a RawCache, is_told: bool) -> Self {
        Gone { cache, told: is_told.then(Vec::new), due: Vec::new(), refused: None, evictions: 0, expirations: 0 }
    }

    /// Adds a node that can no longer be found.
    pub(super) fn push(&mut self, state: &mut State, node: Pointer, why: Removal) {
        match &mut self.told {
            Some(told) => told.push((node, why)),
            None => state.garbage.discard(node, self.cache.kind),
        }
    }

    /// Adds a node that has never been in the cache.
    pub(super) fn refuse(&mut self, node: Pointer) {
        self.refused = Some(node);
    }

    pub(in crate::cached) fn is_refused(&self) -> bool {
        self.refused.is_some()
    }

    /// Takes the nodes that may be freed, which happens outside of the lock.
    pub(super) fn take_due(&mut self, state: &mut State, shard: &'a Shard) {
        if state.garbage.is_due() {
            let mut due = Garbage::new(None);
            due.take_all(&mut state.garbage);
            self.due.push((shard, due));
        }
    }

    /// Takes all waiting nodes. Nodes added after this do not wait either.
    pub(super) fn take_waiting(&mut self, state: &mut State, shard: &'a Shard) {
        state.garbage.is_overdue = true;
        self.take_due(state, shard);
        state.garbage.is_overdue = true;
    }

    /// The removals to report.
    pub(super) fn told(&self) -> &[(Pointer, Removal)] {
        self.told.as_deref().unwrap_or_default()
    }

    #[cold]
    #[inline(never)]
    fn free(&mut self) {
        let told: Vec<_> = self.told.take().unwrap_or_default().into_iter().map(|(node, _)| node).collect();
        let cache = self.cache;
        cache.discard(self, &told);
        let mut free = Garbage::new(None);
        if !self.due.is_empty() {
            let in_use = if cache.is_of_thread { Some(InUse::by_this_thread()) } else { InUse::now() };
            for (shard, mut due) in self.due.drain(..) {
                if let Some(in_use) = &in_use {
                    free.take_all(&mut due.split(in_use));
                }
                if !due.is_empty() {
                    shard.state().garbage.put_back(due);
                }
            }
        }
        free.nodes.extend(self.refused.take());
        // SAFETY: it has been removed from tables and queues, and no lookup that could still hold it has announced it.
        unsafe { free.free(cache.kind) };
    }
}

impl Drop for Gone<'_> {
    #[inline]
    fn drop(&mut self) {
        if self.refused.is_some() || !self.due.is_empty() || self.told.as_ref().is_some_and(|told| !told.is_empty()) {
            self.free();
        }
    }
}
