//! The user's own code runs while values are found, stored and removed: wherever it panics, and wherever a future is
//! dropped, the next call works.

use std::cell::Cell;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use festoon::{Decorated, Memo, cached, testing};
use futures::executor::block_on;

thread_local! {
    /// After so many calls of the user's code one panics; the number that there have been.
    static LEFT: Cell<Option<u32>> = const { Cell::new(None) };
}

/// The user's code.
fn called_out() {
    if let Some(left) = LEFT.get() {
        LEFT.set(left.checked_sub(1));
        assert_ne!(left, 0, "the user's own");
    }
}

#[derive(Eq)]
struct Key(u32);

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        called_out();
        self.0 == other.0
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        called_out();
        self.0.hash(state);
    }
}

impl Clone for Key {
    fn clone(&self) -> Self {
        called_out();
        Key(self.0)
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        called_out();
        self.0.fmt(f)
    }
}

#[derive(Debug, PartialEq)]
struct Value(u32);

impl Clone for Value {
    fn clone(&self) -> Self {
        called_out();
        Value(self.0)
    }
}

#[cached(max = 4, ttl = |_| { called_out(); std::time::Duration::from_secs(60) }, if = |_| { called_out(); true })]
fn bounded(key: &Key) -> Value {
    called_out();
    Value(key.0)
}

#[cached(unbounded)]
fn unbounded(key: Key) -> Option<Value> {
    called_out();
    Some(Value(key.0))
}

#[cached(scope = thread)]
fn local(key: &Key) -> Value {
    called_out();
    Value(key.0)
}

#[cached(policy = lru, weigh = |_| { called_out(); 1 }, max_weight = 4)]
async fn later(key: &Key) -> Value {
    called_out();
    std::future::ready(()).await;
    Value(key.0)
}

struct Shop(Memo);

impl Shop {
    #[cached(scope = instance, field = 0)]
    fn price(&self, key: &Key) -> Value {
        called_out();
        Value(key.0)
    }
}

/// Runs this with a panic at the first call of the user's code, at the second, .. until there is none.
fn at_each_callout(run: &dyn Fn(), check: &dyn Fn()) {
    for callouts in 0.. {
        LEFT.set(Some(callouts));
        let ended = catch_unwind(AssertUnwindSafe(run));
        let is_through = LEFT.take().is_some();
        check();
        if is_through {
            assert!(ended.is_ok() && callouts > 3, "only {callouts}");
            return;
        }
    }
}

#[test]
fn a_panic_of_the_users_code_leaves_a_cache_that_works() {
    let _caches = testing::fresh_caches();
    let shop = Shop(Memo::new());
    at_each_callout(&|| drop((bounded(&Key(1)), bounded(&Key(1)), bounded(&Key(2)))), &|| {
        assert_eq!((bounded(&Key(1)), bounded(&Key(2)), bounded.cache().info().in_flight), (Value(1), Value(2), 0));
        bounded.cache().clear();
    });
    at_each_callout(&|| drop((unbounded(Key(1)), unbounded(Key(1)))), &|| {
        assert_eq!((unbounded(Key(1)), unbounded.cache().info().in_flight), (Some(Value(1)), 0));
        unbounded.cache().clear();
    });
    at_each_callout(&|| drop((local(&Key(1)), local(&Key(1)))), &|| {
        assert_eq!((local(&Key(1)), local.cache().info().in_flight), (Value(1), 0));
        local.cache().clear();
    });
    at_each_callout(&|| block_on(async { drop((later(&Key(1)).await, later(&Key(1)).await)) }), &|| {
        assert_eq!((block_on(later(&Key(1))), later.cache().info().in_flight), (Value(1), 0));
        later.cache().clear();
    });
    at_each_callout(&|| drop((shop.price(&Key(1)), shop.price(&Key(1)))), &|| {
        assert_eq!((shop.price(&Key(1)), Shop::price.cache().info().in_flight), (Value(1), 0));
        shop.0.clear();
    });
}

#[test]
fn and_so_does_one_under_a_handle() {
    let _caches = testing::fresh_caches();
    let shop = Shop(Memo::new());
    at_each_callout(
        &|| {
            let handle = bounded.cache();
            handle.insert((&Key(1),), Value(10));
            assert_eq!(handle.peek((&Key(1),)), Some(Value(10)));
            assert!(handle.invalidate((&Key(1),)) && !handle.contains((&Key(1),)));
            assert_eq!(handle.refresh((&Key(1),)), Value(1));
        },
        &|| {
            bounded.cache().clear();
            assert_eq!((bounded(&Key(1)), bounded.cache().info().in_flight), (Value(1), 0));
            bounded.cache().clear();
        },
    );
    at_each_callout(
        &|| {
            let handle = Shop::price.cache();
            handle.insert((&shop, &Key(1)), Value(10));
            assert!(handle.contains((&shop, &Key(1))) && handle.invalidate((&shop, &Key(1))));
        },
        &|| {
            shop.0.clear();
            assert_eq!((shop.price(&Key(1)), Shop::price.cache().info().in_flight), (Value(1), 0));
            shop.0.clear();
        },
    );
    at_each_callout(
        &|| {
            let handle = later.cache();
            handle.insert((&Key(1),), Value(10));
            assert_eq!(handle.peek((&Key(1),)), Some(Value(10)));
            assert_eq!(block_on(handle.refresh((&Key(1),))), Value(1));
        },
        &|| {
            later.cache().clear();
            assert_eq!((block_on(later(&Key(1))), later.cache().info().in_flight), (Value(1), 0));
            later.cache().clear();
        },
    );
}

