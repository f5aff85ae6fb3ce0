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
use super::key::{Part, Query, Shown};
use super::policy::Policy;
use super::prime;
use super::settings::Settings;
use super::store::{Engine, Store};
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

    /// The cache of the instantiation that the closure type `C` was written in.
    #[inline]
    #[allow(unsafe_code)]
    fn instance<C, I: Any + Send + Sync>(&'static self, make: impl FnOnce() -> &'static I) -> &'static I {
        // It stands for the type `I` too, whoever calls this.
        let id = typeid::of::<(PhantomData<C>, I)>();
        let instance = match self.first.get() {
            Some(slot) if slot.id == id => slot.instance,
            _ => self.find(id, &mut Some(make)),
        };
        // SAFETY: a slot is made by `find` with the id that was asked for and an instance of that id's `I`. `I` is
        // `'static`, so that the id, which leaves out the lifetimes in `C`, determines it.
        unsafe { &*std::ptr::from_ref(instance).cast::<I>() }
    }

    #[cold]
    #[inline(never)]
    fn find<I: Any + Send + Sync>(
        &'static self,
        id: TypeId,
        make: &mut Option<impl FnOnce() -> &'static I>,
    ) -> AnyInstance {
        let mut new = || {
            let Some(make) = make.take() else { unreachable!("an instantiation has one slot") };
            Slot { id, instance: make(), next: OnceLock::new() }
        };
        let mut slot = self.first.get_or_init(&mut new);
        while slot.id != id {
            slot = slot.next.get_or_init(|| Box::new(new()));
        }
        slot.instance
    }
}

/// A look-up of parts `Q`.
type Lookup<P, E, Q> = Found<P, <Q as Part>::Owned, <E as Engine>::Store<<Q as Part>::Owned, <P as Policy>::Value>>;

/// Looks a call up. The closure `key` makes a key from the arguments of a handle; its type tells instantiations apart.
#[inline]
#[allow(clippy::needless_pass_by_value)] // The parts must not outlive the look-up: the body owns the arguments.
pub fn look_up<P, E, Q, A, C>(site: &'static Site, _: P, _: E, shown: Shown<Q>, key: C) -> Lookup<P, E, Q>
where
    P: Policy,
    E: Engine,
    Q: Part,
    C: Fn(A) -> Q::Owned + Send + Sync,
{
    let cache = site.instance::<C, _>(|| handle::register::<P, _, _, _, _>(site.settings, function_name::<C>(), key));
    let hash = cache.hash(&shown.parts);
    match cache.hit(&Query { hash, by: &shown.parts }) {
        Some(value) => Found::Hit(P::output(value)),
        None => missed(cache, hash, &shown),
    }
}

#[cold]
#[inline(never)]
fn missed<P, Q, S>(
    cache: &'static Instance<Q::Owned, P::Value, S>,
    hash: u64,
    shown: &Shown<Q>,
) -> Found<P, Q::Owned, S>
where
    P: Policy,
    Q: Part,
    S: Store<Q::Owned, P::Value>,
{
    match prime::take::<P::Output>(cache.name()) {
        Some(output) => {
            if let Some(value) = P::keep(&output) {
                cache.insert(shown.parts.own(), value);
            }
            Found::Hit(output)
        }
        None => Found::new(cache.begin(hash, shown)),
    }
}
