//! Each thread has a cache of its own.

use std::any::{Any, TypeId};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::thread::LocalKey;

use crate::cached::core::Core;
use crate::cached::handle::forgets::Forget;
use crate::cached::handle::overrides;
use crate::cached::handle::registry::{self, Erased, Type};
use crate::cached::info::Info;
use crate::cached::key::{AnyKey, Finds};
use crate::cached::lookup::Id;
use crate::cached::removal::Listener;
use crate::cached::scope::function::Function;
use crate::cached::scope::test::scope_number;
use crate::cached::scope::{Missed, Scope};
use crate::cached::stats::Counts;
use crate::cached::store::Types;
use crate::cached::value::rules::ErasedRules;
use crate::cached::value::settings::Settings;
use crate::site::Place;

/// The function's own thread-local.
pub struct LocalSite {
    settings: Settings,
    place: Place,
    first: OnceCell<Slot>,
}

/// The cache of one instantiation on this thread, and a link to the next one.
struct Slot {
    id: TypeId,
    cache: Box<dyn Any>,
    next: OnceCell<Box<Slot>>,
}

/// One thread's cache.
struct Own<C: Types> {
    core: Arc<Core<C>>,
    function: &'static Function,
    /// The counters of this thread.
    counts: &'static Counts,
    /// How many clears of the function it has applied.
    cleared: Cell<u64>,
}

impl<C: Types> Own<C> {
    /// The cache, after applying a `clear` by another thread.
    #[inline]
    fn core(&self) -> &Arc<Core<C>> {
        if self.cleared.get() != self.function.clears() {
            self.catch_up();
        }
        &self.core
    }

    #[cold]
    #[inline(never)]
    fn catch_up(&self) {
        self.cleared.set(self.function.clears());
        self.core.forget_all();
    }

    /// The hot path.
    #[inline]
    fn hit<Q: Finds<C::Key>>(&self, by: &Q) -> Result<C::Value, Missed> {
        let core = self.core();
        let hash = core.hash(by);
        let value = core.hit_uncounted(hash, by).ok_or(Missed::of(hash))?;
        self.counts.hit();
        Ok(value)
    }
}

impl LocalSite {
    /// The site of one function.
    #[must_use]
    pub const fn new(settings: Settings, place: Place) -> Self {
        LocalSite { settings, place, first: OnceCell::new() }
    }

    /// The cache of this instantiation, if there is one.
    fn get<C: Types>(&self, id: TypeId) -> Option<&Own<C>> {
        let mut slot = self.first.get()?;
        while slot.id != id {
            slot = slot.next.get()?;
        }
        slot.cache.downcast_ref()
    }

    /// The same, created if there is none.
    fn find<C: Types>(&self, id: TypeId, make: impl Fn() -> Own<C>) -> Option<&Own<C>> {
        let new = || Slot { id, cache: Box::new(make()), next: OnceCell::new() };
        let mut slot = self.first.get_or_init(new);
        while slot.id != id {
            slot = slot.next.get_or_init(|| Box::new(new()));
        }
        slot.cache.downcast_ref()
    }
}

impl Slot {
    /// The cache, if it is this instantiation's.
    #[inline]
    #[expect(unsafe_code, reason = "a checked downcast calls a virtual function on every hit")]
    #[expect(clippy::cast_ptr_alignment, reason = "it is an `Own<C>`")]
    fn own<C: Types>(&self, id: Id<C>) -> Option<&Own<C>> {
        if self.id != id.instantiation {
            return None;
        }
        // SAFETY: `find` makes a slot from the `TypeId` of an `Id<C>` and an `Own<C>`. The `TypeId` is that of a type
        // that contains `C`, so an equal one implies the same `C`, which is `'static` and has no lifetimes that could
        // differ.
        Some(unsafe { &*std::ptr::from_ref(&*self.cache).cast::<Own<C>>() })
    }
}

impl<C: Types> Scope<C> for &'static LocalKey<LocalSite> {
    #[inline]
    fn hit<Q: Finds<C::Key>>(self, id: Id<C>, by: &Q) -> Result<C::Value, Missed> {
        let hit = |own: &LocalSite| {
            let own = own.first.get().and_then(|slot| slot.own(id)).filter(|_| !overrides::is_open());
            own.ok_or(Missed::UNHASHED)?.hit(by)
        };
        self.try_with(hit).unwrap_or(Err(Missed::UNHASHED))
    }

    fn core(self, id: Id<C>, rules: &dyn ErasedRules<C::Value>) -> Option<Arc<Core<C>>> {
        let core = |own: &LocalSite| {
            let own = own.find(id.instantiation, || make(self, own, id, rules))?;
            Some(Arc::clone(own.core()))
        };
        self.try_with(|own| within_scope(own, core)).ok().flatten()
    }

    /// Other threads cannot be asked to remove a single value, so all values are removed.
    fn forget(self, core: &Arc<Core<C>>, _: u64, _: AnyKey) -> Forget {
        match core.common().row.get() {
            Some(row) => Box::new(|| row.erased.forget_all()),
            None => Box::new(|| ()),
        }
    }
}

