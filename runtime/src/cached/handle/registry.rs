//! The caches by the names of their functions, and what a handle can do with one without knowing its types.

use std::any::{Any, type_name};
use std::marker::PhantomData;

use crate::cached::core::Instance;
use crate::cached::handle::overrides;
use crate::cached::info::Info;
use crate::cached::remote::Link;
use crate::cached::stats::Stats;
use crate::cached::store::Types;
use crate::cached::value::policy::Policy;
use crate::cached::value::rules::Plan;
use crate::invalidates::Forget;
use crate::site::{Registry, without_generics};
use crate::sync::lock;

/// The names of all, in this thread's scope if it has one.
pub(in crate::cached) fn names() -> Vec<String> {
    match overrides::fresh_scope() {
        Some(scope) => lock(&scope.listed).keys().cloned().collect(),
        None => CACHES.names(),
    }
}

/// The cache of that name, in this thread's scope if it has one.
pub(in crate::cached) fn find(name: &str) -> Option<&'static Listed> {
    match overrides::fresh_scope() {
        Some(scope) => lock(&scope.listed).get(name).copied(),
        None => CACHES.get(name),
    }
}

/// A cache in the registry.
pub(in crate::cached) struct Listed {
    pub(in crate::cached) erased: &'static dyn Erased,
    /// The `Typed` one, and the id of its arguments and output.
    typed: Pointer,
    signature: std::any::TypeId,
}

static CACHES: Registry<Listed> = Registry::new("cached", || {
    let mut names: Vec<String> = CACHES.names().iter().map(|name| without_generics(name)).collect();
    names.dedup();
    names
});

/// What can be done without the types.
pub(in crate::cached) trait Erased: Sync {
    fn info(&self) -> Info;
    fn clear(&self);
    fn forget_all(&self);
    /// How many were there?
    fn purge_expired(&self) -> usize;
    fn tags(&self) -> &'static [&'static str];
    /// The names of the key's and the value's type.
    fn types(&self) -> (&'static str, &'static str);
    /// Takes a `Listener` for its own types out of an `Option` of it.
    fn listen(&self, listener: &mut dyn Any);
}

impl<C: Types> Erased for Instance<C>
where
    Self: Sync,
{
    fn info(&self) -> Info {
        Instance::info(self)
    }

    fn clear(&self) {
        self.clear_through();
    }

    fn forget_all(&self) {
        self.forget_all_through();
    }

    fn purge_expired(&self) -> usize {
        Instance::purge_expired(self)
    }

    fn tags(&self) -> &'static [&'static str] {
        Instance::tags(self)
    }

    fn types(&self) -> (&'static str, &'static str) {
        (type_name::<C::Key>(), type_name::<C::Value>())
    }

    fn listen(&self, listener: &mut dyn Any) {
        Instance::listen(self, listener);
    }
}

/// What can be done with a function's arguments and output.
pub(in crate::cached) trait Typed<A, O>: Sync {
    fn peek(&self, arguments: A) -> Option<O>;
    fn contains(&self, arguments: A) -> bool;
    fn invalidate(&self, arguments: A) -> bool;
    fn forgets(&self, arguments: A) -> Forget;
    /// Gives them back where there is no cache yet.
    fn insert(&self, arguments: A, output: O) -> Result<(), (A, O)>;
}

/// A cache, and how arguments become a key of it.
struct Keyed<P, C: Types, T> {
    instance: &'static Instance<C>,
    key: T,
    policy: PhantomData<fn(P)>,
}

impl<A, P, C, T> Typed<A, P::Output> for Keyed<P, C, T>
where
    Instance<C>: Sync,
    C: Types,
    P: Policy<Value = C::Value>,
    T: Fn(A) -> C::Key + Sync,
{
    fn peek(&self, arguments: A) -> Option<P::Output> {
        self.instance.peek_through(&(self.key)(arguments)).map(P::output)
    }

    fn contains(&self, arguments: A) -> bool {
        self.instance.peek_through(&(self.key)(arguments)).is_some()
    }

    fn invalidate(&self, arguments: A) -> bool {
        self.instance.invalidate_through(&(self.key)(arguments))
    }

    fn forgets(&self, arguments: A) -> Forget {
        let (instance, key) = (self.instance, (self.key)(arguments));
        Box::new(move || _ = instance.invalidate_through(&key))
    }

    fn insert(&self, arguments: A, output: P::Output) -> Result<(), (A, P::Output)> {
        if let Some(value) = P::keep(&output) {
            self.instance.insert_through((self.key)(arguments), value);
        }
        Ok(())
    }
}

/// A `Boxed<A, O>` that is never freed, its lifetimes forgotten.
struct Pointer(*const ());

struct Boxed<'k, A, O>(Box<dyn Typed<A, O> + Send + Sync + 'k>);

// SAFETY: it points to something that is `Send + Sync` and is never written to.
#[allow(unsafe_code)]
unsafe impl Send for Pointer {}
// SAFETY: as above.
#[allow(unsafe_code)]
unsafe impl Sync for Pointer {}

/// Makes the cache of an instantiation, and lists it under its function's name.
pub(in crate::cached) fn register<P, C, A, T>(
    plan: Plan<C::Value>,
    name: &'static str,
    key: T,
    link: impl FnOnce(&'static Stats) -> Option<Link<C::Key, C::Value>>,
) -> &'static Instance<C>
where
    C: Types,
    P: Policy<Value = C::Value>,
    T: Fn(A) -> C::Key + Send + Sync,
    Instance<C>: Send + Sync,
{
    let stats = Stats::leaked();
    let instance: &'static Instance<C> = Box::leak(Box::new(Instance::new(plan, name, stats, link(stats))));
    list::<A, P::Output>(name, instance, Box::new(Keyed::<P, C, T> { instance, key, policy: PhantomData }));
    instance
}

/// Lists a cache, or a function's caches, under its function's name.
pub(in crate::cached) fn list<A, O>(
    name: &'static str,
    erased: &'static dyn Erased,
    typed: Box<dyn Typed<A, O> + Send + Sync + '_>,
) {
    let typed = Pointer(Box::into_raw(Box::new(Boxed(typed))).cast());
    let listed = Box::leak(Box::new(Listed { erased, typed, signature: typeid::of::<(A, O)>() }));
    match overrides::fresh_scope() {
        Some(scope) => _ = lock(&scope.listed).entry(name.to_owned()).or_insert(listed),
        None => CACHES.insert(name.to_owned(), listed),
    }
}

/// Runs this on the cache of that name, if it has these types.
#[allow(unsafe_code)]
pub(in crate::cached) fn typed<A, O, T>(name: &str, run: impl FnOnce(&dyn Typed<A, O>) -> T) -> Option<T> {
    let listed = find(name).filter(|listed| listed.signature == typeid::of::<(A, O)>())?;
    // SAFETY: it was made by `register` as a `Boxed<A, O>` of these types up to lifetimes, and is never freed. A key is
    // made of the arguments by the function's own code, which sees them only as long as it runs and keeps owned values:
    // whoever holds a handle of the function could have called the function with them just as well.
    let typed = unsafe { &*listed.typed.0.cast::<Boxed<'_, A, O>>() };
    Some(run(&*typed.0))
}
