//! What one operation has taken out of a store.

use crate::cached::removal::Removal;
use crate::cached::store::concurrent::Gone;

/// What has left a store: to be looked at and told about outside of all locks, and to be dropped after that.
#[must_use]
pub struct Removed<'a, K, E> {
    /// From a store that is not shared.
    pub(in crate::cached) owned: Vec<(K, E, Removal)>,
    shared: Option<Shared<'a, K, E>>,
    /// How many had to go to make room.
    pub(in crate::cached) evictions: usize,
    /// Did the new one take more room than there is?
    pub(in crate::cached) is_refused: bool,
}

/// From one whose values may still be read.
struct Shared<'a, K, E> {
    gone: Gone<'a>,
    each: Each<'a, K, E>,
}

type Each<'a, K, E> = fn(&Gone<'a>, &mut dyn FnMut(&K, &E, Removal));

impl<'a, K, E> Removed<'a, K, E> {
    pub(in crate::cached) fn owned(owned: Vec<(K, E, Removal)>) -> Self {
        Removed { owned, shared: None, evictions: 0, is_refused: false }
    }

    pub(in crate::cached) fn shared(gone: Gone<'a>, each: Each<'a, K, E>) -> Self {
        let (evictions, is_refused) = (gone.evictions, gone.is_refused());
        Removed { owned: Vec::new(), evictions, is_refused, shared: Some(Shared { gone, each }) }
    }

    /// Shows each of them. After an insertion that was not to be told about, it shows none.
    pub(in crate::cached) fn each(&self, show: &mut dyn FnMut(&K, &E, Removal)) {
        for (key, entry, why) in &self.owned {
            show(key, entry, *why);
        }
        if let Some(Shared { gone, each }) = &self.shared {
            each(gone, show);
        }
    }
}

impl<K, E> Default for Removed<'_, K, E> {
    fn default() -> Self {
        Removed::owned(Vec::new())
    }
}
