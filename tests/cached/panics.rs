//! After a panic in a user's code the cache still works.

use std::cell::Cell;
use std::future::poll_fn;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::task::{Context, Poll, Waker};

use festoon::{Decorated, cache, cached, testing};

/// Where the next panic is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum In {
    Hash,
    Eq,
    CloneOfKey,
    CloneOfValue,
    DropOfKey,
    DropOfValue,
}

thread_local!(static NEXT: Cell<Option<In>> = const { Cell::new(None) });

fn here(place: In) {
    if NEXT.get() == Some(place) && !std::thread::panicking() {
        NEXT.set(None);
        panic!("{place:?}");
    }
}

#[derive(Debug)]
struct Key(u32);

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        here(In::Hash);
        self.0.hash(state);
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        here(In::Eq);
        self.0 == other.0
    }
}

impl Eq for Key {}

impl Clone for Key {
    fn clone(&self) -> Self {
        here(In::CloneOfKey);
        Key(self.0)
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        here(In::DropOfKey);
    }
}

#[derive(Debug)]
struct Value(u32);

impl Clone for Value {
    fn clone(&self) -> Self {
        here(In::CloneOfValue);
        Value(self.0)
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        here(In::DropOfValue);
    }
}

macro_rules! survives {
    ($name:ident: $($options:tt)*) => {
        #[test]
        fn $name() {
            #[cached($($options)*)]
            fn get(key: Key) -> Value {
                Value(key.0)
            }
            let operations: [fn(u32); 7] = [
                |n| assert_eq!(get(Key(n)).0, n),
                |n| get.cache().insert((Key(n),), Value(n)),
                |n| _ = get.cache().invalidate((Key(n),)),
                |n| assert!(get.cache().peek((Key(n),)).is_none_or(|value| value.0 == n)),
                |n| assert_eq!(get.cache().refresh((Key(n),)).0, n),
                |_| get.cache().clear(),
                |_| _ = get.cache().purge_expired(),
            ];
            (0..4).for_each(|n| drop(get(Key(n))));
            let mut panics = 0;
            for place in [In::Hash, In::Eq, In::CloneOfKey, In::CloneOfValue, In::DropOfKey, In::DropOfValue] {
                for (number, operation) in operations.iter().enumerate() {
                    for n in 0..12 {
                        NEXT.set(Some(place));
                        let outcome = catch_unwind(AssertUnwindSafe(|| operation(n)));
                        panics += u32::from(outcome.is_err());
                        NEXT.set(None);
                        let info = get.cache().info();
                        assert!(info.len <= 12 && info.in_flight == 0, "{place:?} {number} {n} {info:?}");
                        // All keys work, those of the panic first.
                        for n in (n..12).chain(0..n) {
                            assert_eq!(get(Key(n)).0, n, "{place:?} {number}");
                            assert_eq!(get.cache().peek((Key(n),)).map(|value| value.0), Some(n), "{place:?} {number}");
                        }
                    }
                }
            }
            // It has been tried.
            assert!(panics > 100, "{panics}");
            get.cache().clear();
            assert_eq!(get.cache().info().len, 0);
        }
    };
}

survives!(with_a_bound: max = 5);
survives!(with_a_bound_that_is_not_reached: max = 1000);
survives!(without_a_bound: unbounded);
survives!(with_a_weight: max_weight = 5, weigh = |_| 1);
survives!(with_times: max = 5, ttl = 1h, tti = 1h);
survives!(in_exact_order: max = 5, policy = lru);
survives!(of_a_thread: max = 5, scope = thread);
survives!(of_a_thread_without_a_bound: unbounded, scope = thread);

