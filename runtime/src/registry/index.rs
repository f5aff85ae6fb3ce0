//! The entries of a registry, indexed by name and by type, and in order.

use std::any::{TypeId, type_name};
use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::ptr;
use std::sync::OnceLock;

use foldhash::fast::RandomState;

use super::{Entry, Problem, Registered};

type Map<K, T> = HashMap<K, &'static Entry<T>, RandomState>;

/// The index for lookups is built at once, the rest on demand.
pub(super) struct Index<T: ?Sized + Registered> {
    by_name: Map<&'static str, T>,
    by_type: OnceLock<Map<TypeId, T>>,
    /// In the linker's arbitrary order, until the sorted order is requested.
    entries: Vec<&'static Entry<T>>,
    in_order: OnceLock<Vec<&'static Entry<T>>>,
    refused: Vec<Problem>,
}

impl<T: ?Sized + Registered> Index<T> {
    /// Once per registry, on first use.
    #[cold]
    #[inline(never)]
    pub(super) fn build(place: &OnceLock<Self>) -> &Self {
        let _building = Building::enter(type_name::<T>());
        place.get_or_init(Self::collect)
    }

    fn collect() -> Self {
        let slots = || inventory::iter::<T::Slot>.into_iter();
        let mut index = Index::with_capacity(slots().count());
        for slot in slots() {
            index.register(slot.as_ref());
        }
        index
    }

    fn with_capacity(count: usize) -> Self {
        Index {
            by_name: HashMap::with_capacity_and_hasher(count, RandomState::default()),
            by_type: OnceLock::new(),
            entries: Vec::with_capacity(count),
            in_order: OnceLock::new(),
            refused: Vec::new(),
        }
    }

    /// The index of these entries; new ones take over names that are in use.
    pub(super) fn patched(old: Vec<&'static Entry<T>>, new: &[&'static Entry<T>]) -> Self {
        let mut index = Index::with_capacity(old.len() + new.len());
        old.into_iter().chain(new.iter().copied()).for_each(|entry| index.insert(entry));
        index.by_name.extend(new.iter().map(|entry| (entry.name(), *entry)));
        index
    }

    fn register(&mut self, entry: &'static Entry<T>) {
        match entry.accept() {
            Ok(()) => self.insert(entry),
            Err(reason) => self.refused.push(Problem::Refused { name: entry.name(), place: entry.place(), reason }),
        }
    }

    fn insert(&mut self, entry: &'static Entry<T>) {
        self.entries.push(entry);
        for name in entry.all_names() {
            // If two have the same name, the first in order gets it.
            let holder = self.by_name.entry(name).or_insert(entry);
            if !ptr::eq(*holder, entry) && order(entry) < order(*holder) {
                *holder = entry;
            }
        }
    }

    #[inline]
    pub(super) fn get(&self, name: &str) -> Option<&'static Entry<T>> {
        self.by_name.get(name).copied()
    }

    pub(super) fn by_type(&self, id: TypeId) -> Option<&'static Entry<T>> {
        // The last insertion for a key wins, so the first in order has to be inserted last.
        let build = || self.in_order().iter().rev().map(|entry| (entry.type_id(), *entry)).collect();
        self.by_type.get_or_init(build).get(&id).copied()
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn in_order(&self) -> &[&'static Entry<T>] {
        self.in_order.get_or_init(|| {
            let mut entries = self.entries.clone();
            entries.sort_unstable_by_key(|entry| order(entry));
            entries
        })
    }

    /// In the same order in every build.
    pub(super) fn problems(&self) -> impl Iterator<Item = Problem> {
        let mut refused = self.refused.clone();
        refused.sort_by_cached_key(Problem::to_string);
        self.duplicates().into_iter().chain(refused)
    }

    fn duplicates(&self) -> Vec<Problem> {
        let mut firsts = BTreeMap::new();
        let mut duplicates = Vec::new();
        for entry in self.in_order() {
            for name in entry.all_names() {
                let first = *firsts.entry(name).or_insert(entry);
                if !ptr::eq(*first, *entry) {
                    duplicates.push(Problem::Duplicate { name, first: first.place(), second: entry.place() });
                }
            }
        }
        duplicates
    }
}

/// By priority, then by name, and as a last resort by the place in the source.
fn order<T: ?Sized + Registered>(entry: &Entry<T>) -> impl Ord + use<T> {
    (Reverse(entry.priority()), entry.name(), entry.module(), entry.file(), entry.line())
}

/// The registries that this thread is building. An `on_register` that used its own would wait for itself.
struct Building;

thread_local!(static BUILDING: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) });

impl Building {
    fn enter(registry: &'static str) -> Self {
        let nested = BUILDING.with_borrow(|building| building.contains(&registry));
        assert!(!nested, "festoon: an `on_register` asks the registry of `{registry}`, which waits for its answer");
        BUILDING.with_borrow_mut(|building| building.push(registry));
        Building
    }
}

impl Drop for Building {
    fn drop(&mut self) {
        BUILDING.with_borrow_mut(Vec::pop);
    }
}
