//! How many second calls are allowed: each call earns a share of one.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// In thousandths of a call.
#[derive(Debug)]
pub(super) struct Budget(AtomicU64);

const CALL: u64 = 1_000;
const MOST: u64 = 10 * CALL;

impl Budget {
    /// Starts full, since the first calls may be slow.
    pub(super) const fn new() -> Self {
        Budget(AtomicU64::new(MOST))
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 0 and 1,000")]
    pub(super) fn earn(&self, share: f64) {
        let earned = (share * 1_000.0) as u64;
        let add = |left: u64| (left < MOST).then(|| (left + earned).min(MOST));
        let _full = self.0.fetch_update(Relaxed, Relaxed, add);
    }

    pub(super) fn take(&self) -> bool {
        self.0.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(CALL)).is_ok()
    }
}
