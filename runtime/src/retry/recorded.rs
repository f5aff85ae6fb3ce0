//! Counts in the scope of a `testing::recorder()`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::site::RetrySite;
use crate::clock;
use crate::sync::lock;
use crate::timed::scoped;

/// The sites of one scope. They are never freed, as the functions' own are not.
#[derive(Default)]
pub(crate) struct Recorded(Mutex<BTreeMap<usize, Pair>>);

#[derive(Clone, Copy)]
struct Pair {
    own: &'static RetrySite,
    here: &'static RetrySite,
}

impl std::fmt::Debug for Recorded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorded").field("sites", &lock(&self.0).len()).finish()
    }
}

impl Recorded {
    fn site(&self, own: &'static RetrySite) -> &'static RetrySite {
        let address = std::ptr::from_ref(own).addr();
        let new = || Pair { own, here: Box::leak(Box::new(own.twin())) };
        lock(&self.0).entry(address).or_insert_with(new).here
    }

    /// Functions with their counts here.
    pub(super) fn all(&self) -> Vec<(&'static RetrySite, &'static RetrySite)> {
        lock(&self.0).values().map(|pair| (pair.own, pair.here)).collect()
    }
}

/// Does this thread have a scope?
#[inline]
pub(super) fn is_set() -> bool {
    clock::is_watched() && scoped::is_set()
}

/// The function's site in this thread's scope.
#[inline]
pub(super) fn site(own: &'static RetrySite) -> Option<&'static RetrySite> {
    if is_set() { current().map(|scope| scope.retries.site(own)) } else { None }
}

pub(super) fn current() -> Option<Arc<scoped::Scope>> {
    scoped::current()
}
