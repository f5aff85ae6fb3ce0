//! `price.cache()`: what a cache holds, and typed operations on it.

use std::any::{Any, type_name};
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::detour::{self, Refresh, Refreshing};
use super::instance::Instance;
use super::outer::Link;
use super::policy::Policy;
use super::question::{self, Answer, Asks};
use super::removal::{Listener, Removal};
use super::rules::Plan;
use super::stats::{Figures, Stats};
use super::store::Types;
use crate::invalidates::{Forget, Forgets};
use crate::site::{Registry, lock, without_generics};

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
    /// Runs of the body in the background, for `stale` and `refresh_ahead`.
    pub refreshes: u64,
    /// How often a store outside of the process could not be asked, or did not answer as it should.
    pub store_errors: u64,
    /// Values that are being computed now.
    pub in_flight: usize,
}

impl Info {
    pub(super) fn of(figures: &Figures) -> Self {
        let Figures { hits, misses, evictions, refreshes, store_errors } = *figures;
        Info { hits, misses, evictions, refreshes, store_errors, ..Info::default() }
    }

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
/// A function's cache comes to be with its first call; before it, nothing is found, but for values that other processes have
/// put into a `store`, and [`info`](NamedCache::info) is all
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
    ($output:ty, $finish:expr, $returned:expr) => {
        /// The kept value, as a call would return it. Counts as no call and does not make the value younger.
        #[must_use]
        pub fn peek(&self, arguments: A) -> Option<$output> {
            if self.is_elsewhere() {
                return match self.ask(Asks::Value, arguments, $returned) {
                    Answer::Value(value) => value,
                    _ => None,
                };
            }
            typed::<A, $output, _>(&self.name, |cache| cache.peek(arguments)).flatten()
        }

        /// Is a value kept for this call?
        #[must_use]
        pub fn contains(&self, arguments: A) -> bool {
            if self.is_elsewhere() {
                return self.peek(arguments).is_some();
            }
            typed::<A, $output, _>(&self.name, |cache| cache.contains(arguments)).unwrap_or(false)
        }

        /// Forgets the value of this call. A run that is under way will not be kept either; calls that wait for it still
        /// get its value. Says whether there was a value.
        pub fn invalidate(&self, arguments: A) -> bool {
            if self.is_elsewhere() {
                return match self.ask(Asks::Forget, arguments, $returned) {
                    Answer::Forget(forget) => forget(),
                    _ => false,
                };
            }
            typed::<A, $output, _>(&self.name, |cache| cache.invalidate(arguments)).unwrap_or(false)
        }

        /// For `#[invalidates]`: the value of this call, to be forgotten later.
        #[doc(hidden)]
        pub fn forgets(&self, arguments: A) -> Forgets {
            if self.is_elsewhere() {
                return match self.ask(Asks::Forget, arguments, $returned) {
                    Answer::Forget(forget) => Forgets::new(&self.name, Some(Box::new(|| _ = forget()))),
                    _ => Forgets::new(&self.name, None),
                };
            }
            let forget = typed::<A, $output, _>(&self.name, |cache| cache.forgets(arguments));
            Forgets::new(&self.name, forget)
        }

        /// Puts in a value as if this call had returned it: an `Err` or a `None` that the function does not keep is not
        /// kept here either.
        ///
        /// Before the function's first call, it is called, to make its cache; the body does not run, but what stands
        /// above `#[cached]` does.
        pub fn insert(&self, arguments: A, value: $output) {
            let inserted = match find(&self.name) {
                Some(_) => typed::<A, $output, _>(&self.name, |cache| cache.insert(arguments, value)).unwrap_or(Ok(())),
                None => Err((arguments, value)),
            };
            if let Err((arguments, value)) = inserted {
                let call = || $finish((self.call)(&self.function, arguments));
                Refresh::of(&self.name).around(|| detour::with_answer(&self.name, value, call));
            }
        }
    };
}

impl<F, A, R: Future> Cache<F, A, R> {
    by_arguments!(R::Output, poll_once, at_once);

    /// Calls the function with these arguments so that the body runs, whatever is kept, and its value is kept. A run that
    /// is under way began earlier and is not waited for; calls meanwhile are given the value that there is.
    pub fn refresh(&self, arguments: A) -> impl Future<Output = R::Output> + use<F, A, R> {
        let mut refresh = Refresh::of(&self.name);
        let call = refresh.around(|| (self.call)(&self.function, arguments));
        Refreshing { call: Box::pin(call), refresh }
    }
}

impl<F, A, R> SyncCache<F, A, R> {
    by_arguments!(R, drop::<R>, Some);

    /// May values be found where others have put them, before this process has called the function?
    fn is_elsewhere(&self) -> bool {
        question::is_elsewhere(&self.name) && find(&self.name).is_none()
    }

    #[cold]
    fn ask<O>(&self, asks: Asks, arguments: A, returned: fn(R) -> O) -> Answer<O> {
        question::ask(&self.name, asks, || returned((self.call)(&self.function, arguments)))
    }

    /// Calls the function with these arguments so that the body runs, whatever is kept, and its value is kept. A run that
    /// is under way began earlier and is not waited for; calls meanwhile are given the value that there is.
    pub fn refresh(&self, arguments: A) -> R {
        Refresh::of(&self.name).around(|| (self.call)(&self.function, arguments))
    }
}

