//! How much room a cache has, for all of its shards together.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// How much there may be, by number or by weight, and how much there is.
#[repr(align(64))]
pub(super) struct Room {
    /// `u64::MAX` where it has no end; nothing is counted then.
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

    /// Takes this much, if there is so much left.
    fn reserve(&self, more: u64) -> bool {
        let next = |used: u64| used.checked_add(more).filter(|used| *used <= self.size);
        self.used.fetch_update(Relaxed, Relaxed, next).is_ok()
    }

    /// Something has gone.
    pub(super) fn give_back(&self, weight: u64) {
        if self.is_bounded() {
            self.used.fetch_sub(weight, Relaxed);
        }
    }
}

/// Room that has been taken for a node which is not there yet.
pub(super) struct Credit<'a> {
    room: &'a Room,
    pub(super) amount: u64,
}

impl<'a> Credit<'a> {
    pub(super) fn of(room: &'a Room) -> Self {
        Credit { room, amount: 0 }
    }

    /// Takes what is missing, if there is so much left.
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
