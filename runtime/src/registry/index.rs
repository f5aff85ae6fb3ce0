//! The entries of a registry, indexed by name and by type, and in order.

use std::any::{TypeId, type_name};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::order::{Ordered, base_order};
use super::{Entry, Key, Problem, Registered};

/// The index for lookups is built at once, the rest on demand.
pub(super) struct Index<T: ?Sized + Registered> {
    by_name: HashTable<Named<T>>,
    deprecated: Vec<Deprecated<T>>,
    by_type: OnceLock<HashMap<TypeId, &'static Entry<T>, RandomState>>,
    /// In the linker's order, which is arbitrary, until the order is needed.
    entries: Vec<&'static Entry<T>>,
    in_order: OnceLock<Ordered<T>>,
    refused: Vec<Problem>,
}

struct Named<T: ?Sized + Registered> {
    name: &'static T::Key,
    entry: &'static Entry<T>,
}

/// An alias that still works, but logs a warning.
struct Deprecated<T: ?Sized + Registered> {
    name: &'static T::Key,
    entry: &'static Entry<T>,
    is_told: AtomicBool,
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
        let entries = || inventory::iter::<T::Slot>.into_iter().map(AsRef::as_ref);
        let mut index = Index::with_capacity(entries().count());
        for entry in entries() {
            index.register(entry);
        }
        index.refuse_duplicates();
        index
    }

    fn with_capacity(count: usize) -> Self {
        Index {
            by_name: HashTable::with_capacity(count),
            deprecated: Vec::new(),
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
        for entry in new {
            index.name(digest_of(entry), entry.name(), entry, |_, _| true);
        }
        index
    }

    #[inline]
    fn register(&mut self, entry: &'static Entry<T>) {
        if entry.spec.on_register.is_none() && T::RULES.on_register.is_none() {
            self.insert(entry);
        } else {
            self.ask(*entry);
        }
    }

    /// Calls the hook of the trait and that of the type, which may reject the entry or change it.
    #[cold]
    fn ask(&mut self, mut entry: Entry<T>) {
        let hooks = [T::RULES.on_register, entry.spec.on_register];
        match hooks.into_iter().flatten().try_for_each(|hook| hook(&mut entry)) {
            Ok(()) => self.insert(Box::leak(Box::new(entry))),
            Err(reason) => self.refused.push(Problem::Refused { name: entry.text(), place: entry.place(), reason }),
        }
    }

    #[inline]
    fn insert(&mut self, entry: &'static Entry<T>) {
        self.entries.push(entry);
        // If two have the same name, the first in order gets it.
        let is_before = |new: &Entry<T>, old: &Entry<T>| base_order(new) < base_order(old);
        self.name(digest_of(entry), entry.name(), entry, is_before);
        for alias in entry.aliases() {
            self.name(digest::<T>(alias), alias, entry, is_before);
        }
        let deprecated = |name: &&'static T::Key| Deprecated { name: *name, entry, is_told: AtomicBool::new(false) };
        self.deprecated.extend(entry.deprecated_aliases().iter().map(deprecated));
    }

    /// Assigns a name to the entry, unless another one has it and keeps it.
    #[inline]
    fn name(
        &mut self,
        hash: u64,
        name: &'static T::Key,
        entry: &'static Entry<T>,
        takes_it: impl FnOnce(&Entry<T>, &Entry<T>) -> bool,
    ) {
        match self.by_name.find_mut(hash, |known| is_same::<T>(known.name, name)) {
            Some(known) if ptr::eq(known.entry, entry) || !takes_it(entry, known.entry) => {}
            Some(known) => *known = Named { name, entry },
            None => {
                let rehash = |named: &Named<T>| digest::<T>(named.name);
                self.by_name.insert_unique(hash, Named { name, entry }, rehash);
            }
        }
    }

    #[inline]
    pub(super) fn get(&self, name: &T::Key) -> Option<&'static Entry<T>> {
        match self.find(name) {
            Some(entry) => Some(entry),
            None if self.deprecated.is_empty() => None,
            None => self.get_deprecated(name),
        }
    }

    /// Like [`get`](Self::get), without the deprecated aliases.
    #[inline]
    pub(super) fn find(&self, name: &T::Key) -> Option<&'static Entry<T>> {
        let named = self.by_name.find(digest::<T>(name), |known| is_same::<T>(known.name, name));
        named.map(|named| named.entry)
    }

    #[cold]
    fn get_deprecated(&self, name: &T::Key) -> Option<&'static Entry<T>> {
        let all = self.deprecated.iter().filter(|known| is_same::<T>(known.name, name));
        let found = all.min_by(|a, b| base_order(a.entry).cmp(&base_order(b.entry)))?;
        if !found.is_told.swap(true, Relaxed) {
            let (registry, alias) = (type_name::<T>(), found.name.text());
            let instead = found.entry.text();
            tracing::warn!(target: "festoon", registry, %alias, %instead, "the name `{alias}` is deprecated: use `{instead}`");
        }
        Some(found.entry)
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
        &self.ordered().entries
    }

    fn ordered(&self) -> &Ordered<T> {
        self.in_order.get_or_init(|| Ordered::of(self.entries.clone(), |name| self.find(name)))
    }

    /// In the same order in every build.
    pub(super) fn problems(&self) -> impl Iterator<Item = Problem> {
        let mut refused = self.refused.clone();
        refused.sort_by_cached_key(Problem::to_string);
        let circle = self.ordered().circle.clone().map(|names| Problem::Circle { names });
        let duplicates = if T::RULES.allows_duplicates { Vec::new() } else { self.duplicates() };
        duplicates.into_iter().chain(refused).chain(circle)
    }

    fn duplicates(&self) -> Vec<Problem> {
        let mut firsts = BTreeMap::new();
        let mut duplicates = Vec::new();
        for entry in self.in_order() {
            for name in entry.all_names().chain(entry.deprecated_aliases().iter().copied()) {
                let key = if T::RULES.ignores_case { name.text().to_ascii_lowercase().into() } else { name.text() };
                let first = *firsts.entry(key).or_insert(entry);
                if !ptr::eq(*first, *entry) {
                    let name = name.text().into_owned();
                    duplicates.push(Problem::Duplicate { name, first: first.place(), second: entry.place() });
                }
            }
        }
        duplicates
    }

    /// `#[registry(unique)]`
    fn refuse_duplicates(&self) {
        if T::RULES.is_unique
            && let [first, ..] = &self.duplicates()[..]
        {
            panic!("festoon: the registry of `{}` takes each name once: {first}", type_name::<T>());
        }
    }
}

