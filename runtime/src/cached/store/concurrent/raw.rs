//! The cache itself, with nodes of unknown type: tables in shards, one bound for all of them, and removed nodes that
//! may still be read.
//!
//! None of the user's code runs under its locks: keys are hashed before it locks, compared between two locks, and
//! dropped after it unlocks.
#![expect(unsafe_code, reason = "nodes are shared by readers who take no lock: see `hazard`")]

use std::ptr;
use std::sync::MutexGuard;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use super::garbage::{Garbage, Gone};
use super::node::{Kind, Pointer};
use super::room::{Credit, Room};
use super::shard::{Holding, Shard, State};
use super::table::{self, Table};
use crate::cached::removal::Removal;
use crate::clock;
use crate::hazard::Reading;

/// See the module.
pub(crate) struct RawCache {
    shards: Box<[Shard]>,
    /// Shifts the lower half of the hash to the shard.
    shift: u32,
    room: Room,
    pub(super) kind: &'static Kind,
    /// Only one thread uses it.
    pub(super) is_of_thread: bool,
}

/// If there are several shards, each has at least this many nodes.
const NODES: u64 = 256;
const SHARDS: u64 = 16;
/// How many nodes each insertion checks for expiry.
const LOOKS: u32 = 4;

/// A node that a lookup has found, which lives as long as this does.
pub(crate) struct Held {
    node: Pointer,
    _reading: Reading,
}

impl Held {
    #[inline]
    pub(crate) fn node(&self) -> Pointer {
        self.node
    }
}

impl RawCache {
    /// Creates a cache with this capacity: a number of nodes, a weight, or unbounded.
    pub(crate) fn new(size: u64, is_weighed: bool, is_of_thread: bool, kind: &'static Kind) -> Self {
        let shards = if is_weighed || is_of_thread { 1 } else { (size / NODES).clamp(1, SHARDS) };
        let power = shards.ilog2();
        let limit = Garbage::limit(size, is_weighed);
        let shards = (0..1 << power).map(|_| Shard::new(kind, limit)).collect();
        RawCache { shards, shift: 32 - power, room: Room::new(size), kind, is_of_thread }
    }

    /// Selected by the upper bits of the lower half, which a node stores. A table uses the lower bits.
    #[inline]
    pub(super) fn shard(&self, hash: u64) -> &Shard {
        &self.shards[((hash & 0xffff_ffff) >> self.shift) as usize]
    }

    pub(super) fn shards(&self) -> &[Shard] {
        &self.shards
    }

