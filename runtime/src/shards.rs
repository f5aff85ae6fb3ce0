//! Counters that threads never share: each thread writes to its own shard of a site, and readers add the shards up.
//!
//! A shard has one writer, so counting is a load and a store, without a lock prefix. When a thread ends, others take
//! over its shards: counts stay, and memory is bounded by the number of threads that are alive at once.

use std::cell::Cell;
use std::marker::PhantomData;
use std::process;
use std::sync::OnceLock;

use Ordering::Relaxed;

use crate::link::Link;
use crate::sync::{AtomicU32, AtomicU64, LocalKey, Mutex, Ordering, lock};

/// The shards of one thread by site. Growing creates a new table and leaks the old one (they double in size, so all old
/// ones together are smaller than the new one).
pub(crate) type Table<T> = &'static [Link<T>];

/// A kind of shard, at zero by default.
pub(crate) trait Shard: PerThread {
    /// A thread starts to use it, next to another shard of its own if it has one.
    fn begin(&'static self, _home: &'static Shards<Self>, _neighbour: Option<&'static Self>) {}

    /// A thread has ended. By default the next one takes over its table, in which each shard stays with its site.
    fn end(_table: Table<Self>) {}

    /// A shard that no longer belongs to a thread or a site.
    fn spare() -> Option<&'static Self> {
        None
    }
}

/// The statics of each kind. [`per_thread!`] implements it.
pub(crate) trait PerThread: Sync + Sized + Default + 'static {
    /// This thread's table.
    fn table() -> &'static LocalKey<Cell<Table<Self>>>;
    /// Arranges to return the table when the thread ends; `None` if the thread has already ended.
    fn give_back_at_exit() -> Option<()>;
    /// Tables of threads that ended.
    fn free() -> &'static Mutex<Vec<Table<Self>>>;
    /// The number of sites.
    fn sites() -> &'static AtomicU32;
}

/// All shards of one site.
pub(crate) struct Shards<T: 'static> {
    /// The site's index in every table; zero, which is never used, before the first call.
    index: AtomicU32,
    all: Mutex<All<T>>,
    /// For calls from destructors that run after the thread has returned its table. It may have two writers, so such
    /// calls may be lost if two threads end at once.
    late: OnceLock<&'static T>,
}

struct All<T: 'static> {
    shards: Vec<&'static T>,
    /// The shard of all threads that have ended; also among `shards`. Only written under the lock.
    ended: Option<&'static T>,
}

impl<T: Shard> Shards<T> {
    pub(crate) const fn new() -> Self {
        let all = Mutex::new(All { shards: Vec::new(), ended: None });
        Shards { index: AtomicU32::new(0), all, late: OnceLock::new() }
    }

    /// This thread's shard, if it has called the site before.
    #[inline]
    pub(crate) fn get(&self) -> Option<&'static T> {
        // The thread-local first: in a library, accessing it is a call, for which registers are saved.
        self.within(T::table().with(Cell::get))
    }

    /// The shard in that table.
    #[inline]
    pub(crate) fn within(&self, table: Table<T>) -> Option<&'static T> {
        table.get(self.index.load(Relaxed) as usize).and_then(Link::get)
    }

    /// This thread's shard. Allocates only on a thread's first call at the site.
    #[inline]
    pub(crate) fn local(&'static self) -> &'static T {
        match self.get() {
            Some(shard) => shard,
            None => self.attach(),
        }
    }

    #[cold]
    #[inline(never)]
    fn attach(&'static self) -> &'static T {
        let mut all = lock(&self.all);
        if T::give_back_at_exit().is_none() {
            return self.late.get_or_init(|| all.add());
        }
        let index = self.index_or_next();
        let table = table_with_room::<T>(index);
        if let Some(shard) = table[index].get() {
            return shard;
        }
        let neighbour = table.iter().find_map(Link::get);
        let shard = all.add();
        shard.begin(self, neighbour);
        table[index].set(Some(shard));
        shard
    }

    /// Called under the lock of `all`.
    fn index_or_next(&self) -> usize {
        if self.index.load(Relaxed) == 0 {
            self.index.store(T::sites().fetch_add(1, Relaxed) + 1, Relaxed);
        }
        self.index.load(Relaxed) as usize
    }

    /// Moves the counts of a thread's shard to that of all threads that have ended. There are no concurrent readers,
    /// and from here on the shard belongs to no thread.
    pub(crate) fn retire(&self, shard: &'static T, move_counts: impl FnOnce(&T, &T)) {
        let mut all = lock(&self.all);
        let ended = all.ended.unwrap_or_else(|| all.add());
        all.ended = Some(ended);
        move_counts(shard, ended);
        all.shards.retain(|other| !std::ptr::eq(*other, shard));
    }

    /// Folds over the shards of every thread, past and present. Under the lock, since a shard may change its owner.
    pub(crate) fn fold<A>(&self, start: A, add: impl FnMut(A, &T) -> A) -> A {
        lock(&self.all).shards.iter().copied().fold(start, add)
    }

    /// One number, summed over every thread.
    pub(crate) fn sum(&self, of: impl Fn(&T) -> &Count) -> u64 {
        self.fold(0, |sum, shard| sum + of(shard).get())
    }
}

impl<T: Shard> All<T> {
    fn add(&mut self) -> &'static T {
        let shard = T::spare().unwrap_or_else(|| Box::leak(Box::default()));
        self.shards.push(shard);
        shard
    }
}

