//! The list of caches, and what a handle can do with one without knowing its types.

use std::any::{TypeId, type_name};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use crate::cached::core::Core;
use crate::cached::handle::tiers::AnyCore;
use crate::cached::info::Info;
use crate::cached::removal::Listener;
use crate::cached::scope::test::{fresh_scope, scope_number};
use crate::cached::store::Types;
use crate::site::{Place, Registry, without_generics};
use crate::sync::lock;

/// The cache of one function, or of one instantiation of it.
pub(in crate::cached) struct Row {
    pub(in crate::cached) name: &'static str,
    pub(in crate::cached) place: Place,
    pub(in crate::cached) erased: Arc<dyn Erased + Send + Sync>,
}

/// By the function's path, which several functions may share.
pub(in crate::cached) type Rows = BTreeMap<String, Vec<&'static Row>>;

static CACHES: Registry<Row> = Registry::new("cached", || {
    let mut names: Vec<String> = CACHES.names().iter().map(|name| without_generics(name)).collect();
    names.dedup();
    names
});

/// Which row belongs to a handle's function, once the function has answered.
static ANSWERED: Mutex<BTreeMap<TypeId, &'static Row>> = Mutex::new(BTreeMap::new());

/// All rows, in this thread's scope if it has one.
pub(in crate::cached) fn all() -> Vec<&'static Row> {
    match fresh_scope() {
        Some(scope) => lock(&scope.listed).values().flatten().copied().collect(),
        None => CACHES.all().into_iter().map(|(_, row)| row).collect(),
    }
}

/// The rows of the functions with this path.
pub(in crate::cached) fn named(name: &str) -> Vec<&'static Row> {
    match fresh_scope() {
        Some(scope) => lock(&scope.listed).get(name).cloned().unwrap_or_default(),
        None => CACHES.get_all(name),
    }
}

/// The row of this very function, if it has answered a handle; else those of the functions with its path.
pub(in crate::cached) fn of(function: TypeId, name: &str) -> Vec<&'static Row> {
    let answered = if scope_number() == 0 { lock(&ANSWERED).get(&function).copied() } else { None };
    answered.map_or_else(|| named(name), |row| vec![row])
}

/// Records that the function of this type has answered.
pub(in crate::cached) fn has_answered(function: TypeId, row: &'static Row) {
    if scope_number() == 0 {
        lock(&ANSWERED).insert(function, row);
    }
}

/// Lists a cache under its function's name.
pub(in crate::cached) fn list(name: &'static str, place: Place, erased: Arc<dyn Erased + Send + Sync>) -> &'static Row {
    let row = Box::leak(Box::new(Row { name, place, erased }));
    match fresh_scope() {
        Some(scope) => lock(&scope.listed).entry(name.to_owned()).or_default().push(row),
        None => CACHES.insert(name.to_owned(), row),
    }
    row
}

/// The operations that do not need the types.
pub(in crate::cached) trait Erased {
    fn info(&self) -> Info;
    fn clear(&self);
    fn forget_all(&self);
    /// Returns how many there were.
    fn purge_expired(&self) -> usize;
    fn tags(&self) -> &'static [&'static str];
    /// The types of the key and of the value.
    fn types(&self) -> [Type; 2];
    /// Adds a listener for these types. Is there a cache to listen to?
    fn listen(&self, listener: &Listener) -> bool;
}

/// A type and its name.
#[derive(Debug, Clone, Copy)]
pub(in crate::cached) struct Type {
    pub(in crate::cached) id: TypeId,
    pub(in crate::cached) name: &'static str,
}

impl Type {
    pub(in crate::cached) fn of<T: 'static>() -> Self {
        Type { id: TypeId::of::<T>(), name: type_name::<T>() }
    }
}

impl<C: Types> Erased for Core<C> {
    fn info(&self) -> Info {
        Core::info(self)
    }

    fn clear(&self) {
        (self as &dyn AnyCore).clear_everywhere();
    }

    fn forget_all(&self) {
        (self as &dyn AnyCore).forget_all_everywhere();
    }

    fn purge_expired(&self) -> usize {
        self.common().purge_expired(Core::store(self))
    }

    fn tags(&self) -> &'static [&'static str] {
        self.common().settings.tags
    }

    fn types(&self) -> [Type; 2] {
        [Type::of::<C::Key>(), Type::of::<C::Value>()]
    }

    fn listen(&self, listener: &Listener) -> bool {
        Core::listen(self, Arc::clone(listener));
        true
    }
}
