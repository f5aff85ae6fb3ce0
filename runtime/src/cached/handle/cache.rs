//! `price.cache()`: the contents of a cache, and typed operations on it.

use std::any::{TypeId, type_name};
use std::fmt;
use std::ops::Deref;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use crate::cached::handle::count::Count;
use crate::cached::handle::forgets::Forgets;
use crate::cached::handle::overrides::{Refresh, Refreshing};
use crate::cached::handle::probe::{self, Answer, Ask, CAN_LEAVE};
use crate::cached::handle::registry::{self, Row, Type};
use crate::cached::info::Info;
use crate::cached::removal::{Listener, Removal};
#[cfg(feature = "report")]
use crate::site::Place;
use crate::site::check_is_decorated;

/// The cache of one function, or of one instantiation of a generic one: `price.cache()`, `parse::<u32>.cache()`.
///
/// Pass arguments as the function's own argument tuple, `self` included: `price.cache().contains(("sku",))`,
/// `Shop::price.cache().contains((&shop, "sku"))`. Operations on values accept and return what a call returns; for an
/// async function, the output of its future.
///
/// Operations with arguments apply to exactly this function, and run neither its body nor its other decorators (except
/// for [`refresh`](SyncCache::refresh), which is a call). Operations without arguments go by the function's path, which
/// several functions may share: two blocks of one function, two versions of one crate. Until one of them has been used
/// with arguments, `clear` clears all of them, and `info` adds them up; [`all`](crate::cache::all) has a row for each.
///
/// Without unwinding (`panic = "abort"`), a sync function cannot be asked about a value that is not there: then `peek`
/// finds nothing, and removing one value removes all.
///
/// # Panics
/// Every operation panics in debug builds if the function is not `#[cached]`. In release builds it logs a warning, and
/// finds nothing.
pub struct Cache<F, A, R>(SyncCache<F, A, R>);

/// The operations of a [`Cache`] of a sync function.
pub struct SyncCache<F, A, R> {
    named: NamedCache,
    function: F,
    call: fn(&F, A) -> R,
}

/// A cache without its types.
#[derive(Clone)]
pub struct NamedCache {
    name: &'static str,
    which: Which,
}

/// Selects among the caches of functions with this path.
#[derive(Clone, Copy)]
enum Which {
    /// The one of this function, if it is known.
    Function(TypeId),
    Row(&'static Row),
}

impl fmt::Debug for NamedCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NamedCache").field("name", &self.name).field("info", &self.info()).finish_non_exhaustive()
    }
}

impl PartialEq for NamedCache {
    fn eq(&self, other: &Self) -> bool {
        match (self.which, other.which) {
            (Which::Row(row), Which::Row(other)) => std::ptr::eq(row, other),
            _ => self.name == other.name,
        }
    }
}

impl Eq for NamedCache {}

impl<F, A, R> Cache<F, A, R> {
    pub(crate) fn new(function: F, call: fn(&F, A) -> R) -> Self {
        let named = NamedCache { name: type_name::<F>(), which: Which::Function(typeid::of::<F>()) };
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

/// The operations that take arguments, for the function's output (`$output`), which a call returns as `$returned`.
macro_rules! by_arguments {
    ($output:ty, $returned:expr, $can_leave:expr) => {
        /// Returns the cached value, as a call would. Does not count as a call and does not make the value younger.
        #[must_use]
        pub fn peek(&self, arguments: A) -> Option<$output> {
            match self.ask(Ask::Value, arguments, $can_leave, $returned) {
                Answer::Value(value) => Some(value),
                _ => None,
            }
        }

        /// Is a value cached for this call?
        #[must_use]
        pub fn contains(&self, arguments: A) -> bool {
            self.peek(arguments).is_some()
        }

        /// Invalidates the value of this call. The value of a run that is under way will not be stored either; calls
        /// that wait for it still get it. Returns whether there was a value.
        pub fn invalidate(&self, arguments: A) -> bool {
            match self.ask(Ask::Invalidate, arguments, $can_leave, $returned) {
                Answer::Was(was) => was,
                Answer::Unreached => self.forget_all(),
                _ => false,
            }
        }

        /// For `#[invalidates]`: the value of this call, to be invalidated later.
        #[doc(hidden)]
        pub fn forgets<const N: usize, B>(&self, arguments: B) -> Forgets
        where
            A: Count<N, Arguments = B>,
        {
            match self.ask(Ask::Forget, A::counted(arguments), $can_leave, $returned) {
                Answer::Forget(forget) => Forgets::new(self.name, Some(forget)),
                _ => Forgets::new(self.name, None),
            }
        }

        /// Inserts a value as if this call had returned it: an `Err` or a `None` that the function does not cache is
        /// not cached here either. A value that is not cached removes the older one, unless it is an `Err`.
        pub fn insert(&self, arguments: A, value: $output)
        where
            $output: 'static,
        {
            self.ask(Ask::Insert(Box::new(value)), arguments, true, $returned);
        }
    };
}

impl<F, A, R: Future> Cache<F, A, R> {
    by_arguments!(R::Output, at_once, true);

    /// Calls the function with these arguments so that the body runs even if a value is cached, and stores its value.
    /// It does not wait for a run that is in progress, since that started earlier; other calls get the old value in the
    /// meantime.
    pub fn refresh(&self, arguments: A) -> impl Future<Output = R::Output> + use<F, A, R> {
        self.check();
        let mut refresh = Refresh::of(self.name);
        let call = refresh.around(|| (self.call)(&self.function, arguments));
        Refreshing { call: Box::pin(call), refresh }
    }
}

impl<F, A, R> SyncCache<F, A, R> {
    by_arguments!(R, Some, CAN_LEAVE);

    /// Queries the function, if that is possible.
    fn ask<O>(&self, ask: Ask, arguments: A, can_leave: bool, returned: fn(R) -> Option<O>) -> Answer<O> {
        if !self.check() || !can_leave {
            return Answer::Unreached;
        }
        let Which::Function(id) = self.which else { return Answer::Unreached };
        probe::ask(self.name, id, ask, || returned((self.call)(&self.function, arguments)))
    }

    /// Calls the function with these arguments so that the body runs even if a value is cached, and stores its value.
    /// It does not wait for a run that is in progress, since that started earlier; other calls get the old value in the
    /// meantime.
    pub fn refresh(&self, arguments: A) -> R {
        self.check();
        Refresh::of(self.name).around(|| (self.call)(&self.function, arguments))
    }
}

/// The output of a future that is ready at its first poll.
fn at_once<R: Future>(future: R) -> Option<R::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

impl NamedCache {
    fn of_row(row: &'static Row) -> Self {
        NamedCache { name: row.name, which: Which::Row(row) }
    }

    /// The function's path, generics included.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name
    }

    /// Where the function is defined: its file and line.
    ///
    /// Only for the caches that [`all`](crate::cache::all) lists, and for a function whose path is unique.
    #[must_use]
    pub fn location(&self) -> Option<(&'static str, u32)> {
        match self.rows()[..] {
            [row] => Some((row.place.file, row.place.line)),
            _ => None,
        }
    }

    /// The version of the crate that defines the function, according to cargo; see [`location`](NamedCache::location).
    #[must_use]
    pub fn crate_version(&self) -> Option<&'static str> {
        match self.rows()[..] {
            [row] => row.place.version,
            _ => None,
        }
    }

