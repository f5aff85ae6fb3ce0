//! What one operation has taken out of a store.

use std::any::Any;

use crate::cached::removal::Removal;
use crate::cached::store::concurrent::Gone;
use crate::cached::value::entry::{Entry, ErasedEntry};

/// What has left a store: to be looked at and told about outside of all locks, and to be dropped after that.
#[must_use]
#[derive(Default)]
pub struct Removed<'a> {
    from: From<'a>,
    /// How many had to go to make room.
    pub(in crate::cached) evictions: usize,
    /// Did the new one take more room than there is?
    pub(in crate::cached) is_refused: bool,
}

#[derive(Default)]
enum From<'a> {
    #[default]
    Nothing,
    /// A store that is not shared.
    List(Box<dyn Each>),
    /// One whose values may still be read.
    Shared(Gone<'a>, ShowEach),
}

/// Shows each key and entry, with the reason.
pub(super) type Show<'s> = &'s mut dyn FnMut(&dyn Any, &dyn ErasedEntry, Removal);

/// How nodes are shown.
pub(super) type ShowEach = fn(&Gone<'_>, Show<'_>);

/// Keys and entries that are owned, whatever their types.
trait Each {
    fn each(&self, show: Show<'_>);
}

impl<K: 'static, E: Entry> Each for Vec<(K, E, Removal)> {
    fn each(&self, show: Show<'_>) {
        for (key, entry, why) in self {
            show(key, entry, *why);
        }
    }
}

impl<'a> Removed<'a> {
    pub(super) fn owned<K: 'static, E: Entry>(owned: Vec<(K, E, Removal)>) -> Self {
        let from = if owned.is_empty() { From::Nothing } else { From::List(Box::new(owned)) };
        Removed { from, evictions: 0, is_refused: false }
    }

    pub(super) fn shared(gone: Gone<'a>, each: ShowEach) -> Self {
        let (evictions, is_refused) = (gone.evictions, gone.is_refused());
        Removed { from: From::Shared(gone, each), evictions, is_refused }
    }

    /// Shows each of them. After an insertion that was not to be told about, it shows none.
    pub(in crate::cached) fn each(&self, show: Show<'_>) {
        match &self.from {
            From::Nothing => {}
            From::List(list) => list.each(show),
            From::Shared(gone, each) => each(gone, show),
        }
    }
}
