//! `scope = instance`: each `self` has caches of its own, which die with it.

use std::any::{Any, TypeId};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::{Arc, OnceLock};

use crate::cached::core::Instance;
use crate::cached::flight::call::Found;
use crate::cached::handle::overrides;
use crate::cached::handle::registry::{self, Erased, Typed};
use crate::cached::info::Info;
use crate::cached::key::{Part, Same, Shown};
use crate::cached::removal::Listener;
use crate::cached::scope::function::Function;
use crate::cached::scope::process::{self, Site};
use crate::cached::store::{Engine, Of, Types};
use crate::cached::value::policy::Policy;
use crate::cached::value::rules::{Plan, Rules};
use crate::invalidates::Forget;
use crate::site::function_name;

/// What the methods of one value have returned: a field for `#[cached(scope = instance, field = memo)]`.
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
/// A clone begins empty, so that `#[derive(Clone)]` gives a copy that may be changed. All memos are equal and hash
/// alike, so that `#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]` looks at the other fields alone.
#[derive(Default)]
pub struct Memo(Arc<Slots>);

/// The caches of one value's methods; a list, since there are few.
#[derive(Default)]
struct Slots {
    first: OnceLock<Box<Slot>>,
}

struct Slot {
    id: (u64, TypeId),
    instance: Arc<dyn Any + Send + Sync>,
    erased: Arc<dyn Erased + Send>,
    next: OnceLock<Box<Slot>>,
}

impl Memo {
    /// With nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Memo::default()
    }

    /// Forgets all that the methods of this value have returned, for instance after a change of its fields.
    pub fn clear(&self) {
        for slot in self.0.iter() {
            slot.erased.clear();
        }
    }

    /// How many values are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.iter().map(|slot| slot.erased.info().len).sum()
    }

    /// Is nothing kept?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The memo of a value that may be gone.
#[derive(Clone)]
pub struct SharedMemo(Arc<Slots>);

/// The memo in a field, for the handle of a function. Of a field that is none the compiler has spoken at the look-up.
pub fn share<M: Any>(field: &M) -> SharedMemo {
    let memo = (field as &dyn Any).downcast_ref::<Memo>();
    SharedMemo(memo.map_or_else(Arc::default, |memo| Arc::clone(&memo.0)))
}

impl Slots {
    fn iter(&self) -> impl Iterator<Item = &Slot> {
        std::iter::successors(self.first.get(), |slot| slot.next.get()).map(|slot| &**slot)
    }

    fn find<C: Types>(&self, id: (u64, TypeId)) -> Option<&Instance<C>>
    where
        Instance<C>: Send + Sync,
    {
        self.iter().find(|slot| slot.id == id)?.instance.downcast_ref()
    }

