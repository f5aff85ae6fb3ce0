//! Values to be invalidated later, at the end of a call.

use std::panic::UnwindSafe;
use std::sync::Arc;

use super::cache::forget_all;
use crate::cached::scope::test::{FreshScope, carry_fresh, fresh_scope};

/// Invalidates one value, whose key it owns.
pub(in crate::cached) type Forget = Box<dyn FnOnce() + Send>;

/// The values to invalidate.
#[must_use]
pub struct Forgets {
    function: String,
    /// One value; `None` for all of them, either by request or because there was no cache yet to make a key: there may
    /// be one at the end, with values that a call has read in the meantime.
    value: Option<Forget>,
    /// A test's own caches, which may be unknown to the thread where the call ends.
    scope: Option<Arc<FreshScope>>,
}

/// One call consumes it, whether that panics or not.
impl UnwindSafe for Forgets {}

impl Forgets {
    pub(in crate::cached) fn new(function: &str, value: Option<Forget>) -> Self {
        Forgets { function: function.to_owned(), value, scope: fresh_scope() }
    }

    pub(crate) fn forget(&mut self) {
        if let Some(forget) = self.value.take() {
            return forget();
        }
        let _scope = carry_fresh(self.scope.take());
        forget_all(&self.function);
    }
}
