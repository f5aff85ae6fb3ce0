//! All calls of the process share a cache, in the function's own static.

use std::sync::Arc;

use crate::by_type::ByType;
use crate::cached::core::{Common, Core};
use crate::cached::handle::forgets::Forget;
use crate::cached::handle::overrides;
use crate::cached::handle::registry::{self, Erased};
use crate::cached::handle::tiers::AnyCore;
use crate::cached::info::Info;
use crate::cached::key::{AnyKey, Finds};
use crate::cached::lookup::Id;
use crate::cached::scope::{Missed, Scope, test};
use crate::cached::stats::Stats;
use crate::cached::store::Types;
use crate::cached::value::rules::ErasedRules;
use crate::cached::value::settings::Settings;
use crate::site::Place;

/// The function's own static. It is untyped, and finds the cache of an instantiation by its id.
pub struct CacheSite {
    pub(in crate::cached) settings: Settings,
    pub(in crate::cached) place: Place,
    cores: ByType,
}

impl CacheSite {
    /// The site of one function.
    #[must_use]
    pub const fn new(settings: Settings, place: Place) -> Self {
        CacheSite { settings, place, cores: ByType::new() }
    }

    /// The cache of this instantiation, if it is the first one.
    #[inline]
    #[expect(unsafe_code, reason = "see `by_type`")]
    fn first<C: Types>(&'static self, id: Id<C>) -> Option<&'static Core<C>>
    where
        Core<C>: Send + Sync,
    {
        // SAFETY: as in `find`.
        unsafe { self.cores.first(id.instantiation) }
    }

    /// The cache of any instantiation; what `make` returns is never freed.
    #[expect(unsafe_code, reason = "see `by_type`")]
    pub(in crate::cached) fn find<C: Types>(&'static self, id: Id<C>, make: &dyn Fn() -> Arc<Core<C>>) -> Arc<Core<C>>
    where
        Core<C>: Send + Sync,
    {
        let leaked = || -> &'static Core<C> { Box::leak(Box::new(make())) };
        // SAFETY: `first` and `find` are the only ones that use the list, both with the `TypeId` of an `Id<C>` for a
        // `Core<C>`. That is the id of a type that contains `C`, so an equal id implies the same `C`, which is
        // `'static` and has no lifetimes that could differ.
        unsafe { self.cores.find(id.instantiation, &leaked) }.share()
    }
}

/// Listed in a row of its own.
pub(in crate::cached) fn listed<C: Types>(core: Arc<Core<C>>, place: Place) -> Arc<Core<C>>
where
    Core<C>: Send + Sync,
{
    list(core.common(), place, Arc::clone(&core) as _);
    core
}

fn list(common: &Common, place: Place, erased: Arc<dyn Erased + Send + Sync>) {
    common.row.get_or_init(|| registry::list(common.name, place, erased));
}

/// A way to invalidate one value later. Before a function's first call it invalidates all values, including those that
/// other processes have read in the meantime.
pub(in crate::cached) fn forget(core: Arc<dyn AnyCore + Send + Sync>, hash: u64, key: AnyKey) -> Forget {
    let Info { hits, misses, len, .. } = core.common().info(core.store());
    let is_unused = hits + misses == 0 && len == 0;
    Box::new(move || {
        let core: &dyn AnyCore = &*core;
        core.invalidate_everywhere(hash, &key);
        if is_unused {
            core.common().forget_all(core.store());
        }
    })
}

impl<C: Types> Scope<C> for &'static CacheSite
where
    Core<C>: Send + Sync,
{
    #[inline]
    fn hit<Q: Finds<C::Key>>(self, id: Id<C>, by: &Q) -> Result<C::Value, Missed> {
        let core = self.first(id).filter(|_| !overrides::is_open()).ok_or(Missed::UNHASHED)?;
        let hash = core.hash(by);
        core.hit(hash, by).ok_or(Missed::of(hash))
    }

    fn core(self, id: Id<C>, rules: &dyn ErasedRules<C::Value>) -> Option<Arc<Core<C>>> {
        let site = if overrides::is_open() { test::site(self) } else { self };
        Some(site.find(id, &|| {
            let (name, stats) = (id.name(), Stats::leaked());
            listed(Core::new(rules.plan(site.settings), name, stats, None), site.place)
        }))
    }

    fn forget(self, core: &Arc<Core<C>>, hash: u64, key: AnyKey) -> Forget {
        forget(Arc::clone(core) as _, hash, key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cached::store::Of;
    use crate::cached::value::entry::NoExpiry;
    use crate::cached::value::policy::Whole;
    use crate::cached::value::rules::{Plan, Rules};
    use crate::cached::{Bounded, Settings};

    type Cache<V> = Of<Bounded<NoExpiry>, (u8,), V>;

    fn core<V: Clone + Send + Sync + 'static>(site: &'static CacheSite, closure: &impl Fn()) -> Arc<Core<Cache<V>>> {
        let make = || {
            let plan = Plan::new::<Whole<V>>(Settings::NONE, &Rules::NONE);
            Core::new(plan, "", Stats::leaked(), None)
        };
        site.find(Id::of(closure), &make)
    }

    #[test]
    fn a_slot_is_found_by_its_instantiation_and_its_types_alone() {
        static SITE: CacheSite = CacheSite::new(Settings::NONE, Place::new("", 0, 0, None));
        let (one, other) = (|| (), || ());
        let first = core::<u8>(&SITE, &one);
        assert!(Arc::ptr_eq(&first, &core::<u8>(&SITE, &one)));
        assert!(!Arc::ptr_eq(&first, &core::<u8>(&SITE, &other)));
        core::<String>(&SITE, &one).insert(0, Arc::new((1_u8,)), "x".to_owned());
        assert_eq!(first.info().len, 0);
        assert!(SITE.first::<Cache<u8>>(Id::of(&one)).is_some());
        assert!(SITE.first::<Cache<String>>(Id::of(&one)).is_none(), "it is the second one");
        assert!(SITE.first::<Cache<u8>>(Id::of(&other)).is_none());
    }
}
