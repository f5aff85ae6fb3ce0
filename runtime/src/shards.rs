//! Counters that threads never share: each thread writes its own shard of a site, readers add the shards up.
//!
//! A shard has one writer, so counting is a load and a store, without a lock prefix. A thread that ends leaves its
//! shards to the next one that starts: counts stay, and memory is bounded by the number of threads alive at once.

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, OnceLock};
use std::thread::LocalKey;

use crate::sync::lock;

/// The shards of one thread by site; growing makes a new table, the old one is leaked (they double, so it is less than
/// the new one).
pub(crate) type Table<T> = &'static [OnceLock<&'static T>];

/// A kind of shard. [`per_thread!`] implements it.
pub(crate) trait Shard: Sync + Sized + 'static {
    /// With all counts at zero; beside another shard of the same thread, if it has one.
    fn new(neighbour: Option<&'static Self>) -> Self;
    /// This thread's table.
    fn table() -> &'static LocalKey<Cell<Table<Self>>>;
    /// Gives the table back when the thread ends; `None` when it has already ended.
    fn give_back_at_exit() -> Option<()>;
    /// Tables of threads that ended.
    fn free() -> &'static Mutex<Vec<Table<Self>>>;
    /// How many sites there are.
    fn sites() -> &'static AtomicU32;
}

/// All shards of one site.
pub(crate) struct Shards<T: 'static> {
    /// The site's place in every table; zero, which no table fills, before the first call.
    index: AtomicU32,
    all: Mutex<Vec<&'static T>>,
    /// For calls from destructors that run after the thread has given its table back. It may have two writers, so
    /// that such calls may be lost when two threads end at once.
    late: OnceLock<&'static T>,
}

impl<T: Shard> Shards<T> {
    pub(crate) const fn new() -> Self {
        Shards { index: AtomicU32::new(0), all: Mutex::new(Vec::new()), late: OnceLock::new() }
    }

    /// This thread's shard, if it has called at the site before.
    #[inline]
    pub(crate) fn get(&self) -> Option<&'static T> {
        // The thread-local first: in a library it is a call, for which registers are saved.
        let table = T::table().with(Cell::get);
        table.get(self.index.load(Relaxed) as usize).and_then(OnceLock::get).copied()
    }

    /// This thread's shard. Allocates only on a thread's first call at the site.
    #[inline]
    pub(crate) fn local(&self) -> &'static T {
        match self.get() {
            Some(shard) => shard,
            None => self.attach(),
        }
    }

    #[cold]
    #[inline(never)]
    fn attach(&self) -> &'static T {
        let mut all = lock(&self.all);
        if T::give_back_at_exit().is_none() {
            return self.late.get_or_init(|| new_shard(&mut all, None));
        }
        let index = self.index_or_next();
        let table = table_with_room::<T>(index);
        let neighbour = table.iter().find_map(OnceLock::get).copied();
        table[index].get_or_init(|| new_shard(&mut all, neighbour))
    }

    /// Called under the lock of `all`.
    fn index_or_next(&self) -> usize {
        if self.index.load(Relaxed) == 0 {
            self.index.store(T::sites().fetch_add(1, Relaxed) + 1, Relaxed);
        }
        self.index.load(Relaxed) as usize
    }

    /// Adds something up over every thread, past and present.
    pub(crate) fn fold<A>(&self, start: A, add: impl FnMut(A, &T) -> A) -> A {
        let all = lock(&self.all).clone();
        all.into_iter().fold(start, add)
    }

    /// One number, summed over every thread.
    pub(crate) fn sum(&self, of: impl Fn(&T) -> &Count) -> u64 {
        self.fold(0, |sum, shard| sum + of(shard).get())
    }
}

fn new_shard<T: Shard>(all: &mut Vec<&'static T>, neighbour: Option<&'static T>) -> &'static T {
    let shard: &'static T = Box::leak(Box::new(T::new(neighbour)));
    all.push(shard);
    shard
}

/// This thread's table, taken over or grown so that `index` is inside.
fn table_with_room<T: Shard>(index: usize) -> Table<T> {
    let cell = T::table();
    let mut table = cell.with(Cell::get);
    if table.is_empty() {
        table = lock(T::free()).pop().unwrap_or_default();
    }
    if table.len() <= index {
        let grown: Vec<OnceLock<&'static T>> =
            (0..(index + 1).next_power_of_two().max(64)).map(|at| table.get(at).cloned().unwrap_or_default()).collect();
        table = Box::leak(grown.into_boxed_slice());
    }
    cell.with(|cell| cell.set(table));
    table
}

/// Gives a thread's table to the next thread.
pub(crate) struct GiveBack<T: Shard>(pub(crate) std::marker::PhantomData<T>);

impl<T: Shard> Drop for GiveBack<T> {
    fn drop(&mut self) {
        let table = T::table().with(|cell| cell.replace(&[]));
        lock(T::free()).push(table);
    }
}

macro_rules! per_thread {
    ($shard:ty) => {
        $crate::shards::per_thread!($shard, |_neighbour| <$shard>::default());
    };
    ($shard:ty, |$neighbour:ident| $new:expr) => {
        impl $crate::shards::Shard for $shard {
            fn new($neighbour: Option<&'static Self>) -> Self {
                $new
            }

            fn table() -> &'static ::std::thread::LocalKey<::std::cell::Cell<$crate::shards::Table<Self>>> {
                ::std::thread_local! {
                    static TABLE: ::std::cell::Cell<$crate::shards::Table<$shard>> = const { ::std::cell::Cell::new(&[]) };
                }
                &TABLE
            }

            fn give_back_at_exit() -> Option<()> {
                ::std::thread_local! {
                    static GIVE_BACK: $crate::shards::GiveBack<$shard> =
                        const { $crate::shards::GiveBack(::std::marker::PhantomData) };
                }
                GIVE_BACK.try_with(|_| ()).ok()
            }

            fn free() -> &'static ::std::sync::Mutex<Vec<$crate::shards::Table<Self>>> {
                static FREE: ::std::sync::Mutex<Vec<$crate::shards::Table<$shard>>> = ::std::sync::Mutex::new(Vec::new());
                &FREE
            }

            fn sites() -> &'static ::std::sync::atomic::AtomicU32 {
                static SITES: ::std::sync::atomic::AtomicU32 = ::std::sync::atomic::AtomicU32::new(0);
                &SITES
            }
        }
    };
}
pub(crate) use per_thread;

/// A number with one writer and any readers.
#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    pub(crate) const fn new() -> Self {
        Count(AtomicU64::new(0))
    }

    /// Not atomic as a whole: only the shard's own thread may add.
    #[inline]
    pub(crate) fn add(&self, more: u64) {
        self.0.store(self.0.load(Relaxed).wrapping_add(more), Relaxed);
    }

    #[inline]
    pub(crate) fn raise(&self, to: u64) {
        if to > self.0.load(Relaxed) {
            self.0.store(to, Relaxed);
        }
    }

    #[inline]
    pub(crate) fn set(&self, to: u64) {
        self.0.store(to, Relaxed);
    }

    #[inline]
    pub(crate) fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}
