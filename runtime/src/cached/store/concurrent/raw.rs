//! The cache itself, of nodes whose types it does not know: tables in shards, one bound for all of them, and what has been
//! taken away but may still be read.
//!
//! No code of a user's runs under its locks: keys are hashed before, compared between two of them, and dropped behind.
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
    /// From the hash's lower half to the shard.
    shift: u32,
    room: Room,
    pub(super) kind: &'static Kind,
    /// One thread alone reads it.
    pub(super) is_of_thread: bool,
}

/// A shard that has at least so many nodes, where there are several.
const NODES: u64 = 256;
const SHARDS: u64 = 16;
/// How many nodes each insert looks at, whether they have expired.
const LOOKS: u32 = 4;

/// A node that a look-up has found, which lives as long as this does.
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
    /// With this much room: a number of nodes, a weight, or no end of it.
    pub(crate) fn new(size: u64, is_weighed: bool, is_of_thread: bool, kind: &'static Kind) -> Self {
        let shards = if is_weighed || is_of_thread { 1 } else { (size / NODES).clamp(1, SHARDS) };
        let power = shards.ilog2();
        let limit = Garbage::limit(size, is_weighed);
        let shards = (0..1 << power).map(|_| Shard::new(kind, limit)).collect();
        RawCache { shards, shift: 32 - power, room: Room::new(size), kind, is_of_thread }
    }

    /// By the upper bits of the lower half, which a node knows. A table takes the lower ones.
    #[inline]
    pub(super) fn shard(&self, hash: u64) -> &Shard {
        &self.shards[((hash & 0xffff_ffff) >> self.shift) as usize]
    }

    pub(super) fn shards(&self) -> &[Shard] {
        &self.shards
    }

    /// The hot path. Takes no lock and writes to nothing that threads share.
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
                // SAFETY: the table has been announced and was still in use then.
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
                    // SAFETY: the node has been announced, and was in the table that is in use behind that: whoever takes
                    // it away from now on does not free it. Only what has a tag is taken for a node.
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

    /// Puts a node in, which is nobody else's, over the one that `is_it`.
    pub(super) fn insert(&self, hash: u64, new: Pointer, is_it: &dyn Fn(Pointer) -> bool, is_told: bool) -> Gone<'_> {
        let mut new = Unshared::new(new, self.kind);
        // SAFETY: it is a node of this kind, and lives.
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
            // Not to be evicted or to expire meanwhile. Where there are several shards everything weighs the same, so that
            // one that takes another's place needs no room.
            let replaced = old.map(|(at, old)| (at, old, state.take_from_queues(old)));
            self.expire_some(shard, &mut state, &mut gone);
            // SAFETY: as above; the lock is held, so that what is in the table lives.
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
                    gone.push(&mut state, old, Removal::Replaced);
                }
                None => state.put(shard, hash, new, self.room.is_bounded()),
            }
            state.lanes.add(new, clock::ticks);
            gone.take_due(&mut state, shard);
            return gone;
        }
    }

    /// Takes the node out that `is_it`.
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

    /// Takes all nodes out.
    pub(super) fn clear(&self) -> Gone<'_> {
        let mut gone = Gone::new(self, true);
        for shard in &self.shards {
            let mut state = shard.state();
            if let Some(old) = Table::from_raw(shard.table.load(Relaxed)) {
                self.take_table(shard, &mut state, old, &mut gone);
            }
            // Also where nothing is left: an earlier `clear` may have found its nodes in use.
            gone.take_waiting(&mut state, shard);
        }
        gone
    }

    fn take_table(&self, shard: &Shard, state: &mut State, old: Table, gone: &mut Gone<'_>) {
        shard.table.store(ptr::null_mut(), Release);
        // SAFETY: the lock is held, and the table is freed only once it has been found not to be in use.
        for node in unsafe { old.nodes() } {
            // SAFETY: a node of this kind that lives.
            self.give_back(unsafe { (self.kind.weight)(node) });
            gone.push(state, node, Removal::Invalidated);
        }
        state.policy.clear();
        state.lanes.clear();
        (state.nodes, state.taken) = (0, 0);
        state.garbage.discard_table(old);
    }

    /// Takes all expired nodes out.
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

    pub(super) fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.state().nodes).sum()
    }

    /// The node that `is_it`, in the table and under the lock. Keys are compared outside of it.
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
            // From here on nothing that this shard has had is freed.
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

    /// Takes a few nodes out that have expired, the oldest first.
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
        }
    }

    fn give_back(&self, weight: u64) {
        self.room.give_back(weight);
    }

    /// Until the credit is that much. In vain where the shard has nothing that could go: then the credit is given back, as
    /// threads that wait with a part of what they need could wait for one another.
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

    /// The bound is one for all shards: the room is taken from those that have something.
    #[cold]
    fn make_room_elsewhere<'a>(&'a self, needed: u64, credit: &mut Credit<'_>, gone: &mut Gone<'a>) {
        let has_room = self.shards.iter().any(|shard| {
            let mut state = shard.state();
            let has_room = self.make_room(shard, &mut state, needed, credit, gone);
            gone.take_due(&mut state, shard);
            has_room
        });
        if !has_room {
            // It is all in the hands of threads that are about to put something in.
            std::thread::yield_now();
        }
    }

    /// Puts nodes that nobody can find any more to those that are freed when nobody reads them. Neighbours in the list are
    /// of one shard.
    pub(super) fn discard<'a>(&'a self, gone: &mut Gone<'a>, nodes: &[Pointer]) {
        // SAFETY: what has gone is freed by way of the garbage alone.
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
                // SAFETY: nobody else has the cache.
                all.nodes.extend(unsafe { table.nodes() });
                all.tables.push(table);
            }
        }
        // SAFETY: look-ups and what they hold borrow the cache, so that there are none.
        unsafe { all.free(self.kind) };
    }
}

/// A node that nobody else has seen; freed if its key's `Eq` panics.
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
            // SAFETY: nobody else has it.
            unsafe { (self.kind.free)(self.node) };
        }
    }
}

#[cfg(test)]
mod tests;
