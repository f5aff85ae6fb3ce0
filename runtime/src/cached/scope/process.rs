//! One function's own static, and the caches of its instantiations.
//!
//! A static inside of a generic function is shared by all its instantiations, and an attribute on a method cannot see the
//! generics of its `impl`. So the static knows no types, and finds the cache of the instantiation by its type's id.

use std::any::{Any, TypeId};
use std::marker::PhantomData;
use std::sync::OnceLock;

use crate::cached::core::Instance;
use crate::cached::flight::call::Found;
use crate::cached::flight::refresh::{self, Refreshed};
use crate::cached::handle::overrides;
use crate::cached::handle::registry;
use crate::cached::key::{Part, Shown};
use crate::cached::store::{Engine, Of, Types};
use crate::cached::value::policy::Policy;
use crate::cached::value::rules::{Plan, Rules};
use crate::cached::value::settings::Settings;
use crate::site::function_name;

/// One function's own static.
pub struct Site {
    pub(in crate::cached) settings: Settings,
    first: OnceLock<Slot>,
}

/// The cache of one instantiation, and the next one's.
struct Slot {
    id: TypeId,
    instance: AnyInstance,
    next: OnceLock<Box<Slot>>,
}

type AnyInstance = &'static (dyn Any + Send + Sync);

impl Site {
    /// The site of one function.
    pub const fn new(settings: Settings) -> Self {
        Site { settings, first: OnceLock::new() }
    }

    /// The cache of the instantiation that the closure type `T` was written in, when it is the first one and no call takes
    /// a detour.
    #[inline]
    fn first<T, I: Any + Send + Sync>(&'static self) -> Option<&'static I> {
        let slot = self.first.get().filter(|slot| slot.id == id::<T, I>() && !overrides::is_open())?;
        Some(slot.instance())
    }

    /// Whichever it is.
    #[cfg(any(feature = "redis", feature = "disk"))]
    pub(in crate::cached) fn instance<T, I: Any + Send + Sync>(
        &'static self,
        make: impl FnOnce() -> &'static I,
    ) -> &'static I {
        self.instance_of(id::<T, I>(), make)
    }

    fn instance_of<I: Any + Send + Sync>(&'static self, id: TypeId, make: impl FnOnce() -> &'static I) -> &'static I {
        let mut make = Some(make);
        let mut new = || {
            let Some(make) = make.take() else { unreachable!("an instantiation has one slot") };
            Slot { id, instance: make(), next: OnceLock::new() }
        };
        let mut slot = self.first.get_or_init(&mut new);
        while slot.id != id {
            slot = slot.next.get_or_init(|| Box::new(new()));
        }
        slot.instance()
    }
}

impl Slot {
    /// The cache that its id tells of.
    #[inline]
    #[allow(unsafe_code)]
    fn instance<I: Any>(&self) -> &'static I {
        // SAFETY: a slot is made with the id of an instantiation and its instance, and is only asked for what its id has
        // been compared with. `I` is `'static`, so that the id, which leaves out the lifetimes in `T`, determines it.
        unsafe { &*std::ptr::from_ref(self.instance).cast::<I>() }
    }
}

/// Stands for both types, whoever asks.
#[inline]
pub(in crate::cached) fn id<T, I: 'static>() -> TypeId {
    typeid::of::<(PhantomData<T>, I)>()
}

/// Looks a call up. The closure `key` makes a key from the arguments of a handle; its type tells instantiations apart.
#[inline]
#[allow(clippy::needless_pass_by_value)] // The parts must not outlive the look-up: the body owns the arguments.
pub fn look_up<P, G, Q, A, T>(
    site: &'static Site,
    _: P,
    _: G,
    shown: Shown<Q>,
    key: T,
) -> Found<P, Of<G, Q::Owned, P::Value>>
where
    P: Policy,
    G: Engine,
    Q: Part,
    T: Fn(A) -> Q::Owned + Send + Sync,
    Instance<Of<G, Q::Owned, P::Value>>: Send + Sync,
{
    look(site, const { &Rules::NONE }, &shown, key)
}

/// The same, where the function has something to say about its values.
#[inline]
#[allow(clippy::needless_pass_by_value)]
pub fn look_up_with<P, G, Q, A, T>(
    site: &'static Site,
    rules: Rules<P>,
    _: G,
    shown: Shown<Q>,
    key: T,
) -> Found<P, Of<G, Q::Owned, P::Value>>
where
    P: Policy,
    G: Engine,
    Q: Part,
    T: Fn(A) -> Q::Owned + Send + Sync,
    Instance<Of<G, Q::Owned, P::Value>>: Send + Sync,
{
    look(site, &rules, &shown, key)
}

