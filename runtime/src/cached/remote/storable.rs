//! Checks for each part of a key, and for the cached value, that it can be serialised, so that the compiler complains
//! once, at the right place. As in `key` and `policy`, method resolution finds the method: by value first, then by
//! reference.

use super::codec::Stored;
use crate::cached::key::{KeyPart, NoKey};
use crate::cached::value::policy::{Nothing, Policy};

/// A part of a key that can be serialised.
pub trait Storable: KeyPart<Owned: Stored> + Sized {
    /// The part.
    #[inline]
    #[must_use]
    fn storable(self) -> Self {
        self
    }
}

impl<P: KeyPart<Owned: Stored>> Storable for P {}

/// One that cannot.
pub trait NotStorable<P: KeyPart> {
    /// A placeholder that can.
    fn storable(self) -> NoKey
    where
        Self: Sized,
        P::Owned: Stored,
    {
        NoKey
    }
}

impl<P: KeyPart> NotStorable<P> for &P {}

/// A policy whose values can be serialised.
pub trait StorableValues: Policy<Value: Stored> + Sized {
    /// The policy.
    #[inline]
    #[must_use]
    fn storable_values(self) -> Self {
        self
    }
}

impl<P: Policy<Value: Stored>> StorableValues for P {}

/// One whose values cannot.
pub trait NotStorableValues<P: Policy> {
    /// A placeholder whose values can.
    fn storable_values(self) -> Nothing<P::Output>
    where
        Self: Sized,
        P::Value: Stored,
    {
        Nothing::NEW
    }
}

impl<P: Policy> NotStorableValues<P> for &P {}
