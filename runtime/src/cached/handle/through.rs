//! What a handle does to a cache, and to where its values are kept besides.

use std::time::Duration;

use crate::cached::core::Instance;
use crate::cached::key::Same;
use crate::cached::store::Types;
use crate::clock;

impl<C: Types> Instance<C> {
    pub(in crate::cached) fn peek_through(&self, key: &C::Key) -> Option<C::Value> {
        self.peek(&Same(key)).or_else(|| self.link()?.peek(key))
    }

    /// A run that is under way does not overwrite it, here or elsewhere.
    pub(in crate::cached) fn insert_through(&self, key: C::Key, value: C::Value) {
        if let Some(link) = self.link().filter(|_| self.plan().keeps(&value)) {
            link.insert(&key, &value, self.life_elsewhere(&value));
        }
        self.insert(key, value);
    }

    /// How long a value lives where it is kept besides; `None` for ever.
    pub(in crate::cached) fn life_elsewhere(&self, value: &C::Value) -> Option<Duration> {
        let own = self.plan().ttl.map(|ttl| ttl(value));
        let ticks = self.lengths().ttl(own, (self.plan().is_negative)(value));
        (ticks != u64::MAX).then(|| clock::duration(ticks))
    }

    /// Here, there, and here once more: a call may have brought the value in again meanwhile.
    pub(in crate::cached) fn invalidate_through(&self, key: &C::Key) -> bool {
        let here = self.invalidate(key);
        let Some(link) = self.link() else { return here };
        let there = link.remove(key);
        self.invalidate(key);
        here || there
    }

    /// As [`invalidate_through`](Instance::invalidate_through).
    pub(in crate::cached) fn clear_through(&self) {
        self.forget_all_through();
        self.clear();
    }

    /// The same, but for the counters.
    pub(in crate::cached) fn forget_all_through(&self) {
        if let Some(link) = self.link() {
            self.forget_all();
            link.clear();
        }
        self.forget_all();
    }
}
