//! Which run may write which entry: an entry that is removed while it is computed must not reappear.

use std::collections::HashMap;

use super::super::lease::Lease;
use crate::sync::{Arc, AtomicU64, Mutex, Ordering::Relaxed, lock};

/// Writes and removals are passed to the writer under the lock, so that they arrive in the order in which leases are
/// granted, used and revoked.
#[derive(Debug, Default)]
pub(super) struct Leases {
    tokens: Mutex<HashMap<String, String>>,
    next: AtomicU64,
}

impl Leases {
    /// Revokes any earlier lease for this entry.
    pub(super) fn give(self: &Arc<Self>, name: String) -> Lease {
        let mut tokens = lock(&self.tokens);
        let token = self.next.fetch_add(1, Relaxed).to_string();
        tokens.insert(name.clone(), token.clone());
        drop(tokens);
        let (leases, own) = (Arc::clone(self), token.clone());
        Lease::new(token, move |_| {
            let mut tokens = lock(&leases.tokens);
            if tokens.get(&name).is_some_and(|token| *token == own) {
                tokens.remove(&name);
            }
        })
    }

    /// Writes the entry, if the lease is still valid.
    pub(super) fn used_up<T>(&self, name: &str, lease: Lease, write: impl FnOnce() -> T) -> Option<T> {
        let mut tokens = lock(&self.tokens);
        if tokens.get(name).is_none_or(|token| token != lease.token()) {
            drop(tokens);
            return None;
        }
        tokens.remove(name);
        let written = write();
        drop(tokens);
        lease.settle();
        Some(written)
    }

    /// Removes the entry.
    pub(super) fn revoked<T>(&self, name: &str, remove: impl FnOnce() -> T) -> T {
        let mut tokens = lock(&self.tokens);
        tokens.remove(name);
        remove()
    }

    /// Removes all entries whose names have this prefix.
    pub(super) fn all_revoked<T>(&self, prefix: &str, remove: impl FnOnce() -> T) -> T {
        let mut tokens = lock(&self.tokens);
        tokens.retain(|name, _| !name.starts_with(prefix));
        remove()
    }
}