thread_local! {
    /// The caches of this thread in the scopes of tests, by the scope's number and the function's own site.
    static FRESH: RefCell<BTreeMap<(u64, usize), Rc<LocalSite>>> = const { RefCell::new(BTreeMap::new()) };
}

/// The function's own site, or the one in this thread's scope.
fn within_scope<R>(own: &LocalSite, look: impl FnOnce(&LocalSite) -> R) -> R {
    let number = scope_number();
    if number == 0 {
        return look(own);
    }
    let place = (number, std::ptr::from_ref(own).addr());
    let fresh = FRESH.try_with(|fresh| {
        let mut fresh = fresh.borrow_mut();
        Rc::clone(fresh.entry(place).or_insert_with(|| Rc::new(LocalSite::new(own.settings, own.place))))
    });
    match fresh {
        Ok(fresh) => look(&fresh),
        Err(_) => look(own),
    }
}

/// Creates this thread's cache; the first one of all threads lists the function.
fn make<C: Types>(
    local: &'static LocalKey<LocalSite>,
    own: &LocalSite,
    id: Id<C>,
    rules: &dyn ErasedRules<C::Value>,
) -> Own<C> {
    let name = id.name();
    let function = Function::of(id.instantiation);
    let core = Core::new(rules.plan(own.settings), name, function.stats, None);
    let types = [Type::of::<C::Key>(), Type::of::<C::Value>()];
    let threads = || Threads { local, id: id.instantiation, function, tags: own.settings.tags, core: show::<C>, types };
    core.common().row.get_or_init(|| function.row(|| registry::list(name, own.place, Arc::new(threads()))));
    Own { core, function, counts: function.stats.counts(), cleared: Cell::new(function.clears()) }
}

/// Passes the cache of a thread to `see`, if it has one.
fn show<C: Types>(own: &LocalSite, id: TypeId, see: &mut dyn FnMut(&dyn Erased)) {
    if let Some(own) = own.get::<C>(id) {
        see(&**own.core());
    }
}

/// Passes the cache of a thread to a closure.
type Show = fn(&LocalSite, TypeId, &mut dyn FnMut(&dyn Erased));

/// A function's caches, seen from any thread, which can access its own one.
struct Threads {
    local: &'static LocalKey<LocalSite>,
    id: TypeId,
    function: &'static Function,
    tags: &'static [&'static str],
    core: Show,
    types: [Type; 2],
}

impl Threads {
    /// Accesses this thread's cache, if it has one.
    fn here(&self, see: &mut dyn FnMut(&dyn Erased)) {
        let _none = self.local.try_with(|own| within_scope(own, |own| (self.core)(own, self.id, see)));
    }
}

impl Erased for Threads {
    fn info(&self) -> Info {
        let mut here = Info::default();
        self.here(&mut |core| here = core.info());
        let figures = self.function.stats.figures();
        let Info { len, capacity, in_flight, weight, .. } = here;
        Info { len, capacity, in_flight, weight, ..Info::of(&figures) }
    }

    fn clear(&self) {
        self.function.clear();
    }

    fn forget_all(&self) {
        self.function.forget_all();
    }

    fn purge_expired(&self) -> usize {
        let mut number = 0;
        self.here(&mut |core| number = core.purge_expired());
        number
    }

    fn tags(&self) -> &'static [&'static str] {
        self.tags
    }

    fn types(&self) -> [Type; 2] {
        self.types
    }

    fn listen(&self, listener: &Listener) -> bool {
        let mut listens = false;
        self.here(&mut |core| listens = core.listen(listener));
        listens
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cached::store::Of;
    use crate::cached::value::entry::NoExpiry;
    use crate::cached::value::policy::Whole;
    use crate::cached::value::rules::Rules;
    use crate::cached::{Local, Settings};

    type Cache<V> = Of<Local<NoExpiry>, (u8,), V>;

    thread_local! {
        static SITE: LocalSite = const { LocalSite::new(Settings::NONE, Place::new("", 0, 0, None)) };
    }

    fn core<V: Clone + Send + Sync + 'static>(closure: &impl Fn()) -> Arc<Core<Cache<V>>> {
        (&SITE).core(Id::of(closure), &Rules::<Whole<V>>::NONE).unwrap()
    }

    #[test]
    fn a_slot_is_found_by_its_instantiation_and_its_types_alone() {
        let (one, other) = (|| (), || ());
        let first = core::<u8>(&one);
        assert!(Arc::ptr_eq(&first, &core::<u8>(&one)) && !Arc::ptr_eq(&first, &core::<u8>(&other)));
        core::<String>(&one).insert(0, Arc::new((1_u8,)), "x".to_owned());
        assert_eq!(first.info().len, 0);
        SITE.with(|site| {
            let slot = site.first.get().unwrap();
            assert!(slot.own::<Cache<u8>>(Id::of(&one)).is_some());
            assert!(slot.own::<Cache<String>>(Id::of(&one)).is_none(), "it is the second one");
            assert!(slot.own::<Cache<u8>>(Id::of(&other)).is_none());
        });
    }
}
