//! The values that one operation has removed from a store.

use std::any::Any;

use crate::cached::removal::Removal;
use crate::cached::store::concurrent::Gone;
use crate::cached::value::entry::{Entry, ErasedEntry};

/// Removed values, to be reported to listeners outside of all locks, and dropped after that.
#[must_use]
#[derive(Default)]
pub struct Removed<'a> {
    from: From<'a>,
    /// How many values were evicted.
    pub(in crate::cached) evictions: usize,
    /// How many expired values an insertion has removed.
    pub(in crate::cached) expirations: usize,
    /// Was the new one heavier than the capacity?
    pub(in crate::cached) is_refused: bool,
}

#[derive(Default)]
enum From<'a> {
    #[default]
    Nothing,
    /// A store that is not shared.
    List(Box<dyn Each>),
    /// A store whose values other threads may still be reading.
    Shared(Gone<'a>, ShowEach),
}

/// Receives each key and entry, with the reason.
pub(super) type Show<'s> = &'s mut dyn FnMut(&dyn Any, &dyn ErasedEntry, Removal);

/// How to pass on nodes.
pub(super) type ShowEach = fn(&Gone<'_>, Show<'_>);

/// Owned keys and entries of any type.
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
        Removed { from, evictions: 0, expirations: 0, is_refused: false }
    }

    pub(super) fn shared(gone: Gone<'a>, each: ShowEach) -> Self {
        let (evictions, expirations, is_refused) = (gone.evictions, gone.expirations, gone.is_refused());
        Removed { from: From::Shared(gone, each), evictions, expirations, is_refused }
    }

    /// Passes on each of them. After an insertion without listeners there are none.
    pub(in crate::cached) fn each(&self, show: Show<'_>) {
        match &self.from {
            From::Nothing => {}
            From::List(list) => list.each(show),
            From::Shared(gone, each) => each(gone, show),
        }
    }
}
