//! `scope = thread`: each thread has a cache of its own.

use std::any::{Any, TypeId};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};
use std::thread::LocalKey;

use crate::cached::core::Instance;
use crate::cached::flight::call::Found;
use crate::cached::handle::overrides;
use crate::cached::handle::registry::{self, Erased, Typed};
use crate::cached::info::Info;
use crate::cached::key::{Finds, Part, Same, Shown};
use crate::cached::scope::function::Function;
use crate::cached::scope::process;
use crate::cached::stats::{Counts, Stats};
use crate::cached::store::{Engine, Of, Types};
use crate::cached::value::policy::Policy;
use crate::cached::value::rules::{Plan, Rules};
use crate::cached::value::settings::Settings;
use crate::invalidates::Forget;
use crate::site::function_name;

/// One function's own thread-local.
pub struct LocalSite {
    settings: Settings,
    first: OnceCell<Slot>,
}

/// The cache of one instantiation on this thread, and the next one's.
struct Slot {
    id: TypeId,
    cache: Box<dyn Any>,
    next: OnceCell<Box<Slot>>,
}

/// One thread's cache.
struct Own<C: Types> {
    instance: Arc<Instance<C>>,
    function: &'static Function,
    /// This thread's.
    counts: &'static Counts,
    /// How many clears of the function it has seen.
    cleared: Cell<u64>,
}

impl<C: Types> Own<C> {
    /// As all threads want it: a `clear` elsewhere is made up for.
    #[inline]
    fn instance(&self) -> &Arc<Instance<C>> {
        if self.cleared.get() != self.function.clears() {
            self.catch_up();
        }
        &self.instance
    }

    #[cold]
    #[inline(never)]
    fn catch_up(&self) {
        self.cleared.set(self.function.clears());
        self.instance.forget_all();
    }

    /// The hot path.
    #[inline]
    fn hit<Q: Finds<C::Key>>(&self, by: &Q) -> Option<C::Value> {
        let value = self.instance().hit_uncounted(by)?;
        self.counts.hit();
        Some(value)
    }
}

impl LocalSite {
    /// The site of one function.
    #[must_use]
    pub const fn new(settings: Settings) -> Self {
        LocalSite { settings, first: OnceCell::new() }
    }

    /// The cache of the instantiation that the closure type `T` was written in, when it is the first one and no call takes
    /// a detour.
    #[inline]
    fn first<T, C: Types>(&self) -> Option<&Own<C>> {
        let slot = self.first.get().filter(|slot| slot.id == process::id::<T, C>() && !overrides::is_open())?;
        Some(slot.own())
    }

    /// Whichever it is.
    fn cache<T, C: Types>(&self, make: impl FnOnce() -> Own<C>) -> &Own<C> {
        let mut make = Some(make);
        let mut new = || {
            let Some(make) = make.take() else { unreachable!("an instantiation has one slot") };
            Slot { id: process::id::<T, C>(), cache: Box::new(make()), next: OnceCell::new() }
        };
        let mut slot = self.first.get_or_init(&mut new);
        while slot.id != process::id::<T, C>() {
            slot = slot.next.get_or_init(|| Box::new(new()));
        }
        slot.own()
    }
}

impl Slot {
    /// The cache that its id tells of.
    #[inline]
    #[allow(unsafe_code, clippy::cast_ptr_alignment)]
    fn own<C: Types>(&self) -> &Own<C> {
        // SAFETY: a slot is made with the id of an instantiation and its cache, and is only asked for what its id has been
        // compared with. `C` is `'static`, so that the id, which leaves out the lifetimes in `T`, determines it, its alignment included.
        unsafe { &*std::ptr::from_ref(&*self.cache).cast::<Own<C>>() }
    }
}

/// Looks a call up in this thread's cache. A thread that ends keeps nothing any more.
#[inline]
#[allow(clippy::needless_pass_by_value)] // The parts must not outlive the look-up: the body owns the arguments.
pub fn look_up_local<P, G, Q, A, T>(
    local: &'static LocalKey<LocalSite>,
    rules: Rules<P>,
    _: G,
    shown: Shown<Q>,
    key: T,
) -> Found<P, Of<G, Q::Owned, P::Value>>
where
    P: Policy + 'static,
    G: Engine,
    Q: Part,
    T: Fn(A) -> Q::Owned + Send + Sync,
{
    let hit = local.try_with(|own| own.first::<T, Of<G, Q::Owned, P::Value>>()?.hit(&shown.parts));
    match hit {
        Ok(Some(value)) => Found::Hit(P::output(value)),
        _ => look_closely(local, &rules, &shown, key),
    }
}

/// The first call, a miss, another instantiation, or a detour.
#[cold]
#[inline(never)]
fn look_closely<P, C, Q, A, T>(
    local: &'static LocalKey<LocalSite>,
    rules: &Rules<P>,
    shown: &Shown<Q>,
    key: T,
) -> Found<P, C>
where
    C: Types,
    P: Policy<Value = C::Value> + 'static,
    Q: Part<Owned = C::Key>,
    T: Fn(A) -> C::Key + Send + Sync,
{
    let look = |own: &LocalSite| {
        let own = own.cache::<T, C>(|| make(local, own.settings, rules, key));
        if overrides::takes_refresh(own.instance.name()) {
            return process::anew(&own.instance, shown);
        }
        match own.hit(&shown.parts) {
            Some(value) => Found::Hit(P::output(value)),
            None => process::missed(&own.instance, shown),
        }
    };
    local.try_with(|own| within_scope(own, look)).unwrap_or_else(|_| unkept(rules, shown))
}

