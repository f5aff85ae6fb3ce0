//! The right to compute a value, among all who use a store.

use std::fmt;
use std::panic::UnwindSafe;

/// Given back when it is dropped, and lost when its holder dies.
pub(super) struct Lease {
    /// Known to its holder alone.
    token: String,
    /// Told whether it has been given back together with the value.
    end: Option<Box<dyn FnOnce(bool) + Send>>,
}

/// After a panic it is given back.
impl UnwindSafe for Lease {}

impl Lease {
    pub(super) fn new(token: String, end: impl FnOnce(bool) + Send + 'static) -> Self {
        Lease { token, end: Some(Box::new(end)) }
    }

    pub(super) fn token(&self) -> &str {
        &self.token
    }

    /// It has been given back together with the value.
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