/// The hash of an entry's name, which is known when the program is compiled.
#[inline]
fn digest_of<T: ?Sized + Registered>(entry: &Entry<T>) -> u64 {
    match entry.spec.digest {
        known if known != 0 && !T::RULES.ignores_case => known,
        _ => digest::<T>(entry.name()),
    }
}

#[inline]
fn digest<T: ?Sized + Registered>(name: &T::Key) -> u64 {
    if T::RULES.ignores_case { name.digest_alike() } else { name.digest() }
}

#[inline]
pub(super) fn is_same<T: ?Sized + Registered>(known: &T::Key, name: &T::Key) -> bool {
    if T::RULES.ignores_case { known.is_alike(name) } else { known == name }
}

/// The registries that this thread is building. An `on_register` that used its own would wait for itself.
struct Building;

thread_local!(static BUILDING: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) });

impl Building {
    fn enter(registry: &'static str) -> Self {
        let nested = BUILDING.with_borrow(|building| building.contains(&registry));
        assert!(!nested, "festoon: an `on_register` uses the registry of `{registry}`, which waits for it to return");
        BUILDING.with_borrow_mut(|building| building.push(registry));
        Building
    }
}

impl Drop for Building {
    fn drop(&mut self) {
        BUILDING.with_borrow_mut(Vec::pop);
    }
}
