//! `price.cache()`: what a cache holds, and typed operations on it.

use std::any::type_name;
use std::fmt;
use std::ops::Deref;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use crate::cached::handle::overrides::{self, Refresh, Refreshing};
use crate::cached::handle::probe::{self, Answer, Asks};
use crate::cached::handle::registry::{self, find, typed};
use crate::cached::info::Info;
use crate::cached::removal::{Listener, Removal};
use crate::invalidates::Forgets;

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
                Refresh::of(&self.name).around(|| overrides::with_answer(&self.name, value, call));
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
        probe::is_elsewhere(&self.name) && find(&self.name).is_none()
    }

    #[cold]
    fn ask<O>(&self, asks: Asks, arguments: A, returned: fn(R) -> O) -> Answer<O> {
        probe::ask(&self.name, asks, || returned((self.call)(&self.function, arguments)))
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

    /// Frees the values that have expired, and says how many they were. Calls free a few of them whenever they keep a value;
    /// this is for a cache that is no longer called. Of `scope = thread`: those of this thread.
    ///
    /// ```
    /// use festoon::{Decorated, cached, testing};
    /// use std::time::Duration;
    ///
    /// #[cached(ttl = 5m)]
    /// fn price(sku: &str) -> usize { sku.len() }
    ///
    /// let clock = testing::clock();
    /// price("tea");
    /// clock.advance(Duration::from_secs(301));
    /// assert_eq!(price.cache().purge_expired(), 1);
    /// assert_eq!(price.cache().info().len, 0);
    /// ```
    pub fn purge_expired(&self) -> usize {
        find(&self.name).map_or(0, |cache| cache.erased.purge_expired())
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
    /// price.cache().on_removal(move |key: &(String,), value: &usize, why| {
    ///     sender.send((key.0.clone(), *value, why)).unwrap();
    /// });
    /// price.cache().invalidate(("tea",));
    /// assert_eq!(gone.recv().unwrap(), ("tea".to_owned(), 3, Removal::Invalidated));
    /// ```
    ///
    /// # Panics
    /// If the function has not been called yet, or keeps other keys or values than these; the message says which.
    pub fn on_removal<K: 'static, V: 'static>(&self, listener: impl Fn(&K, &V, Removal) + Send + Sync + 'static) {
        let Some(cache) = find(&self.name) else {
            panic!("festoon: `{}` has no cache yet: call it once, or `insert` a value, before `on_removal`", self.name)
        };
        let mut listener: Option<Listener<K, V>> = Some(Arc::new(listener));
        cache.erased.listen(&mut listener);
        if listener.is_some() {
            let (key, value) = cache.erased.types();
            panic!(
                "festoon: `{}` keeps values of `{value}` by keys of `{key}`: `on_removal` was given a closure for `{}` and \
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
    registry::names().into_iter().map(|name| NamedCache { name }).collect()
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