/// This thread's table, taken over or grown to contain `index`.
fn table_with_room<T: Shard>(index: usize) -> Table<T> {
    let cell = T::table();
    let mut table = cell.with(Cell::get);
    if table.is_empty() {
        table = lock(T::free()).pop().unwrap_or_default();
    }
    if table.len() <= index {
        let grown: Vec<Link<T>> = (0..(index + 1).next_power_of_two().max(64)).map(|_| Link::none()).collect();
        grown.iter().zip(table).for_each(|(new, old)| new.set(old.get()));
        table = Box::leak(grown.into_boxed_slice());
    }
    cell.with(|cell| cell.set(table));
    table
}

/// Passes a thread's table on to the next thread.
pub(crate) struct GiveBack<T: Shard> {
    /// The process that the thread counts in; zero before it does.
    process: Cell<u32>,
    shard: PhantomData<T>,
}

impl<T: Shard> GiveBack<T> {
    pub(crate) const fn new() -> Self {
        GiveBack { process: Cell::new(0), shard: PhantomData }
    }

    pub(crate) fn counts_here(&self) {
        if self.process.get() == 0 {
            self.process.set(process::id());
        }
    }
}

impl<T: Shard> Drop for GiveBack<T> {
    fn drop(&mut self) {
        // In a forked process, the thread that holds one of the locks may not exist.
        if self.process.get() != process::id() {
            return;
        }
        let table = T::table().with(|cell| cell.replace(&[]));
        T::end(table);
        lock(T::free()).push(table);
    }
}

macro_rules! per_thread {
    ($shard:ty) => {
        impl $crate::shards::Shard for $shard {}
        $crate::shards::per_thread!(statics of $shard);
    };
    (statics of $shard:ty) => {
        impl $crate::shards::PerThread for $shard {
            fn table() -> &'static $crate::sync::LocalKey<::std::cell::Cell<$crate::shards::Table<Self>>> {
                $crate::sync::thread_local! {
                    static TABLE: ::std::cell::Cell<$crate::shards::Table<$shard>> = const { ::std::cell::Cell::new(&[]) };
                }
                &TABLE
            }

            fn give_back_at_exit() -> Option<()> {
                $crate::sync::thread_local! {
                    static GIVE_BACK: $crate::shards::GiveBack<$shard> =
                        const { $crate::shards::GiveBack::new() };
                }
                GIVE_BACK.try_with($crate::shards::GiveBack::counts_here).ok()
            }

            fn free() -> &'static $crate::sync::Mutex<Vec<$crate::shards::Table<Self>>> {
                static FREE: $crate::sync::Mutex<Vec<$crate::shards::Table<$shard>>> = $crate::sync::Mutex::new(Vec::new());
                &FREE
            }

            fn sites() -> &'static $crate::sync::AtomicU32 {
                static SITES: $crate::sync::AtomicU32 = $crate::sync::AtomicU32::new(0);
                &SITES
            }
        }
    };
}
pub(crate) use per_thread;

/// A number with one writer and any number of readers.
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

    /// Like [`set`](Count::set), but a reader that uses [`published`](Count::published) sees everything that was
    /// written before.
    pub(crate) fn publish(&self, to: u64) {
        self.0.store(to, Ordering::Release);
    }

    pub(crate) fn published(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }

    /// Returns the number, and resets it to zero.
    pub(crate) fn take(&self) -> u64 {
        let taken = self.get();
        self.set(0);
        taken
    }
}
