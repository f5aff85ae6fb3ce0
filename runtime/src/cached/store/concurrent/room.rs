//! The capacity of a cache, shared by all of its shards.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The capacity, as a number or a weight, and how much of it is used.
#[repr(align(64))]
pub(super) struct Room {
    /// `u64::MAX` if the cache is unbounded; nothing is counted then.
    pub(super) size: u64,
    pub(super) used: AtomicU64,
}

impl Room {
    pub(super) fn new(size: u64) -> Self {
        Room { size, used: AtomicU64::new(0) }
    }

    pub(super) fn is_bounded(&self) -> bool {
        self.size != u64::MAX
    }

    /// Reserves this much, if that much is left.
    fn reserve(&self, more: u64) -> bool {
        let next = |used: u64| used.checked_add(more).filter(|used| *used <= self.size);
        self.used.fetch_update(Relaxed, Relaxed, next).is_ok()
    }

    /// Gives room back after a removal.
    pub(super) fn give_back(&self, weight: u64) {
        if self.is_bounded() {
            self.used.fetch_sub(weight, Relaxed);
        }
    }
}

/// Room that has been reserved for a node that is not there yet.
pub(super) struct Credit<'a> {
    room: &'a Room,
    pub(super) amount: u64,
}

impl<'a> Credit<'a> {
    pub(super) fn of(room: &'a Room) -> Self {
        Credit { room, amount: 0 }
    }

    /// Reserves the missing room, if that much is left.
    pub(super) fn is_at_least(&mut self, needed: u64) -> bool {
        if !self.room.is_bounded() || self.amount >= needed {
            return true;
        }
        let is_reserved = self.room.reserve(needed - self.amount);
        if is_reserved {
            self.amount = needed;
        }
        is_reserved
    }

    pub(super) fn give_back(&mut self) {
        let amount = std::mem::take(&mut self.amount);
        if amount > 0 {
            self.room.give_back(amount);
        }
    }
}

impl Drop for Credit<'_> {
    fn drop(&mut self) {
        self.give_back();
    }
}
