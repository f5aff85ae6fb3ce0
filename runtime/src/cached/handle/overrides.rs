//! A handle's override of a call: a value that is recomputed even if one is cached.

use std::cell::RefCell;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::task::{Context, Poll};

/// The number of active overrides and of tests with caches of their own: if it is zero, calls do not look any further.
static OPEN: AtomicUsize = AtomicUsize::new(0);

/// Is there an override for a call of some function?
#[inline]
pub(in crate::cached) fn is_open() -> bool {
    OPEN.load(Relaxed) != 0
}

/// One of those that are counted.
#[derive(Debug)]
pub(in crate::cached) struct OverrideGuard(());

impl OverrideGuard {
    pub(in crate::cached) fn new() -> Self {
        OPEN.fetch_add(1, Relaxed);
        OverrideGuard(())
    }
}

impl Drop for OverrideGuard {
    fn drop(&mut self) {
        OPEN.fetch_sub(1, Relaxed);
    }
}

thread_local! {
    static REFRESH: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The refresh of one value: the next call of that function on this thread runs the body.
pub(in crate::cached) struct Refresh {
    name: Option<String>,
    _guard: OverrideGuard,
}

impl Refresh {
    pub(in crate::cached) fn of(name: &str) -> Self {
        Refresh { name: Some(name.to_owned()), _guard: OverrideGuard::new() }
    }

    /// Runs the closure, which makes the call or a part of it.
    pub(in crate::cached) fn around<R>(&mut self, call: impl FnOnce() -> R) -> R {
        struct Ends<'r> {
            refresh: &'r mut Option<String>,
            before: Option<String>,
        }
        impl Drop for Ends<'_> {
            fn drop(&mut self) {
                *self.refresh = REFRESH.replace(self.before.take());
            }
        }

        let before = REFRESH.replace(self.name.take());
        let _ends = Ends { refresh: &mut self.name, before };
        call()
    }
}

/// Should this call run the body even if a value is cached? Returns true once.
pub(in crate::cached) fn takes_refresh(name: &str) -> bool {
    let is_it = |refresh: &mut Option<String>| refresh.take_if(|wanted| wanted == name).is_some();
    REFRESH.try_with(|refresh| is_it(&mut refresh.borrow_mut())).unwrap_or(false)
}

/// A call whose body runs even if a value is cached.
pub(in crate::cached) struct Refreshing<F> {
    pub(in crate::cached) call: Pin<Box<F>>,
    pub(in crate::cached) refresh: Refresh,
}

impl<F: Future> Future for Refreshing<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let Refreshing { call, refresh } = &mut *self;
        refresh.around(|| call.as_mut().poll(context))
    }
}