    /// For one that [`all`] lists.
    #[cfg(feature = "report")]
    pub(crate) fn place(&self) -> Option<Place> {
        match self.which {
            Which::Row(row) => Some(row.place),
            Which::Function(_) => None,
        }
    }

    /// Returns its statistics.
    #[must_use]
    pub fn info(&self) -> Info {
        self.check();
        self.rows().into_iter().map(|row| row.erased.info()).reduce(Info::and).unwrap_or_default()
    }

    /// Removes every value and resets the counters. The values of runs that are under way will not be stored.
    pub fn clear(&self) {
        self.check();
        for row in self.rows() {
            row.erased.clear();
        }
    }

    /// Frees the expired values, and returns how many there were. Calls free a few of them whenever they store a value;
    /// use this for a cache that is no longer called. With `scope = thread`, it frees those of this thread.
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
        self.check();
        self.rows().into_iter().map(|row| row.erased.purge_expired()).sum()
    }

    /// Reports a function that is not cached.
    fn check(&self) -> bool {
        match self.which {
            Which::Function(_) => check_is_decorated(self.name, "cached"),
            Which::Row(_) => true,
        }
    }

    fn rows(&self) -> Vec<&'static Row> {
        match self.which {
            Which::Function(id) => registry::of(id, self.name),
            Which::Row(row) => vec![row],
        }
    }

    /// Clears every function that this may refer to. Was there anything?
    fn forget_all(&self) -> bool {
        let rows = self.rows();
        let was_anything = rows.iter().any(|row| row.erased.info().len > 0);
        for row in rows {
            row.erased.forget_all();
        }
        was_anything
    }

    /// For `#[invalidates]`: all values, to be invalidated later.
    #[doc(hidden)]
    pub fn forgets_all(&self) -> Forgets {
        Forgets::new(self.name, None)
    }

    /// Calls the listener whenever a value leaves the cache, with its key, the value and the reason, on the thread that
    /// removed it, outside of all locks. An expired value is noticed when another one takes its place.
    ///
    /// The key is the tuple of the arguments in their owned form, `(String, u32)` for `(&str, u32)`; the value is the
    /// cached one, `T` for a `Result<T, E>`.
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
    /// If the function has not been called yet, or its keys or values have other types than these; the message says
    /// which.
    pub fn on_removal<K: 'static, V: 'static>(&self, listener: impl Fn(&K, &V, Removal) + Send + Sync + 'static) {
        let rows = self.rows();
        let Some(row) = rows.first() else {
            panic!("festoon: `{}` has no cache yet: call it once, or `insert` a value, before `on_removal`", self.name)
        };
        let (key, value) = (Type::of::<K>(), Type::of::<V>());
        let listener: Listener = Arc::new(move |key, value, why| {
            if let (Some(key), Some(value)) = (key.downcast_ref(), value.downcast_ref()) {
                listener(key, value, why);
            }
        });
        let hears =
            |row: &&Row| row.erased.types().map(|ty| ty.id) == [key.id, value.id] && row.erased.listen(&listener);
        if rows.iter().copied().filter(hears).count() == 0 {
            let [its_key, its_value] = row.erased.types();
            panic!(
                "festoon: `{}` caches values of `{}` by keys of `{}`: `on_removal` received a closure for `{}` and `{}`",
                self.name, its_value.name, its_key.name, value.name, key.name,
            );
        }
    }
}

/// Every cache that has been used so far, sorted by name.
pub(crate) fn all() -> Vec<NamedCache> {
    registry::all().into_iter().map(NamedCache::of_row).collect()
}

/// The caches with this tag.
pub(crate) fn tagged(tag: &str) -> Vec<NamedCache> {
    let is_tagged = |row: &&Row| row.erased.tags().contains(&tag);
    registry::all().into_iter().filter(is_tagged).map(NamedCache::of_row).collect()
}

/// Removes every value of the functions of that path.
pub(crate) fn forget_all(name: &str) {
    for row in registry::named(name) {
        row.erased.forget_all();
    }
}
