//! Who shares a cache: all calls of the process, those of one thread, those with one `self`, or those of one test.

pub(in crate::cached) mod function;
pub(in crate::cached) mod instance;
pub(in crate::cached) mod process;
pub(in crate::cached) mod test;
pub(in crate::cached) mod thread;

use std::sync::Arc;

use crate::cached::core::Core;
use crate::cached::key::{AnyKey, Finds};
use crate::cached::lookup::Id;
use crate::cached::store::Types;
use crate::cached::value::rules::ErasedRules;
use crate::invalidates::Forget;

/// Where the cache of a call is found.
pub trait Scope<C: Types>: Copy {
    /// The hot path: the value of a call, if its cache is the function's first one and nobody has anything to say about it.
    /// A key that has been looked for in vain need not be hashed again.
    fn hit<Q: Finds<C::Key>>(self, id: Id<C>, by: &Q) -> Result<C::Value, Missed>;

    /// The cache of a call. If there is none yet, it is made with what the options say; on a thread that ends there is
    /// none any more.
    fn core(self, id: Id<C>, rules: &dyn ErasedRules<C::Value>) -> Option<Arc<Core<C>>>;

    /// How to forget one value later.
    fn forget(self, core: &Arc<Core<C>>, hash: u64, key: AnyKey) -> Forget;
}

/// The hash of a key that has been looked for in vain. It fits into a register; one of zero is computed again.
#[derive(Debug, Clone, Copy)]
pub struct Missed(u64);

impl Missed {
    /// Nobody has looked.
    pub(in crate::cached) const UNHASHED: Self = Missed(0);

    #[inline]
    pub(in crate::cached) fn of(hash: u64) -> Self {
        Missed(hash)
    }

    pub(in crate::cached) fn hash(self) -> Option<u64> {
        (self.0 != 0).then_some(self.0)
    }
}
