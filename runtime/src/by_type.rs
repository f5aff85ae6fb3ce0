//! One value for each type, in a list that only grows: in a static, which cannot be generic.
//!
//! In: the id of a type, and how to make its value. Out: a reference that is valid for ever. Open `ByType::find` first.
//! `tests/model` runs this file in every order of its threads.

use std::any::TypeId;

use crate::sync::OnceLock;

/// See the module. Each value is found by a [`TypeId`], which in this list always stands for the same type of values.
pub(crate) struct ByType {
    first: OnceLock<Slot>,
}

/// The value of one id, and a link to the next one.
struct Slot {
    id: TypeId,
    /// A `&'static V`, of the type that belongs to the id.
    value: &'static (dyn Sync + Send),
    next: OnceLock<Box<Slot>>,
}

impl ByType {
    /// An empty list.
    pub(crate) const fn new() -> Self {
        ByType { first: OnceLock::new() }
    }

    /// The value of this id, if it is the first one in the list.
    ///
    /// # Safety
    /// All calls with this id on this list must have this `V`.
    #[inline]
    #[expect(unsafe_code, reason = "a checked downcast calls a virtual function on every hit")]
    pub(crate) unsafe fn first<V: Send + Sync + 'static>(&self, id: TypeId) -> Option<&'static V> {
        // SAFETY: guaranteed by the caller.
        unsafe { self.first.get()?.of(id) }
    }

    /// The value of this id, wherever it is. Of several threads that find none, one makes it, and the others wait.
    ///
    /// # Safety
    /// As for [`first`](Self::first).
    #[expect(unsafe_code, reason = "a checked downcast calls a virtual function on every look-up")]
    pub(crate) unsafe fn find<V: Send + Sync + 'static>(
        &self,
        id: TypeId,
        make: &dyn Fn() -> &'static V,
    ) -> &'static V {
        let slot = self.slot(id, &|| make());
        // SAFETY: guaranteed by the caller.
        unsafe { slot.of(id) }.unwrap_or_else(|| unreachable!("it is found by its id"))
    }

    /// The same without the type, so that there is one such function.
    fn slot(&self, id: TypeId, make: &dyn Fn() -> &'static (dyn Sync + Send)) -> &Slot {
        let new = || Slot { id, value: make(), next: OnceLock::new() };
        let mut slot = self.first.get_or_init(new);
        while slot.id != id {
            slot = slot.next.get_or_init(|| Box::new(new()));
        }
        slot
    }
}

impl Slot {
    /// The value, if it is that of this id.
    ///
    /// # Safety
    /// As for [`ByType::first`].
    #[inline]
    #[expect(unsafe_code, reason = "a checked downcast calls a virtual function on every hit")]
    unsafe fn of<V: Send + Sync + 'static>(&self, id: TypeId) -> Option<&'static V> {
        // SAFETY: only `find` makes slots, from a `V` and this id. The caller guarantees that it was the same `V`, and
        // equal ids are those of one type. The reference is valid for ever.
        (self.id == id).then(|| unsafe { &*std::ptr::from_ref(self.value).cast::<V>() })
    }
}
