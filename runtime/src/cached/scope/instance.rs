//! `scope = instance`: each `self` has its own caches, which are dropped with it.

use std::any::{Any, TypeId};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::{Arc, OnceLock};

use crate::cached::core::Core;
use crate::cached::handle::forgets::Forget;
use crate::cached::handle::overrides;
use crate::cached::handle::registry::{self, Erased, Type};
use crate::cached::info::Info;
use crate::cached::key::{AnyKey, Finds};
use crate::cached::lookup::Id;
use crate::cached::removal::Listener;
use crate::cached::scope::function::Function;
use crate::cached::scope::process::{self, CacheSite};
use crate::cached::scope::test::scope_number;
use crate::cached::scope::{Missed, Scope};
use crate::cached::store::Types;
use crate::cached::value::rules::ErasedRules;

/// Cached results of the methods of one value: a field for `#[cached(scope = instance, field = memo)]`.
///
/// ```
/// use festoon::{Memo, cached};
///
/// struct Shop {
///     town: String,
///     memo: Memo,
/// }
///
/// impl Shop {
///     #[cached(scope = instance, field = memo)]
///     fn price(&self, sku: &str) -> usize {
///         self.town.len() + sku.len()
///     }
/// }
///
/// let oslo = Shop { town: "Oslo".to_owned(), memo: Memo::new() };
/// let rome = Shop { town: "Rome!".to_owned(), memo: Memo::new() };
/// assert_eq!((oslo.price("tea"), rome.price("tea")), (7, 8));
/// ```
///
/// **A clone starts empty**, so that `#[derive(Clone)]` yields a copy that may be changed. In state that a framework
/// clones for each request, such as axum's `State<AppState>`, use `memo: Arc<Memo>`: a clone of the `Arc` is the same
/// memo. The field may be a `Memo`, or anything that dereferences to one: `Arc<Memo>`, `Box<Memo>`, `&Memo`.
///
/// All memos are equal and have the same hash, so that `#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]` only considers
/// the other fields.
#[derive(Default)]
pub struct Memo(Arc<Slots>);

/// The caches of one value's methods; a list, since there are few.
#[derive(Default)]
struct Slots {
    first: OnceLock<Box<Slot>>,
}

struct Slot {
    id: (u64, TypeId),
    /// An `Arc<Core<C>>`.
    core: Box<dyn Any + Send + Sync>,
    erased: Arc<dyn Erased + Send + Sync>,
    next: OnceLock<Box<Slot>>,
}

impl Memo {
    /// Creates an empty memo.
    #[must_use]
    pub fn new() -> Self {
        Memo::default()
    }

    /// Removes all cached results of this value's methods, for example after a change of its fields.
    pub fn clear(&self) {
        for slot in self.0.iter() {
            slot.erased.clear();
        }
    }

    /// Returns the number of cached values.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.iter().map(|slot| slot.erased.info().len).sum()
    }

    /// Returns whether no values are cached.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Slots {
    fn iter(&self) -> impl Iterator<Item = &Slot> {
        std::iter::successors(self.first.get(), |slot| slot.next.get()).map(|slot| &**slot)
    }

    #[inline]
    fn get<C: Types>(&self, id: (u64, TypeId)) -> Option<&Arc<Core<C>>>
    where
        Core<C>: Send + Sync,
    {
        self.iter().find(|slot| slot.id == id)?.core.downcast_ref()
    }

    #[cold]
    #[inline(never)]
    fn find<C: Types>(&self, id: (u64, TypeId), make: &dyn Fn() -> Arc<Core<C>>) -> Option<&Arc<Core<C>>>
    where
        Core<C>: Send + Sync,
    {
        let new = || {
            let core = make();
            Box::new(Slot { id, erased: Arc::clone(&core) as _, core: Box::new(core), next: OnceLock::new() })
        };
        let mut slot = self.first.get_or_init(new);
        while slot.id != id {
            slot = slot.next.get_or_init(new);
        }
        slot.core.downcast_ref()
    }
}