/// What a future gives, if it gives it at its first poll.
fn at_once<R: Future>(future: R) -> Option<R::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
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
        find(&self.name).map_or_else(Info::default, |cache| cache.erased.info())
    }

    /// Forgets every value and sets the counters back. Runs that are under way will not be kept.
    pub fn clear(&self) {
        if let Some(cache) = find(&self.name) {
            cache.erased.clear();
        }
    }

    /// For `#[invalidates]`: all values, to be forgotten later.
    #[doc(hidden)]
    pub fn forgets_all(&self) -> Forgets {
        Forgets::new(&self.name, None)
    }

    /// Calls this whenever a value leaves the cache, with its key, the value and the reason, on the thread that made it
    /// go, outside of all locks. A value that has expired is noticed when another one takes its place.
    ///
    /// The key is the tuple of the arguments as the cache owns them, `(String, u32)` for `(&str, u32)`; the value is what
    /// is kept, `T` of a `Result<T, E>`.
    ///
    /// ```
    /// use festoon::{Decorated, cache::Removal, cached};
    /// use std::sync::mpsc::channel;
    ///
    /// #[cached]
    /// fn price(sku: &str) -> usize { sku.len() }
    ///
    /// price("tea");
    /// let (sender, gone) = channel();
    /// price.cache().on_evict(move |key: &(String,), value: &usize, why| {
    ///     sender.send((key.0.clone(), *value, why)).unwrap();
    /// });
    /// price.cache().invalidate(("tea",));
    /// assert_eq!(gone.recv().unwrap(), ("tea".to_owned(), 3, Removal::Invalidated));
    /// ```
    ///
    /// # Panics
    /// If the function has not been called yet, or keeps other keys or values than these; the message says which.
    pub fn on_evict<K: 'static, V: 'static>(&self, listener: impl Fn(&K, &V, Removal) + Send + Sync + 'static) {
        let Some(cache) = find(&self.name) else {
            panic!("festoon: `{}` has no cache yet: call it once, or `insert` a value, before `on_evict`", self.name)
        };
        let mut listener: Option<Listener<K, V>> = Some(Arc::new(listener));
        cache.erased.listen(&mut listener);
        if listener.is_some() {
            let (key, value) = cache.erased.types();
            panic!(
                "festoon: `{}` keeps values of `{value}` by keys of `{key}`: `on_evict` was given a closure for `{}` and \
                 `{}`",
                self.name,
                type_name::<V>(),
                type_name::<K>(),
            );
        }
    }
}

/// Every cache that has been used so far, by name.
pub(crate) fn all() -> Vec<NamedCache> {
    let names = match detour::fresh_scope() {
        Some(scope) => lock(&scope.listed).keys().cloned().collect(),
        None => CACHES.names(),
    };
    names.into_iter().map(|name| NamedCache { name }).collect()
}

/// Those with this tag.
pub(crate) fn tagged(tag: &str) -> Vec<NamedCache> {
    let is_tagged = |cache: &NamedCache| find(&cache.name).is_some_and(|cache| cache.erased.tags().contains(&tag));
    all().into_iter().filter(is_tagged).collect()
}

/// Forgets every value of the cache of that name.
pub(crate) fn forget_all(name: &str) {
    if let Some(cache) = find(name) {
        cache.erased.forget_all();
    }
}

/// The cache of that name, in this thread's scope if it has one.
fn find(name: &str) -> Option<&'static Listed> {
    match detour::fresh_scope() {
        Some(scope) => lock(&scope.listed).get(name).copied(),
        None => CACHES.get(name),
    }
}

/// A cache in the registry.
pub(super) struct Listed {
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
pub(super) trait Erased: Sync {
    fn info(&self) -> Info;
    fn clear(&self);
    fn forget_all(&self);
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
pub(super) trait Typed<A, O>: Sync {
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
pub(super) fn register<P, C, A, T>(
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
    const { assert!(size_of::<T>() == 0, "the key may be made of the arguments alone") };
    let stats = Stats::leaked();
    let instance: &'static Instance<C> = Box::leak(Box::new(Instance::new(plan, name, stats, link(stats))));
    list::<A, P::Output>(name, instance, Box::new(Keyed::<P, C, T> { instance, key, policy: PhantomData }));
    instance
}

/// Lists a cache, or a function's caches, under its function's name.
pub(super) fn list<A, O>(
    name: &'static str,
    erased: &'static dyn Erased,
    typed: Box<dyn Typed<A, O> + Send + Sync + '_>,
) {
    let typed = Pointer(Box::into_raw(Box::new(Boxed(typed))).cast());
    let listed = Box::leak(Box::new(Listed { erased, typed, signature: typeid::of::<(A, O)>() }));
    match detour::fresh_scope() {
        Some(scope) => _ = lock(&scope.listed).entry(name.to_owned()).or_insert(listed),
        None => CACHES.insert(name.to_owned(), listed),
    }
}

/// Runs this on the cache of that name, if it has these types.
#[allow(unsafe_code)]
fn typed<A, O, T>(name: &str, run: impl FnOnce(&dyn Typed<A, O>) -> T) -> Option<T> {
    let listed = find(name).filter(|listed| listed.signature == typeid::of::<(A, O)>())?;
    // SAFETY: it was made by `register` as a `Boxed<A, O>` of these types up to lifetimes, and is never freed. A key is
    // made of the arguments by the function's own code, which sees them only as long as it runs and keeps owned values:
    // whoever holds a handle of the function could have called the function with them just as well.
    let typed = unsafe { &*listed.typed.0.cast::<Boxed<'_, A, O>>() };
    Some(run(&*typed.0))
}
