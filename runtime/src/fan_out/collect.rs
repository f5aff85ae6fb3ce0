//! All results in one value.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::hash::{BuildHasher, Hash};

/// A collection that the results of many calls can be collected into, or a `Result` or `Option` of one.
#[diagnostic::on_unimplemented(
    message = "results of type `{Item}` cannot be collected into `{Self}`",
    label = "expected a collection of `{Item}`, or a `Result` or `Option` of a collection",
    note = "write for example `.collect::<Vec<_>>()`, or `.collect::<Result<Vec<_>, _>>()` to stop at the first error"
)]
pub trait Collect<Item>: Sized {
    /// The part of a result that is kept.
    #[doc(hidden)]
    type Value;

    /// Returns the part of it that is kept, or the final result that it causes.
    #[doc(hidden)]
    fn keep(item: Item) -> Result<Self::Value, Self>;

    #[doc(hidden)]
    fn from_values(values: impl Iterator<Item = Self::Value>) -> Self;
}

macro_rules! collections {
    ($($type:ty where [$($generics:tt)*], $item:ty;)*) => { $(
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> Collect<$item> for $type {
            type Value = $item;

            fn keep(item: $item) -> Result<$item, Self> {
                Ok(item)
            }

            fn from_values(values: impl Iterator<Item = $item>) -> Self {
                values.collect()
            }
        }
    )* };
}

collections! {
    Vec<T> where [T], T;
    Box<[T]> where [T], T;
    VecDeque<T> where [T], T;
    LinkedList<T> where [T], T;
    BinaryHeap<T> where [T: Ord], T;
    BTreeSet<T> where [T: Ord], T;
    HashSet<T, S> where [T: Hash + Eq, S: BuildHasher + Default], T;
    BTreeMap<K, V> where [K: Ord, V], (K, V);
    HashMap<K, V, S> where [K: Hash + Eq, V, S: BuildHasher + Default], (K, V);
    String where [], String;
    () where [], ();
}

#[diagnostic::do_not_recommend]
impl<C: Collect<T>, T, E> Collect<Result<T, E>> for Result<C, E> {
    type Value = C::Value;

    fn keep(item: Result<T, E>) -> Result<C::Value, Self> {
        C::keep(item.map_err(Err)?).map_err(Ok)
    }

    fn from_values(values: impl Iterator<Item = C::Value>) -> Self {
        Ok(C::from_values(values))
    }
}

#[diagnostic::do_not_recommend]
impl<C: Collect<T>, T> Collect<Option<T>> for Option<C> {
    type Value = C::Value;

    fn keep(item: Option<T>) -> Result<C::Value, Self> {
        C::keep(item.ok_or(None)?).map_err(Some)
    }

    fn from_values(values: impl Iterator<Item = C::Value>) -> Self {
        Some(C::from_values(values))
    }
}

/// The results so far, with the numbers of their inputs.
pub(super) struct Collected<V>(Vec<(usize, V)>);

impl<V> Collected<V> {
    pub(super) fn new() -> Self {
        Collected(Vec::new())
    }

    pub(super) fn add<Item, C: Collect<Item, Value = V>>(&mut self, number: usize, item: Item) -> Result<(), C> {
        C::keep(item).map(|value| self.0.push((number, value)))
    }

    pub(super) fn finish<Item, C: Collect<Item, Value = V>>(mut self, in_order: bool) -> C {
        if in_order {
            self.0.sort_unstable_by_key(|(number, _)| *number);
        }
        C::from_values(self.0.into_iter().map(|(_, value)| value))
    }
}
