//! `Hash`, `Eq` and `Clone` of a key or a value may be cached functions themselves, or call some. Such a call runs its
//! body, since otherwise it would look up its own key.

use std::cell::Cell;

thread_local! {
    static IS_WITHIN: Cell<bool> = const { Cell::new(false) };
}

/// Is this thread inside such a call?
#[inline]
pub(in crate::cached) fn is_within() -> bool {
    IS_WITHIN.get()
}

/// This thread is, or is not, inside until this is dropped.
pub(in crate::cached) struct Within {
    before: bool,
}

impl Within {
    #[inline]
    pub(in crate::cached) fn enter() -> Self {
        Within { before: IS_WITHIN.replace(true) }
    }

    /// Not inside while this lives: the user's closures may call anything.
    pub(in crate::cached) fn leave() -> Self {
        Within { before: IS_WITHIN.replace(false) }
    }
}

impl Drop for Within {
    #[inline]
    fn drop(&mut self) {
        IS_WITHIN.set(self.before);
    }
}

/// Calls code that may be the user's.
pub(in crate::cached) fn within<R>(call: impl FnOnce() -> R) -> R {
    let _within = Within::enter();
    call()
}
