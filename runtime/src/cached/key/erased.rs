//! Keys without their types.

use std::any::Any;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

use foldhash::fast::RandomState;

use crate::cached::key::{Finds, KeyPart, LookupKey, OwnedKey, Query};

/// An owned key of any type. The leader of its run may access it outside of the locks.
pub(in crate::cached) type AnyKey = Arc<dyn ErasedKey>;

/// See [`AnyKey`].
pub trait ErasedKey: FindsAny + Any + Send + Sync {}

impl<K: OwnedKey> ErasedKey for K {}

/// Finds a key of any type.
pub trait FindsAny {
    /// Is it this key?
    fn is_any(&self, key: &dyn Any) -> bool;
}

/// A call's key, of any type.
pub(in crate::cached) trait ErasedQuery: FindsAny {
    /// The owned key.
    fn own(&self) -> AnyKey;
    /// The hash of the key.
    fn hash_with(&self, hasher: &RandomState) -> u64;
    /// The key, for a message.
    fn show(&self) -> String;
}

impl<P: KeyPart> FindsAny for LookupKey<P> {
    fn is_any(&self, key: &dyn Any) -> bool {
        key.downcast_ref().is_some_and(|key| self.parts.is(key))
    }
}

impl<P: KeyPart> ErasedQuery for LookupKey<P> {
    fn own(&self) -> AnyKey {
        Arc::new(self.parts.own())
    }

    fn hash_with(&self, hasher: &RandomState) -> u64 {
        hasher.hash_one(Query::<P::Owned, P>::new(&self.parts))
    }

    fn show(&self) -> String {
        (self.show)(&self.parts)
    }
}

impl<K: OwnedKey> FindsAny for K {
    fn is_any(&self, key: &dyn Any) -> bool {
        key.downcast_ref().is_some_and(|key| self == key)
    }
}

/// Finds a type-erased key whose hash is known.
pub(in crate::cached) struct ByAny<'a>(pub(in crate::cached) &'a dyn FindsAny);

impl Finds<AnyKey> for ByAny<'_> {
    fn hash<H: Hasher>(&self, _: &mut H) {}

    fn finds(&self, key: &AnyKey) -> bool {
        self.0.is_any(&**key)
    }
}

/// Finds a key of one type in the same way.
pub(in crate::cached) struct Untyped<'a>(pub(in crate::cached) &'a dyn FindsAny);

impl<K: OwnedKey> Finds<K> for Untyped<'_> {
    fn hash<H: Hasher>(&self, _: &mut H) {}

    fn finds(&self, key: &K) -> bool {
        self.0.is_any(key)
    }
}
