//! A value put in before the first call: only the function itself can make its cache, so it is called, and the cache
//! answers with that value instead of the body.

use std::any::TypeId;
use std::cell::Cell;

/// A value for one function, on this thread.
#[derive(Clone, Copy)]
struct Priming<'n> {
    name: &'n str,
    output: TypeId,
    /// An `Option` of that type.
    value: *mut (),
}

thread_local! {
    static PRIMING: Cell<Option<Priming<'static>>> = const { Cell::new(None) };
}

/// Calls a function whose cache is to answer with `value`.
#[allow(unsafe_code)]
pub(super) fn with<O, R>(name: &str, value: O, call: impl FnOnce() -> R) -> R {
    struct Ends(Option<Priming<'static>>);
    impl Drop for Ends {
        fn drop(&mut self) {
            PRIMING.set(self.0);
        }
    }

    let mut value = Some(value);
    let priming = Priming { name, output: typeid::of::<O>(), value: (&raw mut value).cast() };
    // SAFETY: only the lifetime of `name` is stretched, and `Ends` takes it away before `name` and `value` end.
    let _ends = Ends(PRIMING.replace(Some(unsafe { std::mem::transmute::<Priming<'_>, Priming<'static>>(priming) })));
    call()
}

/// The value that the cache of this function is to answer with, once.
#[allow(unsafe_code)]
pub(super) fn take<O>(name: &str) -> Option<O> {
    let priming = PRIMING.try_with(Cell::get).ok().flatten()?;
    if priming.name != name || priming.output != typeid::of::<O>() {
        return None;
    }
    // SAFETY: `with` is still running, further out on this thread, and owns an `Option` of this type, up to lifetimes:
    // what is taken out of it is what the function returns to `with`'s caller.
    unsafe { &mut *priming.value.cast::<Option<O>>() }.take()
}
