//! `timing::Allocator`: counts what each thread allocates.
//!
//! It must neither allocate nor take a lock, since it runs inside of every allocation of the program, before `main` and in
//! the destructors of thread-locals too. So it only adds to two numbers of its thread; `allocations.rs` reads them at the start and
//! the end of each call.
#![allow(unsafe_code, reason = "an allocator is unsafe to implement")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use crate::clock::Watch;

/// A global allocator that counts what each `#[timed]` function allocates. It passes every request on to another
/// allocator, by default that of the system.
///
/// ```
/// use festoon::{Decorated, timed, timing};
///
/// #[global_allocator]
/// static GLOBAL: timing::Allocator = timing::Allocator::system();
///
/// #[timed]
/// fn parse(text: &str) -> Vec<u32> {
///     let mut numbers = Vec::with_capacity(16);
///     numbers.extend(text.split(' ').flat_map(str::parse::<u32>));
///     numbers
/// }
///
/// assert_eq!(parse("1 2 3").len(), 3);
/// let allocations = parse.timing().allocations().unwrap();
/// assert_eq!((allocations.count, allocations.bytes), (1, 64));
/// ```
///
/// With another allocator: `static GLOBAL: timing::Allocator<MiMalloc> = timing::Allocator::new(MiMalloc);`.
///
/// [`report()`](crate::timing::report) then has the columns `allocs`, `bytes`, `self allocs` and `self bytes`, and so have
/// the HTML page, JSON and the Prometheus text. What counts, and for whom:
///
/// * An allocation counts for the measured function that runs on its thread, and for the measured functions that called that
///   one; recursion counts once. `self` is without the measured functions inside.
/// * An async function is charged for what its polls allocate, on whichever threads they run. What is allocated when its
///   future is made, or dropped before its end, counts for whoever does that. A task or a thread that is spawned counts
///   for the functions that it calls itself.
/// * Memory that grows in place or moves (`realloc`) counts as one allocation of the bytes that it grew by; shrinking counts
///   as none. So a `Vec` that grew to 1,024 bytes has allocated 1,024 bytes, in as many allocations as it took.
/// * What measuring itself allocates does not count. What other decorators allocate does: a value that `#[cached]`
///   stores belongs to the call that stored it.
///
/// While it is installed, each allocation takes about one nanosecond more, and each measured call 20 to 30: it
/// takes the path of calls that are observed, and `sample` has no effect on which calls are measured. A program without
/// it pays nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Allocator<A = System>(A);

impl Allocator {
    /// Counts what is passed on to the allocator of the system.
    #[must_use]
    pub const fn system() -> Self {
        Allocator(System)
    }
}

impl<A: GlobalAlloc> Allocator<A> {
    /// Counts what is passed on to this allocator.
    #[must_use]
    pub const fn new(inner: A) -> Self {
        Allocator(inner)
    }
}

// SAFETY: each method passes its arguments on to `A`, whose implementation keeps the contract, and returns what that
// returns. What is done besides only changes numbers of the thread: it does not allocate, since the thread-local is
// `const` and has no destructor, and cannot panic.
unsafe impl<A: GlobalAlloc> GlobalAlloc for Allocator<A> {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract of `alloc`, which is that of `A`.
        let pointer = unsafe { self.0.alloc(layout) };
        if !pointer.is_null() {
            count(layout.size());
        }
        pointer
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        let pointer = unsafe { self.0.alloc_zeroed(layout) };
        if !pointer.is_null() {
            count(layout.size());
        }
        pointer
    }

    #[inline]
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above; `pointer` comes from `A`, as all that this allocator returns.
        unsafe { self.0.dealloc(pointer, layout) }
    }

    #[inline]
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above.
        let moved = unsafe { self.0.realloc(pointer, layout, size) };
        if !moved.is_null() && size > layout.size() {
            count(size - layout.size());
        }
        moved
    }
}

/// Allocations and their bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Allocated {
    pub(super) count: u64,
    pub(super) bytes: u64,
}

impl Allocated {
    const NONE: Self = Allocated { count: 0, bytes: 0 };

    pub(super) fn plus(self, more: Self) -> Self {
        let (count, bytes) = (self.count.wrapping_add(more.count), self.bytes.wrapping_add(more.bytes));
        Allocated { count, bytes }
    }

    pub(super) fn minus(self, less: Self) -> Self {
        let (count, bytes) = (self.count.wrapping_sub(less.count), self.bytes.wrapping_sub(less.bytes));
        Allocated { count, bytes }
    }
}

thread_local! {
    /// What this thread has allocated since it started.
    static ALLOCATED: Cell<Allocated> = const { Cell::new(Allocated::NONE) };
}

static IS_INSTALLED: AtomicBool = AtomicBool::new(false);

#[inline]
fn count(size: usize) {
    if !IS_INSTALLED.load(Relaxed) {
        IS_INSTALLED.store(true, Relaxed);
    }
    let one = Allocated { count: 1, bytes: size as u64 };
    // It fails nowhere: there is no destructor. Nobody may panic here, so it is not relied on.
    let _ = ALLOCATED.try_with(|all| all.set(all.get().plus(one)));
}

/// What this thread has allocated.
#[inline]
pub(super) fn allocated() -> Allocated {
    ALLOCATED.try_with(Cell::get).unwrap_or(Allocated::NONE)
}

/// Forgets what was allocated since then.
#[inline]
pub(super) fn reset(to: Allocated) {
    let _ = ALLOCATED.try_with(|all| all.set(to));
}

/// Has anything been allocated through an [`Allocator`]?
#[inline]
pub(super) fn is_installed() -> bool {
    IS_INSTALLED.load(Relaxed)
}

/// From now on calls take the path on which allocations are read, if there is an allocator. Each function asks before its
/// first call, so that none is missed.
pub(super) fn observe_if_installed() {
    static WATCH: OnceLock<Watch> = OnceLock::new();
    if is_installed() {
        WATCH.get_or_init(Watch::new);
    }
}
