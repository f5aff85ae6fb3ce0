//! Asks each part of a key, and what is kept of a value, whether it can be written down, so that the compiler complains
//! once, and at its place. As in `key` and `policy`, the compiler's own rule finds the method: by value first, then by
//! reference.

use super::codec::Stored;
use crate::cached::key::{KeyPart, NoKey};
use crate::cached::value::policy::{Nothing, Policy};

/// A part of a key that can be written down.
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
    /// Nothing, which can be.
    fn storable(self) -> NoKey
    where
        Self: Sized,
        P::Owned: Stored,
    {
        NoKey
    }
}

impl<P: KeyPart> NotStorable<P> for &P {}

/// A policy whose values can be written down.
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
    /// Nothing, which can be.
    fn storable_values(self) -> Nothing<P::Output>
    where
        Self: Sized,
        P::Value: Stored,
    {
        Nothing::NEW
    }
}

impl<P: Policy> NotStorableValues<P> for &P {}