impl Clone for Memo {
    fn clone(&self) -> Self {
        Memo::new()
    }
}

impl PartialEq for Memo {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Memo {}

impl PartialOrd for Memo {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Memo {
    fn cmp(&self, _: &Self) -> Ordering {
        Ordering::Equal
    }
}

/// A run that panics stores nothing in it.
impl UnwindSafe for Memo {}

impl RefUnwindSafe for Memo {}

impl Hash for Memo {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl fmt::Debug for Memo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memo").field("len", &self.len()).finish()
    }
}

/// The caches of one `self`.
#[derive(Clone, Copy)]
pub struct InstanceScope<'m> {
    memo: &'m Memo,
    own: &'static CacheSite,
}

impl<'m> InstanceScope<'m> {
    /// The caches in this memo, whatever dereferences to it.
    #[inline]
    #[must_use]
    pub fn new(memo: &'m Memo, own: &'static CacheSite) -> Self {
        InstanceScope { memo, own }
    }
}

impl<C: Types> Scope<C> for InstanceScope<'_>
where
    Core<C>: Send + Sync,
{
    #[inline]
    fn hit<Q: Finds<C::Key>>(self, id: Id<C>, by: &Q) -> Result<C::Value, Missed> {
        let core =
            if overrides::is_open() { None } else { self.memo.0.get((0, id.instantiation)) }.ok_or(Missed::UNHASHED)?;
        let hash = core.hash(by);
        core.hit(hash, by).ok_or(Missed::of(hash))
    }

    fn core(self, id: Id<C>, rules: &dyn ErasedRules<C::Value>) -> Option<Arc<Core<C>>> {
        self.memo.0.find((scope_number(), id.instantiation), &|| make(self.own, id, rules)).cloned()
    }

    fn forget(self, core: &Arc<Core<C>>, hash: u64, key: AnyKey) -> Forget {
        process::forget(Arc::clone(core) as _, hash, key)
    }
}

/// Creates the cache of one `self`; the first one lists the function.
fn make<C: Types>(own: &'static CacheSite, id: Id<C>, rules: &dyn ErasedRules<C::Value>) -> Arc<Core<C>>
where
    Core<C>: Send + Sync,
{
    let name = id.name();
    let function = Function::of(id.instantiation);
    let core = Core::new(rules.plan(own.settings), name, function.stats, None);
    let instances = || Instances { own, function, types: PhantomData::<fn() -> C> };
    core.common().row.get_or_init(|| function.row(|| registry::list(name, own.place, Arc::new(instances()))));
    let erased: Arc<dyn Erased + Send + Sync> = Arc::clone(&core) as _;
    function.add(Arc::downgrade(&erased));
    core
}

/// A function's caches, whatever their `self`.
struct Instances<C> {
    own: &'static CacheSite,
    function: &'static Function,
    types: PhantomData<fn() -> C>,
}

impl<C: Types> Erased for Instances<C> {
    /// The sum over all of them; the capacity is that of one.
    fn info(&self) -> Info {
        let mut info = Info::of(&self.function.stats.figures());
        info.capacity = self.own.settings.max;
        self.function.each(|cache| {
            let one = cache.info();
            info.len += one.len;
            info.in_flight += one.in_flight;
            info.weight = one.weight.map(|weight| weight + info.weight.unwrap_or(0));
        });
        info
    }

    fn clear(&self) {
        self.function.clear();
    }

    fn forget_all(&self) {
        self.function.forget_all();
    }

    fn purge_expired(&self) -> usize {
        let mut number = 0;
        self.function.each(|cache| number += cache.purge_expired());
        number
    }

    fn tags(&self) -> &'static [&'static str] {
        self.own.settings.tags
    }

    fn types(&self) -> [Type; 2] {
        [Type::of::<C::Key>(), Type::of::<C::Value>()]
    }

    /// Applies to existing caches; values that are created later have no listener.
    fn listen(&self, listener: &Listener) -> bool {
        self.function.each(|cache| _ = cache.listen(listener));
        true
    }
}
