//! The right to compute a value, among all users of a store.

use std::fmt;
use std::panic::UnwindSafe;

/// Released when it is dropped, and lost when its holder dies.
pub(super) struct Lease {
    /// Known only to the holder.
    token: String,
    /// Receives whether the lease was released together with the value.
    end: Option<Box<dyn FnOnce(bool) + Send>>,
}

/// After a panic it is released.
impl UnwindSafe for Lease {}

impl Lease {
    pub(super) fn new(token: String, end: impl FnOnce(bool) + Send + 'static) -> Self {
        Lease { token, end: Some(Box::new(end)) }
    }

    pub(super) fn token(&self) -> &str {
        &self.token
    }

    /// Records that it was released together with the value.
    pub(super) fn settle(mut self) {
        self.end(true);
    }

    fn end(&mut self, settled: bool) {
        if let Some(end) = self.end.take() {
            end(settled);
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.end(false);
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease").finish_non_exhaustive()
    }
}
