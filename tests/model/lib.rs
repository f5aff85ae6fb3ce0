//! Files of the runtime, run by a scheduler that tries the orders in which threads can run. They are the files
//! themselves, with this crate's [`sync`] instead of the runtime's.
#![cfg(test)]
#![expect(dead_code, reason = "of each file the models use a part")]

mod by_types;
mod flight;
mod graph;
mod singletons;

/// What the files have from their crate.
mod sync {
    pub(crate) use shuttle::sync::atomic::{AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, Ordering};
    pub(crate) use shuttle::sync::{Arc, Condvar, Mutex, MutexGuard};
    pub(crate) use shuttle::thread::{LocalKey, Thread, ThreadId, current};
    pub(crate) use shuttle::thread_local;

    /// The scheduler has none: this one holds its lock while it makes the value, which is never freed.
    pub(crate) struct OnceLock<T: 'static>(Mutex<Option<&'static T>>);

    impl<T> OnceLock<T> {
        pub(crate) const fn new() -> Self {
            OnceLock(Mutex::new(None))
        }

        pub(crate) fn get(&self) -> Option<&T> {
            *lock(&self.0)
        }

        pub(crate) fn get_or_init(&self, make: impl FnOnce() -> T) -> &T {
            lock(&self.0).get_or_insert_with(|| Box::leak(Box::new(make())))
        }
    }

    pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
        mutex.lock().unwrap()
    }
}

/// The clock of the breaker's model.
mod clock {
    use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
    use std::time::Duration;

    pub(crate) static NOW: AtomicU64 = AtomicU64::new(1);

    pub(crate) fn ticks() -> u64 {
        NOW.load(SeqCst)
    }

    pub(crate) fn ticks_in(length: Duration) -> u64 {
        u64::try_from(length.as_nanos()).unwrap()
    }

    pub(crate) fn duration(ticks: u64) -> Duration {
        Duration::from_nanos(ticks)
    }
}

/// What a layer knows of a call: nothing here.
struct Call<R>(std::marker::PhantomData<R>);

trait Decorator<R> {
    fn call(&self, call: Call<R>, next: impl FnOnce() -> R) -> R;
}

trait AsyncDecorator<F: Future> {
    fn call(&self, call: Call<F::Output>, next: F) -> impl Future<Output = F::Output>;
}

#[path = "../../runtime/src/refused.rs"]
mod refused;

#[path = "../../runtime/src/circuit_breaker"]
mod circuit_breaker {
    mod admit;
    mod breaker;
    #[path = "../../../tests/model/breaker.rs"]
    mod model;
    mod permit;
    mod settings;
    mod window;

    use breaker::Breaker;
}

#[path = "../../runtime/src/by_type.rs"]
mod by_type;
#[path = "../../runtime/src/deadlock.rs"]
mod deadlock;
#[path = "../../runtime/src/link.rs"]
mod link;
#[path = "../../runtime/src/outcome.rs"]
mod outcome;
#[path = "../../runtime/src/shards.rs"]
mod shards;

#[path = "../../runtime/src/interned"]
mod interned {
    mod count;
    #[path = "../../../tests/model/interned.rs"]
    mod model;
}

#[path = "../../runtime/src/registry"]
mod registry {
    pub(crate) mod singleton;
}

#[path = "../../runtime/src/timed"]
mod timed {
    /// There is no `timing::Allocator` here.
    #[expect(clippy::unused_self, reason = "as in the runtime")]
    mod allocations {
        #[derive(Debug, Clone, Copy)]
        pub(super) struct Used;

        #[derive(Debug, Default)]
        pub(super) struct AllocationCounts;

        impl AllocationCounts {
            pub(super) fn add(&self, _: Used, _: bool) {}

            pub(super) fn move_to(&self, _: &Self) {}
        }
    }
    mod histogram;
    #[path = "../../../tests/model/shards.rs"]
    mod model;
    mod shard;
}

#[path = "../../runtime/src/bulkhead"]
mod bulkhead {
    #[path = "../../../tests/model/bulkhead.rs"]
    mod model;
    mod queue;
}

#[path = "../../runtime/src/cached"]
mod cached {
    pub(crate) mod key {
        pub(crate) trait Finds<K> {
            fn finds(&self, key: &K) -> bool;
        }

        impl Finds<u8> for u8 {
            fn finds(&self, key: &u8) -> bool {
                self == key
            }
        }
    }

    pub(crate) mod flight {
        mod held;
        pub(crate) mod table;
    }

    mod remote {
        mod lease;

        mod disk {
            mod leases;
            #[path = "../../../../../tests/model/leases.rs"]
            mod model;
        }
    }
}

/// Runs each of these on a thread of its own.
fn on_threads<T: Send + 'static>(runs: impl IntoIterator<Item = impl FnOnce() -> T + Send + 'static>) -> Vec<T> {
    let threads: Vec<_> = runs.into_iter().map(shuttle::thread::spawn).collect();
    threads.into_iter().map(|thread| thread.join().unwrap()).collect()
}

/// Runs the threads in so many orders. One model at a time: the files have statics.
fn orders(number: usize, run: impl Fn() + Send + Sync + 'static) {
    static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut config = shuttle::Config::new();
    // A breaker is some kilobytes large, and made on the stack.
    config.stack_size = 256 << 10;
    shuttle::Runner::new(shuttle::scheduler::RandomScheduler::new(number), config).run(run);
}
