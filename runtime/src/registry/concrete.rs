//! The concrete type of a `dyn Trait`.

use std::any::TypeId;

/// A supertrait of every trait with `#[registry]`, which every type implements: `registry().of(&*codec)` uses it.
pub trait Concrete {
    #[doc(hidden)]
    fn festoon_type_id(&self) -> TypeId;
}

impl<C: ?Sized> Concrete for C {
    fn festoon_type_id(&self) -> TypeId {
        // Also for a type with a lifetime, which cannot be registered.
        typeid::of::<C>()
    }
}
