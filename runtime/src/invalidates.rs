//! What `#[invalidates]` calls: values that are forgotten at the end of a call.

use std::panic::{AssertUnwindSafe, UnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use crate::cached::{FreshScope, carry_fresh, forget_all, fresh_scope};
use crate::outcome::OutcomeKind;

/// Forgets one value, whose key it owns.
pub(crate) type Forget = Box<dyn FnOnce() + Send>;

/// What is to be forgotten.
#[must_use]
pub struct Forgets {
    function: String,
    /// One value; without it all of them go: because that is asked for, or because there was no cache yet that could make
    /// a key, but there may be one at the end, with what a call has read meanwhile.
    value: Option<Forget>,
    /// A test's own caches, which the thread where a call ends may know nothing of.
    scope: Option<Arc<FreshScope>>,
}

/// It is used up by one call, whether that panics or not.
impl UnwindSafe for Forgets {}

impl Forgets {
    pub(crate) fn new(function: &str, value: Option<Forget>) -> Self {
        Forgets { function: function.to_owned(), value, scope: fresh_scope() }
    }

    fn forget(&mut self) {
        if let Some(forget) = self.value.take() {
            return forget();
        }
        let _scope = carry_fresh(self.scope.take());
        forget_all(&self.function);
    }
}

/// Forgets when it is dropped, if that is due.
pub struct Guard<const N: usize> {
    all: [Forgets; N],
    is_due: bool,
}

/// Stands for an argument in a call that is compiled, for the sake of its mistakes, and never made.
pub fn any<T>() -> T {
    unreachable!("in a closure that nobody calls")
}

/// However the call ends.
pub fn always<const N: usize>(all: [Forgets; N]) -> Guard<N> {
    Guard { all, is_due: true }
}

/// Only when it ends well.
pub fn when_ok<const N: usize>(all: [Forgets; N]) -> Guard<N> {
    Guard { all, is_due: false }
}

impl<const N: usize> Guard<N> {
    /// The end of a call that gave a value.
    pub fn ended<R>(mut self, value: &R, kind: impl FnOnce(&R) -> OutcomeKind) {
        self.is_due = kind(value) == OutcomeKind::Success;
    }
}

impl<const N: usize> Drop for Guard<N> {
    fn drop(&mut self) {
        if self.is_due {
            forget_each(&mut self.all);
        }
    }
}

/// The user's listeners and comparisons run in here: whatever they do, each entry has its turn, and a panic of the call's
/// own stays the one that is told.
fn forget_each(all: &mut [Forgets]) {
    let mut first = None;
    for forgets in all {
        let forgotten = catch_unwind(AssertUnwindSafe(|| forgets.forget()));
        first = first.or(forgotten.err());
    }
    if let Some(payload) = first.filter(|_| !std::thread::panicking()) {
        resume_unwind(payload);
    }
}