#[inline]
fn look<P, C, Q, A, T>(site: &'static Site, rules: &Rules<P>, shown: &Shown<Q>, key: T) -> Found<P, C>
where
    C: Types,
    P: Policy<Value = C::Value>,
    Q: Part<Owned = C::Key>,
    T: Fn(A) -> C::Key + Send + Sync,
    Instance<C>: Send + Sync,
{
    match site.first::<T, Instance<C>>().and_then(|cache| cache.hit(&shown.parts)) {
        Some(value) => Found::Hit(P::output(value)),
        None => look_closely(site, rules, shown, key_of(key), id::<T, Instance<C>>(), function_name::<T>),
    }
}

/// The first call, a miss, another instantiation, or a detour.
#[cold]
#[inline(never)]
fn look_closely<P, C, Q, A>(
    site: &'static Site,
    rules: &Rules<P>,
    shown: &Shown<Q>,
    key: fn(A) -> C::Key,
    id: TypeId,
    name: fn() -> &'static str,
) -> Found<P, C>
where
    C: Types,
    P: Policy<Value = C::Value>,
    Q: Part<Owned = C::Key>,
    Instance<C>: Send + Sync,
{
    let cache = find(site, rules, key, id, name);
    if overrides::is_open() && overrides::takes_refresh(cache.name()) {
        return anew(cache, shown);
    }
    match cache.hit(&shown.parts) {
        Some(value) => Found::Hit(P::output(value)),
        None => missed(cache, shown),
    }
}

/// The same, where values are computed anew in the background.
#[inline]
#[allow(clippy::needless_pass_by_value)]
pub fn look_up_refreshed<P, G, Q, A, T>(
    site: &'static Site,
    rules: Rules<P>,
    _: G,
    shown: Shown<Q>,
    key: T,
) -> Refreshed<P, Of<G, Q::Owned, P::Value>>
where
    P: Policy,
    G: Engine,
    Q: Part,
    T: Fn(A) -> Q::Owned + Send + Sync,
    Instance<Of<G, Q::Owned, P::Value>>: Send + Sync,
{
    let id = id::<T, Instance<Of<G, Q::Owned, P::Value>>>();
    let cache = find(site, &rules, key_of(key), id, function_name::<T>);
    if overrides::is_open() && overrides::takes_refresh(cache.name()) {
        return Refreshed::from(anew(cache, &shown));
    }
    match cache.hit_or_claim(&shown.parts) {
        Some((value, None)) => Refreshed::Hit(P::output(value)),
        Some((value, Some(entry))) => refresh::claimed(cache, &shown.parts, value, entry),
        None => Refreshed::from(missed(cache, &shown)),
    }
}

/// The cache of this instantiation: the function's own, or that of a test. Functions of the same types share this, and all
/// that it calls, since it does not know the type of their closures.
fn find<P, C, A>(
    site: &'static Site,
    rules: &Rules<P>,
    key: fn(A) -> C::Key,
    id: TypeId,
    name: fn() -> &'static str,
) -> &'static Instance<C>
where
    C: Types,
    P: Policy<Value = C::Value>,
    Instance<C>: Send + Sync,
{
    let site = if overrides::is_open() { overrides::site(site) } else { site };
    site.instance_of(id, || registry::register::<P, _, _, _>(Plan::new(site.settings, rules), name(), key, |_| None))
}

/// A closure that holds nothing, as a pointer.
#[inline]
fn key_of<A, K, T: Fn(A) -> K>(_: T) -> fn(A) -> K {
    const { assert!(size_of::<T>() == 0, "the key may be made of the arguments alone") };
    |arguments| {
        // SAFETY: it has no size, so that any aligned pointer points to one; and there is one, since one was given.
        #[allow(unsafe_code)]
        let key = unsafe { std::ptr::NonNull::<T>::dangling().as_ref() };
        key(arguments)
    }
}

#[cold]
#[inline(never)]
pub(in crate::cached) fn missed<P, C, Q>(cache: &Instance<C>, shown: &Shown<Q>) -> Found<P, C>
where
    C: Types,
    P: Policy<Value = C::Value>,
    Q: Part<Owned = C::Key>,
{
    answered(cache, shown).unwrap_or_else(|| Found::new(cache.begin(&shown.parts, shown.show)))
}

/// The call that a handle has made, which finds nothing.
#[cold]
pub(in crate::cached) fn anew<P, C, Q>(cache: &Instance<C>, shown: &Shown<Q>) -> Found<P, C>
where
    C: Types,
    P: Policy<Value = C::Value>,
    Q: Part<Owned = C::Key>,
{
    answered(cache, shown).unwrap_or_else(|| Found::lead(cache.begin_anew(&shown.parts)))
}

/// The value that the handle brings, if it does.
fn answered<P, C, Q>(cache: &Instance<C>, shown: &Shown<Q>) -> Option<Found<P, C>>
where
    C: Types,
    P: Policy<Value = C::Value>,
    Q: Part<Owned = C::Key>,
{
    let output = overrides::answer::<P::Output>(cache.name())?;
    if let Some(value) = P::keep(&output) {
        cache.insert_through(shown.parts.own(), value);
    }
    Some(Found::Hit(output))
}