/// Ready after so many polls.
async fn polls(number: u32) {
    let mut left = number;
    std::future::poll_fn(move |context| {
        context.waker().wake_by_ref();
        left = left.saturating_sub(1);
        if left == 0 { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

#[test]
fn a_future_that_is_dropped_anywhere_hands_over() {
    #[cached(skip(number))]
    async fn slow(n: u32, number: u32) -> u32 {
        polls(number).await;
        n
    }

    for (leader_polls, waiter_polls) in (0..4).flat_map(|leader| (0..4).map(move |waiter| (leader, waiter))) {
        let mut context = Context::from_waker(Waker::noop());
        let (mut waiter, mut last) = (pin!(Some(slow(1, 9))), pin!(slow(1, 2)));
        {
            let mut leader = pin!(slow(1, 9));
            (0..leader_polls).for_each(|_| assert!(leader.as_mut().poll(&mut context).is_pending()));
            for _ in 0..waiter_polls {
                let waiter = waiter.as_mut().as_pin_mut().unwrap();
                assert!(waiter.poll(&mut context).is_pending());
            }
            assert!(last.as_mut().poll(&mut context).is_pending());
        }
        waiter.set(None);
        assert_eq!(block_on(last), 1);
        assert_eq!(slow.cache().info().in_flight, 0);
        slow.cache().clear();
    }
}

#[test]
fn a_call_hashes_its_key_once() {
    thread_local!(static HASHED: Cell<u32> = const { Cell::new(0) });

    #[derive(Clone, PartialEq, Eq)]
    struct Counted(u32);

    impl Hash for Counted {
        fn hash<H: Hasher>(&self, state: &mut H) {
            HASHED.set(HASHED.get() + 1);
            self.0.hash(state);
        }
    }

    #[cached]
    fn bounded(key: &Counted) -> u32 {
        key.0
    }

    #[cached(policy = lru)]
    fn exact(key: &Counted) -> u32 {
        key.0
    }

    #[cached(scope = thread)]
    fn of_thread(key: &Counted) -> u32 {
        key.0
    }

    #[cached(stale = 1h, ttl = 1h)]
    fn refreshed(key: &Counted) -> u32 {
        key.0
    }

    for function in [bounded, exact, of_thread, refreshed] {
        // The first call makes the cache, the second misses, the third hits.
        for number in [1, 2, 2] {
            HASHED.set(0);
            assert_eq!(function(&Counted(number)), number);
            assert_eq!(HASHED.get(), 1);
        }
    }
}

thread_local! {
    /// While clones look around: the next key that nobody has asked for.
    static NEW: Cell<Option<u32>> = const { Cell::new(None) };
}

#[derive(Debug, PartialEq)]
struct Nosy(u32);

impl Clone for Nosy {
    fn clone(&self) -> Self {
        if let Some(new) = NEW.take() {
            (new..new + 100).for_each(|n| assert_eq!(block_on(nosy(n)), Nosy(n)));
            NEW.set(Some(new + 100));
        }
        Nosy(self.0)
    }
}

#[cached(unbounded)]
async fn nosy(n: u32) -> Nosy {
    polls(if n == 0 { 2 } else { 0 }).await;
    Nosy(n)
}

/// What is cloned for those who wait is cloned without a lock.
#[test]
fn a_clone_may_call_the_function_that_it_is_made_for() {
    let mut context = Context::from_waker(Waker::noop());
    let (mut leader, mut waiter) = (pin!(nosy(0)), pin!(nosy(0)));
    while leader.as_mut().poll(&mut context).is_pending() {
        assert!(waiter.as_mut().poll(&mut context).is_pending());
        NEW.set(Some(1));
    }
    assert!(NEW.take().is_some_and(|new| new > 200), "nothing was cloned for the other one");
    assert_eq!(waiter.poll(&mut context), Poll::Ready(Nosy(0)));
}

thread_local! {
    /// What the next clone of a rate does first.
    static FIRST: Cell<Option<fn()>> = const { Cell::new(None) };
    static IS_DOWN: Cell<bool> = const { Cell::new(false) };
}

#[derive(Debug, PartialEq)]
struct Rate(u32);

impl Clone for Rate {
    fn clone(&self) -> Self {
        if let Some(first) = FIRST.take() {
            first();
        }
        Rate(self.0)
    }
}

#[cached(unbounded, ttl = 10s, stale_if_error = 1m)]
fn rate(of: u32) -> Result<Rate, &'static str> {
    if IS_DOWN.get() { Err("down") } else { Ok(Rate(of)) }
}

/// A value that stands in for an error is cloned without a lock, and not given out when it has been invalidated meanwhile.
#[test]
fn a_clone_that_stands_in_may_call_the_function_and_forget_the_key() {
    let clock = testing::clock();
    assert_eq!(rate(1), Ok(Rate(1)));
    clock.advance(std::time::Duration::from_secs(11));
    IS_DOWN.set(true);
    FIRST.set(Some(|| (100..200).for_each(|n| assert_eq!(rate(n), Err("down")))));
    assert_eq!((rate(1), FIRST.get()), (Ok(Rate(1)), None));
    FIRST.set(Some(|| assert!(!rate.cache().invalidate((1,)), "it is too old")));
    assert_eq!((rate(1), FIRST.get(), rate.cache().info().in_flight), (Err("down"), None, 0));
}
