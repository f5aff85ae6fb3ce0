//! Nodes that their users remove, rather than a policy: see `intern`.
#![expect(unsafe_code, reason = "tables and nodes are behind pointers")]

use std::sync::atomic::Ordering::Relaxed;

use super::garbage::Gone;
use super::node::Pointer;
use super::raw::{RawCache, Unshared};
use super::table::Table;
use crate::cached::removal::Removal;

impl RawCache {
    /// The node for which `is_it` is true, if it can be `taken`, or else the new one, which is not shared yet.
    /// Unbounded.
    pub(crate) fn find_or_insert(
        &self,
        hash: u64,
        new: Pointer,
        is_it: &dyn Fn(Pointer) -> bool,
        taken: &dyn Fn(Pointer) -> bool,
    ) -> Pointer {
        let mut new = Unshared::new(new, self.kind);
        let (mut state, known) = self.find_to_write(hash, is_it);
        let known = known.map(|(_, node)| node).filter(|node| taken(*node));
        known.unwrap_or_else(|| {
            let node = new.give();
            state.put(self.shard(hash), hash, node, false);
            node
        })
    }

    /// Removes this node, if it is there and `is_unused`. Does not access it before it has been found.
    pub(crate) fn remove_unused(&self, hash: u32, node: Pointer, is_unused: &dyn Fn(Pointer) -> bool) {
        let shard = self.shard(u64::from(hash));
        let mut gone = Gone::new(self, false);
        let mut state = shard.state();
        let table = Table::from_raw(shard.table.load(Relaxed));
        // SAFETY: the lock is held, so the table is live.
        let found = table.and_then(|table| unsafe { table.find(hash, node) });
        if let Some(at) = found.filter(|_| is_unused(node)) {
            state.take(shard, at, node, self.kind);
            gone.push(&mut state, node, Removal::Invalidated);
        }
        gone.take_due(&mut state, shard);
        // Removed nodes are freed without the lock.
        drop(state);
    }

    /// Frees removed nodes, except for those that are being read now.
    pub(crate) fn free_unused(&self) {
        for shard in self.shards() {
            let mut gone = Gone::new(self, false);
            let mut state = shard.state();
            gone.take_waiting(&mut state, shard);
            drop(state);
        }
    }

    /// All nodes, under the lock of each shard in turn.
    pub(crate) fn each(&self, look: &mut dyn FnMut(Pointer)) {
        for shard in self.shards() {
            let _state = shard.state();
            if let Some(table) = Table::from_raw(shard.table.load(Relaxed)) {
                // SAFETY: the lock is held, so the table is live and no other thread writes to it.
                unsafe { table.nodes() }.for_each(&mut *look);
            }
        }
    }
}