    #[cold]
    #[inline(never)]
    fn make<C: Types>(&self, id: (u64, TypeId), make: impl FnOnce() -> Arc<Instance<C>>) -> &Instance<C>
    where
        Instance<C>: Send + Sync,
    {
        let mut make = Some(make);
        let mut new = || {
            let Some(make) = make.take() else { unreachable!("an instantiation has one slot") };
            let instance = make();
            Box::new(Slot { id, erased: Arc::clone(&instance) as _, instance, next: OnceLock::new() })
        };
        let mut slot = self.first.get_or_init(&mut new);
        while slot.id != id {
            slot = slot.next.get_or_init(&mut new);
        }
        slot.instance.downcast_ref().unwrap_or_else(|| unreachable!("its id has the type in it"))
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

/// A run that panics leaves nothing in it.
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

/// Looks a call up in the cache of its `self`. The closure `key` gives the memo as well.
#[inline]
#[allow(clippy::needless_pass_by_value)] // The parts must not outlive the look-up: the body owns the arguments.
pub fn look_up_in<P, G, Q, A, T>(
    memo: &Memo,
    own: &'static Site,
    rules: Rules<P>,
    _: G,
    shown: Shown<Q>,
    key: T,
) -> Found<P, Of<G, Q::Owned, P::Value>>
where
    P: Policy + 'static,
    G: Engine,
    Q: Part,
    T: Fn(A) -> (SharedMemo, Q::Owned) + Send + Sync,
    Instance<Of<G, Q::Owned, P::Value>>: Send + Sync,
{
    let id = (overrides::scope_number(), process::id::<T, Of<G, Q::Owned, P::Value>>());
    let instance = match memo.0.find(id) {
        Some(instance) => instance,
        None => memo.0.make(id, || make(own, &rules, key)),
    };
    if overrides::is_open() && overrides::takes_refresh(instance.name()) {
        return process::anew(instance, &shown);
    }
    match instance.hit(&shown.parts) {
        Some(value) => Found::Hit(P::output(value)),
        None => process::missed(instance, &shown),
    }
}

/// The cache of one `self`; the first one lists the function.
fn make<P, C, A, T>(own: &'static Site, rules: &Rules<P>, key: T) -> Arc<Instance<C>>
where
    C: Types,
    P: Policy<Value = C::Value> + 'static,
    T: Fn(A) -> (SharedMemo, C::Key) + Send + Sync,
    Instance<C>: Send + Sync,
{
    let (name, id) = (function_name::<T>(), process::id::<T, C>());
    let (function, is_new) = Function::of(id);
    if is_new {
        let instances = Instances { own, function, types: PhantomData::<fn() -> (P, C)> };
        let keyed = Keyed { id: (overrides::scope_number(), id), key, types: PhantomData::<fn() -> (P, C)> };
        registry::list::<A, P::Output>(name, Box::leak(Box::new(instances)), Box::new(keyed));
    }
    let instance = Instance::new(Plan::new(own.settings, rules), name, function.stats, None);
    let erased: Arc<dyn Erased + Send> = Arc::clone(&instance) as _;
    function.add(Arc::downgrade(&erased));
    instance
}

/// A function's caches, whatever their `self`.
struct Instances<P, C> {
    own: &'static Site,
    function: &'static Function,
    types: PhantomData<fn() -> (P, C)>,
}

impl<P: 'static, C: Types> Erased for Instances<P, C> {
    /// What all of them have done and hold; the capacity is that of one.
    fn info(&self) -> Info {
        let mut info = Info::of(&self.function.stats.figures());
        info.capacity = self.own.settings.max;
        self.function.each(|cache| {
            let one = cache.info();
            info.len += one.len;
            info.in_flight += one.in_flight;
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

    fn types(&self) -> (&'static str, &'static str) {
        (std::any::type_name::<C::Key>(), std::any::type_name::<C::Value>())
    }

    /// Those that there are; a value that is made later has nobody who listens.
    fn listen(&self, listener: &mut dyn Any) {
        let Some(listener) = listener.downcast_mut::<Option<Listener<C::Key, C::Value>>>().and_then(Option::take)
        else {
            return;
        };
        self.function.each(|cache| cache.listen(&mut Some(Arc::clone(&listener))));
    }
}

/// The same, by arguments, of which `self` is one.
struct Keyed<P, C, T> {
    id: (u64, TypeId),
    key: T,
    types: PhantomData<fn() -> (P, C)>,
}

impl<A, P, C, T> Typed<A, P::Output> for Keyed<P, C, T>
where
    C: Types,
    P: Policy<Value = C::Value>,
    T: Fn(A) -> (SharedMemo, C::Key) + Sync,
    Instance<C>: Send + Sync,
{
    fn peek(&self, arguments: A) -> Option<P::Output> {
        let (memo, key) = (self.key)(arguments);
        memo.0.find::<C>(self.id)?.peek(&Same(&key)).map(P::output)
    }

    fn contains(&self, arguments: A) -> bool {
        let (memo, key) = (self.key)(arguments);
        memo.0.find::<C>(self.id).is_some_and(|instance| instance.peek(&Same(&key)).is_some())
    }

    fn invalidate(&self, arguments: A) -> bool {
        let (memo, key) = (self.key)(arguments);
        memo.0.find::<C>(self.id).is_some_and(|instance| instance.invalidate(&key))
    }

    fn forgets(&self, arguments: A) -> Forget {
        let (id, (memo, key)) = (self.id, (self.key)(arguments));
        Box::new(move || _ = memo.0.find::<C>(id).is_some_and(|instance| instance.invalidate(&key)))
    }

    /// The memo of `self` may not have this function's cache yet.
    fn insert(&self, arguments: A, output: P::Output) -> Result<(), (A, P::Output)> {
        Err((arguments, output))
    }
}
