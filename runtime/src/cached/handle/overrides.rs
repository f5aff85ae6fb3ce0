//! What a handle has to say about a call: a value that is computed anew whatever is kept.

use std::cell::RefCell;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::task::{Context, Poll};

/// How many handles have something to say, and how many tests have caches of their own: without one, no call looks any
/// further.
static OPEN: AtomicUsize = AtomicUsize::new(0);

/// Has anybody something to say about a call of some function?
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

    /// Runs this, in which the call comes, or a part of it.
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

/// Is this call the one that is to run the body whatever is kept? Says yes once.
pub(in crate::cached) fn takes_refresh(name: &str) -> bool {
    let is_it = |refresh: &mut Option<String>| refresh.take_if(|wanted| wanted == name).is_some();
    REFRESH.try_with(|refresh| is_it(&mut refresh.borrow_mut())).unwrap_or(false)
}

/// A call whose body runs whatever is kept.
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
