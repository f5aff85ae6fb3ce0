//! `price.cache()`: what a cache holds, and typed operations on it.

use std::any::type_name;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::pin::pin;
use std::task::{Context, Waker};

use super::instance::Instance;
use super::key::Same;
use super::policy::Policy;
use super::prime;
use super::settings::Settings;
use super::store::Types;
use crate::site::{Registry, without_generics};

/// What a cache has done and holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Info {
    /// Calls that were given a kept value, or that of a run that was under way.
    pub hits: u64,
    /// Calls that ran the body.
    pub misses: u64,
    /// How many values there are; one that has expired counts until its place is needed.
    pub len: usize,
    /// The `max` of the function; `None` when it is unbounded or has not been called yet.
    pub capacity: Option<usize>,
    /// Values that had to make room for others.
    pub evictions: u64,
    /// Values that are being computed now.
    pub in_flight: usize,
}

impl Info {
    /// The share of calls that were hits, `0.0..=1.0`; zero before the first call.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn hit_rate(&self) -> f64 {
        let calls = self.hits.saturating_add(self.misses);
        if calls == 0 { 0.0 } else { self.hits as f64 / calls as f64 }
    }
}

/// The cache of one function, or of one instantiation of a generic one: `price.cache()`, `parse::<u32>.cache()`.
///
/// Arguments are given as the function's own argument tuple, `self` included: `price.cache().contains(("sku",))`,
/// `Shop::price.cache().contains((&shop, "sku"))`. What works on values takes and gives what a call returns: for an async
/// function, what its future gives.
///
/// A function's cache comes to be with its first call; before it, nothing is found and [`info`](NamedCache::info) is all
/// zero.
pub struct Cache<F, A, R>(SyncCache<F, A, R>);

/// The operations of a [`Cache`] whose function is not async.
pub struct SyncCache<F, A, R> {
    named: NamedCache,
    function: F,
    call: fn(&F, A) -> R,
}

/// A cache, whatever its types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedCache {
    name: String,
}

impl<F, A, R> Cache<F, A, R> {
    pub(crate) fn new(function: F, call: fn(&F, A) -> R) -> Self {
        let named = NamedCache { name: type_name::<F>().to_owned() };
        Cache(SyncCache { named, function, call })
    }
}

impl<F, A, R> fmt::Debug for Cache<F, A, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.named.fmt(f)
    }
}

impl<F, A, R> fmt::Debug for SyncCache<F, A, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.named.fmt(f)
    }
}

impl<F, A, R> Deref for Cache<F, A, R> {
    type Target = SyncCache<F, A, R>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<F, A, R> Deref for SyncCache<F, A, R> {
    type Target = NamedCache;

    fn deref(&self) -> &NamedCache {
        &self.named
    }
}

/// The operations by arguments, for what a function returns (`$output`).
macro_rules! by_arguments {
    ($output:ty, $finish:expr) => {
        /// The kept value, as a call would return it. Counts as no call and does not make the value younger.
        #[must_use]
        pub fn peek(&self, arguments: A) -> Option<$output> {
            typed::<A, $output, _>(&self.name, |cache| cache.peek(arguments)).flatten()
        }

        /// Is a value kept for this call?
        #[must_use]
        pub fn contains(&self, arguments: A) -> bool {
            typed::<A, $output, _>(&self.name, |cache| cache.contains(arguments)).unwrap_or(false)
        }

        /// Forgets the value of this call. A run that is under way will not be kept either; calls that wait for it still
        /// get its value. Says whether there was a value.
        pub fn invalidate(&self, arguments: A) -> bool {
            typed::<A, $output, _>(&self.name, |cache| cache.invalidate(arguments)).unwrap_or(false)
        }

        /// Puts in a value as if this call had returned it: an `Err` or a `None` that the function does not keep is not
        /// kept here either.
        ///
        /// Before the function's first call, it is called, to make its cache; the body does not run, but what stands
        /// above `#[cached]` does.
        pub fn insert(&self, arguments: A, value: $output) {
            if CACHES.get(&self.name).is_some() {
                typed::<A, $output, _>(&self.name, |cache| cache.insert(arguments, value));
            } else {
                prime::with(&self.name, value, || $finish((self.call)(&self.function, arguments)));
            }
        }
    };
}

impl<F, A, R: Future> Cache<F, A, R> {
    by_arguments!(R::Output, poll_once);
}

impl<F, A, R> SyncCache<F, A, R> {
    by_arguments!(R, drop::<R>);
}

/// As far as the cache.
fn poll_once(future: impl Future) {
    let _ = pin!(future).poll(&mut Context::from_waker(Waker::noop()));
}

impl NamedCache {
    /// The function's path, generics included.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it has done and holds.
    #[must_use]
    pub fn info(&self) -> Info {
        CACHES.get(&self.name).map_or_else(Info::default, |cache| cache.erased.info())
    }