/// In the destructor of another thread-local: the body runs.
#[cold]
#[inline(never)]
fn unkept<P, C, Q>(rules: &Rules<P>, shown: &Shown<Q>) -> Found<P, C>
where
    C: Types,
    P: Policy<Value = C::Value>,
    Q: Part<Owned = C::Key>,
{
    static NOBODY: OnceLock<&Stats> = OnceLock::new();
    let instance = Instance::new(Plan::new(Settings::NONE, rules), "", NOBODY.get_or_init(Stats::leaked), None);
    Found::lead(instance.begin_anew(&shown.parts))
}

thread_local! {
    /// The caches of this thread in the scopes of tests, by the scope's number and the function's own.
    static FRESH: RefCell<BTreeMap<(u64, usize), Rc<LocalSite>>> = const { RefCell::new(BTreeMap::new()) };
}

/// The function's own, or that of this thread's scope.
fn within_scope<R>(own: &LocalSite, look: impl FnOnce(&LocalSite) -> R) -> R {
    let number = overrides::scope_number();
    if number == 0 {
        return look(own);
    }
    let place = (number, std::ptr::from_ref(own).addr());
    let fresh = FRESH.try_with(|fresh| {
        let mut fresh = fresh.borrow_mut();
        Rc::clone(fresh.entry(place).or_insert_with(|| Rc::new(LocalSite::new(own.settings))))
    });
    match fresh {
        Ok(fresh) => look(&fresh),
        Err(_) => look(own),
    }
}

/// This thread's cache; the first one of all threads lists the function.
fn make<P, C, A, T>(local: &'static LocalKey<LocalSite>, settings: Settings, rules: &Rules<P>, key: T) -> Own<C>
where
    C: Types,
    P: Policy<Value = C::Value> + 'static,
    T: Fn(A) -> C::Key + Send + Sync,
{
    let name = function_name::<T>();
    let (function, is_new) = Function::of(process::id::<T, C>());
    if is_new {
        let listed: &'static Threads<P, C> =
            Box::leak(Box::new(Threads { local, id: process::id::<T, C>(), function, types: PhantomData }));
        registry::list::<A, P::Output>(name, listed, Box::new(Keyed { threads: listed, key }));
    }
    let instance = Instance::new(Plan::new(settings, rules), name, function.stats, None);
    Own { instance, function, counts: function.stats.counts(), cleared: Cell::new(function.clears()) }
}

/// A function's caches, seen from any thread, which reaches its own one.
struct Threads<P, C> {
    local: &'static LocalKey<LocalSite>,
    id: TypeId,
    function: &'static Function,
    types: PhantomData<fn() -> (P, C)>,
}

impl<P, C: Types> Threads<P, C> {
    /// Does something with this thread's cache, if it has one.
    fn here<R>(&self, see: impl FnOnce(&Instance<C>) -> R) -> Option<R> {
        let see = |site: &LocalSite| {
            let mut slot = site.first.get()?;
            while slot.id != self.id {
                slot = slot.next.get()?;
            }
            Some(see(slot.own::<C>().instance()))
        };
        self.local.try_with(|own| within_scope(own, see)).ok().flatten()
    }
}

impl<P: 'static, C: Types> Erased for Threads<P, C> {
    fn info(&self) -> Info {
        let figures = self.function.stats.figures();
        let here = self.here(Instance::info).unwrap_or_default();
        Info { len: here.len, capacity: here.capacity, in_flight: here.in_flight, ..Info::of(&figures) }
    }

    fn clear(&self) {
        self.function.clear();
    }

    fn forget_all(&self) {
        self.function.forget_all();
    }

    fn purge_expired(&self) -> usize {
        self.here(Instance::purge_expired).unwrap_or_default()
    }

    fn tags(&self) -> &'static [&'static str] {
        self.here(Instance::tags).unwrap_or_default()
    }

    fn types(&self) -> (&'static str, &'static str) {
        (std::any::type_name::<C::Key>(), std::any::type_name::<C::Value>())
    }

    fn listen(&self, listener: &mut dyn Any) {
        self.here(|instance| instance.listen(listener));
    }
}

/// The same, by arguments.
struct Keyed<P: 'static, C: 'static, T> {
    threads: &'static Threads<P, C>,
    key: T,
}

impl<A, P, C, T> Typed<A, P::Output> for Keyed<P, C, T>
where
    C: Types,
    P: Policy<Value = C::Value>,
    T: Fn(A) -> C::Key + Sync,
{
    fn peek(&self, arguments: A) -> Option<P::Output> {
        let key = (self.key)(arguments);
        self.threads.here(|instance| instance.peek(&Same(&key)).map(P::output)).flatten()
    }

    fn contains(&self, arguments: A) -> bool {
        let key = (self.key)(arguments);
        self.threads.here(|instance| instance.peek(&Same(&key)).is_some()).unwrap_or(false)
    }

    fn invalidate(&self, arguments: A) -> bool {
        let key = (self.key)(arguments);
        self.threads.here(|instance| instance.invalidate(&key)).unwrap_or(false)
    }

    /// Other threads cannot be asked for one value: all of them go.
    fn forgets(&self, _: A) -> Forget {
        let function = self.threads.function;
        Box::new(|| function.forget_all())
    }

    fn insert(&self, arguments: A, output: P::Output) -> Result<(), (A, P::Output)> {
        if self.threads.here(|_| ()).is_none() {
            return Err((arguments, output));
        }
        if let Some(value) = P::keep(&output) {
            let key = (self.key)(arguments);
            self.threads.here(|instance| instance.insert(key, value));
        }
        Ok(())
    }
}
