//! What an engine that keeps values has to do.

use super::key::{Finds, OwnedKey, Query, Stored};
use super::settings::Settings;

/// What can be kept and given out again.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be cached",
    label = "needs `Clone + Send + Sync + 'static`",
    note = "a hit gives out a clone: derive `Clone` for the type, or return it in an `Arc`"
)]
pub trait Value: Clone + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<V: Clone + Send + Sync + 'static> Value for V {}

/// A value and its times, in ticks.
#[derive(Debug, Clone)]
pub struct Entry<V> {
    pub(super) value: V,
    /// From here on it is as if it were not there; `NEVER` needs no look at the clock.
    pub(super) expires: u64,
}

pub(super) const NEVER: u64 = u64::MAX;

/// Where one instantiation of a function keeps its values. It does no single flight and knows no time.
///
/// `Hash` and `Eq` of keys and `Clone` of values run under its locks; whatever leaves it is handed out, so that it is
/// dropped outside of them.
pub trait Store<K, V>: Send + Sync + 'static {
    /// An empty one.
    fn new(settings: &Settings) -> Self;
    /// The hot path: finds a value and marks it as used.
    fn get<Q: Finds<K>>(&self, query: &Query<'_, Q>) -> Option<Entry<V>>;
    /// Finds a value and marks nothing.
    fn peek<Q: Finds<K>>(&self, query: &Query<'_, Q>) -> Option<Entry<V>>;
    /// Puts a value in, over the one that is there.
    fn insert(&self, key: Stored<K>, entry: Entry<V>) -> Evicted<K, V>;
    /// Takes a value out.
    fn remove<Q: Finds<K>>(&self, query: &Query<'_, Q>) -> Option<(Stored<K>, Entry<V>)>;
    /// Takes all values out.
    fn clear(&self);
    /// How many there are, expired ones included.
    fn len(&self) -> usize;
}

/// Which store a function has.
pub trait Engine {
    /// For these types.
    type Store<K: OwnedKey, V: Value>: Store<K, V>;
}

/// What had to go to make room.
#[derive(Debug)]
pub struct Evicted<K, V> {
    /// The hash of the key that comes in: what it replaces has not been evicted.
    pub(super) incoming: u64,
    pub(super) replaced: Option<(K, V)>,
    pub(super) entries: Vec<(K, V)>,
}

impl<K, V> Default for Evicted<K, V> {
    fn default() -> Self {
        Evicted { incoming: 0, replaced: None, entries: Vec::new() }
    }
}