/// After a panic in one of them all caches can be cleared together, and a panic in one does not keep the others.
#[test]
fn all_caches_can_be_cleared_behind_a_panic() {
    #[cached]
    fn get(key: Key) -> Value {
        Value(key.0)
    }
    #[cached]
    fn other(n: u32) -> u32 {
        n
    }

    let _caches = testing::fresh_caches();
    for place in [In::Hash, In::Eq, In::CloneOfKey, In::CloneOfValue, In::DropOfKey, In::DropOfValue] {
        (0..4).for_each(|n| drop((get(Key(n)), other(n))));
        NEXT.set(Some(place));
        let _panic = catch_unwind(|| drop((get(Key(1)), get(Key(7)))));
        NEXT.set(Some(place));
        let _panic = catch_unwind(cache::clear_all);
        NEXT.set(None);
        cache::clear_all();
        assert_eq!((get.cache().info().len, other.cache().info().len), (0, 0), "{place:?}");
        assert_eq!((get(Key(1)).0, other(1)), (1, 1));
    }
}

/// A call that waits is over when the clone that it was to return panics: it leaves nothing to be counted down again.
#[test]
fn the_clone_of_a_call_that_waits_may_panic() {
    static GO: AtomicBool = AtomicBool::new(false);
    #[cached]
    async fn get(key: Key) -> Value {
        poll_fn(|_| if GO.load(SeqCst) { Poll::Ready(()) } else { Poll::Pending }).await;
        Value(key.0)
    }

    let mut context = Context::from_waker(Waker::noop());
    let (mut leader, mut waiter) = (Box::pin(get(Key(1))), Box::pin(get(Key(1))));
    assert!(leader.as_mut().poll(&mut context).is_pending() && waiter.as_mut().poll(&mut context).is_pending());
    GO.store(true, SeqCst);
    assert!(leader.as_mut().poll(&mut context).is_ready());
    NEXT.set(Some(In::CloneOfValue));
    let panic = catch_unwind(AssertUnwindSafe(|| drop((waiter.as_mut().poll(&mut context), NEXT.take()))));
    drop(waiter);
    assert_eq!(panic.unwrap_err().downcast_ref::<String>().map(String::as_str), Some("CloneOfValue"));
    assert_eq!((get.cache().info().in_flight, get.cache().peek((Key(1),)).map(|value| value.0)), (0, Some(1)));
}

thread_local! {
    /// After so many comparisons one calls this function with this key.
    static CALLS: Cell<Option<(u32, fn(&Caller) -> u32, u32)>> = const { Cell::new(None) };
}

#[derive(Clone, Eq)]
struct Caller(u32);

impl PartialEq for Caller {
    fn eq(&self, other: &Self) -> bool {
        match CALLS.take() {
            Some((0, function, key)) => assert_eq!(function(&Caller(key)), key),
            Some((left, function, key)) => CALLS.set(Some((left - 1, function, key))),
            None => {}
        }
        self.0 == other.0
    }
}

impl Hash for Caller {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// Of the standard library by its name, whose comparisons call nothing of the user's.
type Instant = Caller;

/// Where it would wait for its own thread, it is told.
#[test]
fn a_comparison_that_calls_the_function_does_not_hang() {
    #[cached]
    fn bounded(key: &Instant) -> u32 {
        key.0
    }
    #[cached(unbounded, ttl = 1h)]
    fn unbounded(key: &Instant) -> u32 {
        key.0
    }
    #[cached(scope = thread)]
    fn of_thread(key: &Instant) -> u32 {
        key.0
    }

    let functions: [(fn(&Caller) -> u32, fn()); 3] = [
        (bounded, || bounded.cache().clear()),
        (unbounded, || unbounded.cache().clear()),
        (of_thread, || of_thread.cache().clear()),
    ];
    for (function, clear) in functions {
        let mut told = 0;
        for comparisons in 0..10 {
            clear();
            function(&Caller(1));
            CALLS.set(Some((comparisons, function, 3)));
            let outcome = catch_unwind(|| function(&Caller(2)));
            CALLS.set(None);
            if let Err(panic) = outcome {
                let text = panic.downcast_ref::<String>().unwrap();
                assert!(text.contains("the `Eq` of a key must not call it"), "{text}");
                told += 1;
            }
            assert_eq!([1, 2, 3].map(|key| function(&Caller(key))), [1, 2, 3]);
        }
        assert!(told > 0, "nothing was compared under a lock");
    }
}
