//! The calls that share a cache: all calls of the process, those of one thread, those with one `self`, or those of one
//! test.
//!
//! In: a site and a key. Out: the cache that the call uses. Open `process.rs` first.

pub(in crate::cached) mod function;
pub(in crate::cached) mod instance;
pub(in crate::cached) mod process;
pub(in crate::cached) mod test;
pub(in crate::cached) mod thread;

use std::sync::Arc;

use crate::cached::core::Core;
use crate::cached::handle::forgets::Forget;
use crate::cached::key::{AnyKey, Finds};
use crate::cached::lookup::Id;
use crate::cached::store::Types;
use crate::cached::value::rules::ErasedRules;

/// Finds the cache of a call.
pub trait Scope<C: Types>: Copy {
    /// The hot path: the value of a call, if its cache is the function's first one and nothing overrides the call. On a
    /// miss it returns the hash, so that the key need not be hashed again.
    fn hit<Q: Finds<C::Key>>(self, id: Id<C>, by: &Q) -> Result<C::Value, Missed>;

    /// The cache of a call. If there is none yet, it is created from the options; while a thread ends, there is none.
    fn core(self, id: Id<C>, rules: &dyn ErasedRules<C::Value>) -> Option<Arc<Core<C>>>;

    /// A way to invalidate one value later.
    fn forget(self, core: &Arc<Core<C>>, hash: u64, key: AnyKey) -> Forget;
}

/// The hash of a key that was not found. It fits into a register; a hash of zero is computed again.
#[derive(Debug, Clone, Copy)]
pub struct Missed(u64);

impl Missed {
    /// The key has not been hashed.
    pub(in crate::cached) const UNHASHED: Self = Missed(0);

    #[inline]
    pub(in crate::cached) fn of(hash: u64) -> Self {
        Missed(hash)
    }

    pub(in crate::cached) fn hash(self) -> Option<u64> {
        (self.0 != 0).then_some(self.0)
    }
}