    /// The hot path. Takes no lock and does not write to memory that threads share.
    #[inline]
    pub(crate) fn find(&self, hash: u64, mut is_it: impl FnMut(Pointer) -> bool) -> Option<Held> {
        let from = &self.shard(hash).table;
        let tag = table::tag(hash);
        let reading = Reading::start();
        #[expect(clippy::cast_possible_truncation, reason = "a table takes the lower bits")]
        'again: loop {
            let table = Table::from_raw(reading.table(from))?;
            let mut at = hash as usize;
            loop {
                // SAFETY: the table has been announced and was still in use after that.
                let place = unsafe { table.place(at) };
                let found = place.load(Acquire);
                if table::has_tag(found, tag) {
                    let node = table::untagged(found);
                    reading.announce(node);
                    if from.load(Acquire) != table.raw() {
                        continue 'again;
                    }
                    if place.load(Acquire) != found {
                        continue;
                    }
                    // SAFETY: the node has been announced, and after that it was in the table that is in use: a thread
                    // that removes it from now on does not free it. Only tagged pointers are taken for nodes.
                    let node = unsafe { Pointer::new_unchecked(node) };
                    // SAFETY: as above.
                    if unsafe { node.as_ref() }.hash() == hash as u32 && is_it(node) {
                        return Some(Held { node, _reading: reading });
                    }
                } else if found.is_null() {
                    return None;
                }
                at = at.wrapping_add(1);
            }
        }
    }

    /// Inserts a node that is not shared yet, replacing the one for which `is_it` is true.
    pub(super) fn insert(&self, hash: u64, new: Pointer, is_it: &dyn Fn(Pointer) -> bool, is_told: bool) -> Gone<'_> {
        let mut new = Unshared::new(new, self.kind);
        // SAFETY: it is a live node of this kind.
        let weight = unsafe { (self.kind.weight)(new.node) };
        if weight > self.room.size {
            let mut gone = self.remove(hash, is_it, Removal::Replaced);
            gone.refuse(new.give());
            return gone;
        }
        let mut gone = Gone::new(self, is_told);
        let mut credit = Credit::of(&self.room);
        loop {
            let (mut state, old) = self.find_to_write(hash, is_it);
            let shard = self.shard(hash);
            // It must not be evicted or expire in the meantime. If there are several shards, everything weighs the
            // same, so that a node that takes another's place needs no room.
            let replaced = old.map(|(at, old)| (at, old, state.take_from_queues(old)));
            self.expire_some(shard, &mut state, &mut gone);
            // SAFETY: as above; the lock is held, so nodes in the table are live.
            let given_back = replaced.map_or(0, |(_, old, _)| unsafe { (self.kind.weight)(old) });
            if !self.make_room(shard, &mut state, weight.saturating_sub(given_back), &mut credit, &mut gone) {
                drop(state);
                self.make_room_elsewhere(weight, &mut credit, &mut gone);
                continue;
            }
            if self.room.is_bounded() {
                credit.amount = credit.amount + given_back - weight;
            }
            let new = new.give();
            match replaced {
                Some((at, old, queue)) => {
                    // SAFETY: the lock is held, and both have this hash.
                    unsafe { shard.table().replace(at, hash, new) };
                    if self.room.is_bounded() {
                        state.policy.add_like(new, queue);
                    }
                    // SAFETY: a live node of this kind, until the lock is released.
                    let deadline = unsafe { (self.kind.deadline)(old) };
                    gone.expirations += usize::from(deadline != u64::MAX && deadline <= clock::ticks());
                    gone.push(&mut state, old, Removal::Replaced);
                }
                None => state.put(shard, hash, new, self.room.is_bounded()),
            }
            state.lanes.add(new, clock::ticks);
            gone.take_due(&mut state, shard);
            return gone;
        }
    }

    /// Removes the node for which `is_it` is true.
    pub(super) fn remove(&self, hash: u64, is_it: &dyn Fn(Pointer) -> bool, why: Removal) -> Gone<'_> {
        let mut gone = Gone::new(self, true);
        let (mut state, found) = self.find_to_write(hash, is_it);
        if let Some((at, node)) = found {
            state.take_from_queues(node);
            let shard = self.shard(hash);
            self.give_back(state.take(shard, at, node, self.kind));
            gone.push(&mut state, node, why);
            state.garbage.is_overdue = true;
        }
        gone
    }

    /// Removes all nodes.
    pub(super) fn clear(&self) -> Gone<'_> {
        let mut gone = Gone::new(self, true);
        for shard in &self.shards {
            let mut state = shard.state();
            if let Some(old) = Table::from_raw(shard.table.load(Relaxed)) {
                self.take_table(shard, &mut state, old, &mut gone);
            }
            // Even if nothing is left: an earlier `clear` may have found its nodes in use.
            gone.take_waiting(&mut state, shard);
        }
        gone
    }

    fn take_table(&self, shard: &Shard, state: &mut State, old: Table, gone: &mut Gone<'_>) {
        shard.table.store(ptr::null_mut(), Release);
        // SAFETY: the lock is held, and a table is freed only once it is no longer in use.
        for node in unsafe { old.nodes() } {
            // SAFETY: a live node of this kind.
            self.give_back(unsafe { (self.kind.weight)(node) });
            gone.push(state, node, Removal::Invalidated);
        }
        state.policy.clear();
        state.lanes.clear();
        (state.nodes, state.taken) = (0, 0);
        state.garbage.discard_table(old);
    }

    /// Removes all expired nodes.
    pub(super) fn purge_expired(&self) -> Gone<'_> {
        let mut gone = Gone::new(self, true);
        let now = clock::ticks();
        for shard in &self.shards {
            let mut state = shard.state();
            for node in state.lanes.all_expired(now) {
                state.take_from_queues(node);
                self.take_expired(shard, &mut state, node, &mut gone);
            }
            state.fit(shard, 0);
            gone.take_waiting(&mut state, shard);
        }
        gone
    }

    pub(super) fn weight(&self) -> u64 {
        self.room.used.load(Relaxed)
    }

    pub(super) fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.state().nodes).sum()
    }

    /// The node for which `is_it` is true, in the table and under the lock. Keys are compared outside of the lock.
    pub(super) fn find_to_write(
        &self,
        hash: u64,
        is_it: &dyn Fn(Pointer) -> bool,
    ) -> (MutexGuard<'_, State>, Option<(usize, Pointer)>) {
        let shard = self.shard(hash);
        let mut compared: Vec<(Pointer, bool)> = Vec::new();
        let mut holding = None;
        let mut state = shard.state();
        let found = loop {
            let Some((at, node)) = shard.candidate(hash, &compared) else { break None };
            if compared.contains(&(node, true)) {
                break Some((at, node));
            }
            // From here on no node of this shard is freed.
            holding.get_or_insert_with(|| {
                state.garbage.holders += 1;
                Holding(shard)
            });
            drop(state);
            compared.push((node, is_it(node)));
            state = shard.state();
        };
        if let Some(holding) = holding {
            std::mem::forget(holding);
            state.garbage.holders -= 1;
        }
        (state, found)
    }

    /// Removes a few expired nodes, the oldest first.
    fn expire_some(&self, shard: &Shard, state: &mut State, gone: &mut Gone<'_>) {
        if state.lanes.is_empty() {
            return;
        }
        let (now, mut looks) = (clock::ticks(), LOOKS);
        while let Some(node) = state.lanes.expired(now, &mut looks) {
            state.policy.remove(node);
            self.take_expired(shard, state, node, gone);
        }
    }

    fn take_expired(&self, shard: &Shard, state: &mut State, node: Pointer, gone: &mut Gone<'_>) {
        if let Some(at) = shard.place_of(node) {
            self.give_back(state.take(shard, at, node, self.kind));
            gone.push(state, node, Removal::Expired);
            gone.expirations += 1;
        }
    }

    fn give_back(&self, weight: u64) {
        self.room.give_back(weight);
    }

    /// Evicts until there is this much credit. Fails if nothing in the shard can be evicted: the credit is then given
    /// back, since threads that each wait with a part of what they need could wait for one another.
    fn make_room(
        &self,
        shard: &Shard,
        state: &mut State,
        needed: u64,
        credit: &mut Credit<'_>,
        gone: &mut Gone<'_>,
    ) -> bool {
        while !credit.is_at_least(needed) {
            let Some(node) = state.policy.evict() else {
                credit.give_back();
                return false;
            };
            state.lanes.remove(node);
            if let Some(at) = shard.place_of(node) {
                credit.amount += state.take(shard, at, node, self.kind);
                gone.push(state, node, Removal::Evicted);
                gone.evictions += 1;
            }
        }
        true
    }

    /// The bound applies to all shards together: room is taken from any shard that has nodes.
    #[cold]
    fn make_room_elsewhere<'a>(&'a self, needed: u64, credit: &mut Credit<'_>, gone: &mut Gone<'a>) {
        let has_room = self.shards.iter().any(|shard| {
            let mut state = shard.state();
            let has_room = self.make_room(shard, &mut state, needed, credit, gone);
            gone.take_due(&mut state, shard);
            has_room
        });
        if !has_room {
            // All of it is held by threads that are about to insert.
            std::thread::yield_now();
        }
    }

    /// Moves nodes that can no longer be found to the garbage, which is freed when no thread reads them. Neighbours in
    /// the list are of one shard.
    pub(super) fn discard<'a>(&'a self, gone: &mut Gone<'a>, nodes: &[Pointer]) {
        // SAFETY: removed nodes are freed only through the garbage.
        let shard_of = |node: &Pointer| self.shard(u64::from(unsafe { node.as_ref() }.hash()));
        for nodes in nodes.chunk_by(|one, other| ptr::eq(shard_of(one), shard_of(other))) {
            let shard = shard_of(&nodes[0]);
            let mut state = shard.state();
            for node in nodes {
                state.garbage.discard(*node, self.kind);
            }
            gone.take_due(&mut state, shard);
        }
    }
}

impl Drop for RawCache {
    fn drop(&mut self) {
        let mut all = Garbage::new(None);
        for shard in &mut self.shards {
            let state = shard.state_mut();
            all.take_all(&mut state.garbage);
            if let Some(table) = Table::from_raw(*shard.table.get_mut()) {
                // SAFETY: the cache is not shared any more.
                all.nodes.extend(unsafe { table.nodes() });
                all.tables.push(table);
            }
        }
        // SAFETY: lookups and what they hold borrow the cache, so there are none.
        unsafe { all.free(self.kind) };
    }
}

/// A node that no other thread has seen; freed if its key's `Eq` panics.
pub(super) struct Unshared {
    node: Pointer,
    kind: &'static Kind,
    is_free: bool,
}

impl Unshared {
    pub(super) fn new(node: Pointer, kind: &'static Kind) -> Self {
        Unshared { node, kind, is_free: true }
    }

    pub(super) fn give(&mut self) -> Pointer {
        self.is_free = false;
        self.node
    }
}

impl Drop for Unshared {
    fn drop(&mut self) {
        if self.is_free {
            // SAFETY: no other thread has it.
            unsafe { (self.kind.free)(self.node) };
        }
    }
}

#[cfg(test)]
mod tests;
