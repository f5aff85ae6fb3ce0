//! What a handle does to a cache, and to where its values are kept besides.

use std::time::Duration;

use crate::cached::core::Core;
use crate::cached::key::Same;
use crate::cached::store::Types;
use crate::cached::value::policy::Policy;
use crate::clock;

impl<C: Types> Core<C> {
    pub(in crate::cached) fn peek_everywhere(&self, key: &C::Key) -> Option<C::Value> {
        self.peek(&Same(key)).or_else(|| self.link()?.peek(key))
    }

    /// As if a run had given this: what is kept of it, if anything. A run that is under way does not overwrite it, here or
    /// elsewhere. What was kept before is out of date, unless this is an error.
    pub(in crate::cached) fn insert_everywhere<P>(&self, key: C::Key, output: &P::Output) -> Option<C::Value>
    where
        P: Policy<Value = C::Value>,
    {
        let Some(value) = P::keep(output).filter(|value| self.plan().keeps(value)) else {
            if !P::is_error(output) {
                self.invalidate_everywhere(&key);
            }
            return None;
        };
        if let Some(link) = self.link()
            && link.insert(&key, &value, self.life_elsewhere(&value))
        {
            self.invalidate(&key);
        } else {
            self.insert(key, value.clone());
        }
        Some(value)
    }

    /// How long a value lives where it is kept besides; `None` for ever.
    pub(in crate::cached) fn life_elsewhere(&self, value: &C::Value) -> Option<Duration> {
        let own = self.plan().ttl.map(|ttl| ttl(value));
        let ticks = self.lengths().ttl(own, (self.plan().is_negative)(value));
        (ticks != u64::MAX).then(|| clock::duration(ticks))
    }

    /// Here, there, and here once more: a call may have brought the value in again meanwhile.
    pub(in crate::cached) fn invalidate_everywhere(&self, key: &C::Key) -> bool {
        let here = self.invalidate(key);
        let Some(link) = self.link() else { return here };
        let there = link.remove(key);
        self.invalidate(key);
        here || there
    }

    /// As [`invalidate_everywhere`](Core::invalidate_everywhere).
    pub(in crate::cached) fn clear_everywhere(&self) {
        self.forget_all_everywhere();
        self.clear();
    }

    /// The same, but for the counters.
    pub(in crate::cached) fn forget_all_everywhere(&self) {
        if let Some(link) = self.link() {
            self.forget_all();
            link.clear();
        }
        self.forget_all();
    }
}
