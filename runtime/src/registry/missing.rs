//! What a registration finds on a `dyn Trait` without a registry, so that the compiler reports the missing registry
//! once, and not each name that the registry would have had.

use super::{Place, Required};

/// In scope wherever something is registered. The functions that `#[registry]` defines for its own `dyn Trait` come
/// first.
#[allow(missing_docs, reason = "only named by expansions")]
pub trait NoRegistry {
    const FESTOON_SHARED: bool = false;

    fn festoon_names() {}

    fn spec<C>(self, _: u64, _: impl Sized, _: Place) -> !
    where
        Self: Sized,
    {
        unreachable!("it has no registry")
    }

    fn spec_of_value<C>(self, _: u64, _: impl Sized, _: Place, _: &C) -> !
    where
        Self: Sized,
    {
        unreachable!("it has no registry")
    }

    #[must_use]
    fn festoon_slot(_: fn(&Nothing, ()) -> Nothing, _: impl Sized) -> Required {
        Required::NONE
    }
}

impl<T: ?Sized> NoRegistry for T {}

/// Takes the place of an entry.
#[derive(Debug)]
pub struct Nothing;

#[allow(
    missing_docs,
    clippy::extra_unused_type_parameters,
    clippy::unused_self,
    reason = "only named by expansions, which an entry would be given"
)]
impl Nothing {
    #[must_use]
    pub fn festoon_construct<C, Form>(&self, (): (), _: impl Sized, _: fn(C) -> Box<C>) -> Nothing {
        Nothing
    }

    #[must_use]
    pub fn festoon_only_one(&self) -> Nothing {
        Nothing
    }

    #[must_use]
    pub fn festoon_no_new(&self) -> Nothing {
        Nothing
    }
}