    /// Forgets every value and sets the counters back. Runs that are under way will not be kept.
    pub fn clear(&self) {
        if let Some(cache) = CACHES.get(&self.name) {
            cache.erased.clear();
        }
    }
}

/// Every cache that has been used so far, by name.
pub(crate) fn all() -> Vec<NamedCache> {
    CACHES.names().into_iter().map(|name| NamedCache { name }).collect()
}

/// A cache in the registry.
struct Listed {
    erased: &'static dyn Erased,
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
trait Erased: Sync {
    fn info(&self) -> Info;
    fn clear(&self);
}

impl<C: Types> Erased for Instance<C> {
    fn info(&self) -> Info {
        Instance::info(self)
    }

    fn clear(&self) {
        Instance::clear(self);
    }
}

/// What can be done with a function's arguments and output.
trait Typed<A, O>: Sync {
    fn peek(&self, arguments: A) -> Option<O>;
    fn contains(&self, arguments: A) -> bool;
    fn invalidate(&self, arguments: A) -> bool;
    fn insert(&self, arguments: A, output: O);
}

/// A cache, and how arguments become a key of it.
struct Keyed<P, C: Types, T> {
    instance: &'static Instance<C>,
    key: T,
    policy: PhantomData<fn(P)>,
}

impl<A, P, C, T> Typed<A, P::Output> for Keyed<P, C, T>
where
    C: Types,
    P: Policy<Value = C::Value>,
    T: Fn(A) -> C::Key + Sync,
{
    fn peek(&self, arguments: A) -> Option<P::Output> {
        self.instance.peek(&Same(&(self.key)(arguments))).map(P::output)
    }

    fn contains(&self, arguments: A) -> bool {
        self.instance.peek(&Same(&(self.key)(arguments))).is_some()
    }

    fn invalidate(&self, arguments: A) -> bool {
        self.instance.invalidate(&(self.key)(arguments))
    }

    fn insert(&self, arguments: A, output: P::Output) {
        if let Some(value) = P::keep(&output) {
            self.instance.insert((self.key)(arguments), value);
        }
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
pub(super) fn register<P, C, A, T>(settings: Settings, name: &'static str, key: T) -> &'static Instance<C>
where
    C: Types,
    P: Policy<Value = C::Value>,
    T: Fn(A) -> C::Key + Send + Sync,
{
    const { assert!(size_of::<T>() == 0, "the key may be made of the arguments alone") };
    let instance: &'static Instance<C> = Box::leak(Box::new(Instance::new(settings, name)));
    let typed: Boxed<'_, A, P::Output> = Boxed(Box::new(Keyed::<P, C, T> { instance, key, policy: PhantomData }));
    let typed = Pointer(Box::into_raw(Box::new(typed)).cast());
    let listed = Listed { erased: instance, typed, signature: typeid::of::<(A, P::Output)>() };
    CACHES.insert(name.to_owned(), Box::leak(Box::new(listed)));
    instance
}

/// Runs this on the cache of that name, if it has these types.
#[allow(unsafe_code)]
fn typed<A, O, T>(name: &str, run: impl FnOnce(&dyn Typed<A, O>) -> T) -> Option<T> {
    let listed = CACHES.get(name).filter(|listed| listed.signature == typeid::of::<(A, O)>())?;
    // SAFETY: it was made by `register` as a `Boxed<A, O>` of these types up to lifetimes, and is never freed. A key is
    // made of the arguments by the function's own code, which sees them only as long as it runs and keeps owned values:
    // whoever holds a handle of the function could have called the function with them just as well.
    let typed = unsafe { &*listed.typed.0.cast::<Boxed<'_, A, O>>() };
    Some(run(&*typed.0))
}
