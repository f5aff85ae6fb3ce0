//! The operations of a handle on a cache and on its store outside of the process.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use crate::cached::core::{Common, Core, peek};
use crate::cached::key::AnyKey;
use crate::cached::remote::Link;
use crate::cached::store::{ErasedStore, Types};
use crate::cached::value::entry::AnyValue;
use crate::clock;

/// A cache without its types, so that the operations are compiled once for a program.
pub(in crate::cached) trait AnyCore {
    fn common(&self) -> &Common;
    fn store(&self) -> &dyn ErasedStore;
    fn remote(&self) -> Option<&dyn AnyLink>;
}

/// The store outside of the process, without its types.
pub(in crate::cached) trait AnyLink {
    /// The value, if it is there.
    fn peek(&self, key: &dyn Any) -> Option<AnyValue>;
    /// Removes a value. Was there one?
    fn remove(&self, key: &dyn Any) -> bool;
    /// Removes all values of this function.
    fn clear(&self);
}

impl<C: Types> AnyCore for Core<C> {
    fn common(&self) -> &Common {
        Core::common(self)
    }

    fn store(&self) -> &dyn ErasedStore {
        Core::store(self)
    }

    fn remote(&self) -> Option<&dyn AnyLink> {
        self.link().map(Link::erased)
    }
}

impl dyn AnyCore + '_ {
    pub(in crate::cached) fn peek_everywhere(&self, hash: u64, key: &AnyKey) -> Option<AnyValue> {
        peek(self.store(), hash, &**key).or_else(|| self.remote()?.peek(&**key))
    }

    /// In memory, in the store, and in memory again: a call may have loaded the value again in the meantime.
    pub(in crate::cached) fn invalidate_everywhere(&self, hash: u64, key: &AnyKey) -> bool {
        let here = || self.common().invalidate(self.store(), hash, &**key);
        let was_kept = here();
        let Some(remote) = self.remote() else { return was_kept };
        let was_remote = remote.remove(&**key);
        here();
        was_kept || was_remote
    }

    /// As [`invalidate_everywhere`](Self::invalidate_everywhere).
    pub(in crate::cached) fn clear_everywhere(&self) {
        self.forget_all_everywhere();
        self.common().forget_all(self.store());
        self.common().stats.reset();
    }

    /// The same, except for the counters.
    pub(in crate::cached) fn forget_all_everywhere(&self) {
        if let Some(remote) = self.remote() {
            self.common().forget_all(self.store());
            remote.clear();
        }
        self.common().forget_all(self.store());
    }
}

impl<C: Types> Core<C> {
    /// Inserts this as if a run had returned it, storing the part to be cached, if any. A run that is under way does
    /// not overwrite it, here or in the store. The older value is stale, unless this is an error.
    pub(in crate::cached) fn insert_everywhere(
        &self,
        hash: u64,
        key: AnyKey,
        value: Option<C::Value>,
        is_error: bool,
    ) -> Option<AnyValue> {
        let Some(value) = value.filter(|value| self.plan().keeps(value)) else {
            if !is_error {
                (self as &dyn AnyCore).invalidate_everywhere(hash, &key);
            }
            return None;
        };
        let typed: Option<&C::Key> = (&*key as &dyn Any).downcast_ref();
        if let Some((link, key)) = self.link().zip(typed)
            && link.insert(key, &value, self.life_elsewhere(&value))
        {
            self.common().invalidate(self.store(), hash, key);
        } else {
            self.insert(hash, key, value.clone());
        }
        Some(Arc::new(value))
    }

    /// How long a value lives in the store; `None` for ever.
    pub(in crate::cached) fn life_elsewhere(&self, value: &C::Value) -> Option<Duration> {
        let own = self.plan().ttl.map(|ttl| ttl(value));
        let ticks = self.lengths().ttl(own, (self.plan().is_negative)(value));
        (ticks != u64::MAX).then(|| clock::duration(ticks))
    }
}
