//! A part of a cache: the table of some hashes, and the state that writers change under its lock.
#![expect(unsafe_code, reason = "tables and nodes are behind pointers")]

use std::ptr;
use std::sync::atomic::{
    AtomicPtr,
    Ordering::{Relaxed, Release},
};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::expiry::Lanes;
use super::garbage::{Garbage, Limit};
use super::node::{Kind, Pointer};
use super::policy::Policy;
use super::table::Table;
use crate::sync::lock;

/// The nodes with some hashes.
pub(super) struct Shard {
    /// Null before the first node. Written when it is replaced, so that shards may share a cache line.
    pub(super) table: AtomicPtr<()>,
    state: Box<OnOwnLines<Mutex<State>>>,
}

/// Writers do not disturb readers, or writers of another shard.
#[repr(align(64))]
struct OnOwnLines<T>(T);

/// The state that writers change under the lock.
pub(super) struct State {
    pub(super) nodes: usize,
    /// The number of slots of the table that are not empty.
    pub(super) taken: usize,
    pub(super) policy: Policy,
    pub(super) lanes: Lanes,
    pub(super) garbage: Garbage,
}

impl Shard {
    pub(super) fn new(kind: &'static Kind, limit: Limit) -> Self {
        let state = State {
            nodes: 0,
            taken: 0,
            policy: Policy::new(kind),
            lanes: Lanes::new(kind),
            garbage: Garbage::new(limit),
        };
        Shard { table: AtomicPtr::new(ptr::null_mut()), state: Box::new(OnOwnLines(Mutex::new(state))) }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state.0)
    }

    /// Used when the cache is not shared.
    pub(super) fn state_mut(&mut self) -> &mut State {
        self.state.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    /// Only under the lock, and only if there is a node.
    pub(super) fn table(&self) -> Table {
        Table::from_raw(self.table.load(Relaxed)).unwrap_or_else(|| unreachable!("a node is in a table"))
    }

    /// One that may have the key: not yet compared, or found to have it. Only under the lock.
    pub(super) fn candidate(&self, hash: u64, compared: &[(Pointer, bool)]) -> Option<(usize, Pointer)> {
        let table = Table::from_raw(self.table.load(Relaxed))?;
        // SAFETY: the lock is held, so the table and its nodes are live.
        let mut nodes = unsafe { table.candidates(hash) };
        #[expect(clippy::cast_possible_truncation, reason = "nodes know the lower half")]
        nodes.find(|(_, node)| {
            // SAFETY: as above.
            unsafe { node.as_ref() }.hash() == hash as u32 && !compared.contains(&(*node, false))
        })
    }

    /// Only under the lock.
    pub(super) fn place_of(&self, node: Pointer) -> Option<usize> {
        let table = Table::from_raw(self.table.load(Relaxed))?;
        // SAFETY: the lock is held, so the table is live; so is a node that was in it or in a queue.
        unsafe { table.find(node.as_ref().hash(), node) }
    }
}

impl State {
    /// Removes a node from its queue and lane, so that it is not evicted and does not expire. Returns which queue it
    /// was in.
    pub(super) fn take_from_queues(&mut self, node: Pointer) -> u8 {
        self.lanes.remove(node);
        self.policy.remove(node)
    }

    /// Removes a node that is in no queue from the table. Returns its weight.
    pub(super) fn take(&mut self, shard: &Shard, at: usize, node: Pointer, kind: &Kind) -> u64 {
        // SAFETY: the lock is held, which guards this.
        self.taken -= unsafe { shard.table().take(at) };
        self.nodes -= 1;
        // SAFETY: a live node of this kind.
        unsafe { (kind.weight)(node) }
    }

    /// Inserts a node whose key is not in the table.
    pub(super) fn put(&mut self, shard: &Shard, hash: u64, node: Pointer, is_bounded: bool) {
        self.fit(shard, 1);
        // SAFETY: the lock is held, and `fit` has left an empty place.
        self.taken += usize::from(unsafe { shard.table().put(hash, node) });
        self.nodes += 1;
        if is_bounded {
            self.policy.add(node, hash);
        }
    }

    /// Ensures a table of the right size for the current nodes and this many more.
    pub(super) fn fit(&mut self, shard: &Shard, more: usize) {
        let old = Table::from_raw(shard.table.load(Relaxed));
        let places = old.map_or(0, Table::places);
        let is_too_small = (self.taken + more) * 4 > places * 3;
        let is_too_large = places > 64 && self.nodes * 16 < places;
        if !is_too_small && !is_too_large {
            return;
        }
        let new = Table::for_nodes(self.nodes + more);
        if let Some(old) = old {
            // SAFETY: the lock is held, and the new one is not shared yet.
            unsafe { old.copy_to(new) };
            self.garbage.discard_table(old);
        }
        self.taken = self.nodes;
        shard.table.store(new.raw(), Release);
    }
}

/// A thread that compares keys with nodes of the shard, outside of its lock.
pub(super) struct Holding<'a>(pub(super) &'a Shard);

impl Drop for Holding<'_> {
    fn drop(&mut self) {
        self.0.state().garbage.holders -= 1;
    }
}
