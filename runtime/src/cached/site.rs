//! One function's own static, and the caches of its instantiations.
//!
//! A static inside of a generic function is shared by all its instantiations, and an attribute on a method cannot see the
//! generics of its `impl`. So the static knows no types, and finds the cache of the instantiation by its type's id.

use std::any::{Any, TypeId};
use std::marker::PhantomData;
use std::sync::OnceLock;

use super::call::Found;
use super::handle;
use super::instance::Instance;
use super::key::{Part, Shown};
use super::policy::Policy;
use super::prime;
use super::settings::Settings;
use super::store::{Engine, Of, Types};
use crate::site::function_name;

/// One function's own static.
pub struct Site {
    settings: Settings,
    first: OnceLock<Slot>,
}

/// The cache of one instantiation, and the next one's.
struct Slot {
    id: TypeId,
    instance: &'static (dyn Any + Send + Sync),
    next: OnceLock<Box<Slot>>,
}

type AnyInstance = &'static (dyn Any + Send + Sync);

impl Site {
    /// The site of one function.
    pub const fn new(settings: Settings) -> Self {
        Site { settings, first: OnceLock::new() }
    }

    /// The cache of the instantiation that the closure type `T` was written in.
    #[inline]
    #[allow(unsafe_code)]
    fn instance<T, I: Any + Send + Sync>(&'static self, make: impl FnOnce() -> &'static I) -> &'static I {
        let instance = match self.first.get() {
            Some(slot) if slot.id == id::<T, I>() => slot.instance,
            _ => self.find::<T, I>(make),
        };
        // SAFETY: a slot is made by `find` with the id that was asked for and an instance of that id's `I`. `I` is
        // `'static`, so that the id, which leaves out the lifetimes in `T`, determines it.
        unsafe { &*std::ptr::from_ref(instance).cast::<I>() }
    }

    #[cold]
    #[inline(never)]
    fn find<T, I: Any + Send + Sync>(&'static self, make: impl FnOnce() -> &'static I) -> AnyInstance {
        let mut make = Some(make);
        let mut new = || {
            let Some(make) = make.take() else { unreachable!("an instantiation has one slot") };
            Slot { id: id::<T, I>(), instance: make(), next: OnceLock::new() }
        };
        let mut slot = self.first.get_or_init(&mut new);
        while slot.id != id::<T, I>() {
            slot = slot.next.get_or_init(|| Box::new(new()));
        }
        slot.instance
    }
}

/// Stands for both types, whoever asks.
#[inline]
fn id<T, I: 'static>() -> TypeId {
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
{
    let cache = site.instance::<T, _>(|| handle::register::<P, _, _, _>(site.settings, function_name::<T>(), key));
    match cache.hit(&shown.parts) {
        Some(value) => Found::Hit(P::output(value)),
        None => missed(cache, &shown.parts, shown.show),
    }
}

#[cold]
#[inline(never)]
fn missed<P, C, Q>(cache: &'static Instance<C>, parts: &Q, show: fn(&Q) -> String) -> Found<P, C>
where
    C: Types,
    P: Policy<Value = C::Value>,
    Q: Part<Owned = C::Key>,
{
    match prime::take::<P::Output>(cache.name()) {
        Some(output) => {
            if let Some(value) = P::keep(&output) {
                cache.insert(parts.own(), value);
            }
            Found::Hit(output)
        }
        None => Found::new(cache.begin(parts, show)),
    }
}
