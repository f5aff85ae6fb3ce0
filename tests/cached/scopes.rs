//! Caches per thread and per instance.

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use festoon::{Decorated, Memo, cached, testing};

use super::{Runs, panics};

#[test]
fn each_thread_has_a_cache_of_its_own() {
    static RUNS: Runs = Runs::new();
    #[cached(scope = thread)]
    fn length(text: &str, add: u32) -> Result<u32, String> {
        RUNS.one();
        if text.is_empty() { Err("nothing".to_owned()) } else { Ok(u32::try_from(text.len()).unwrap() + add) }
    }

    let three = || (length("tea", 0), length("tea", 0), length("tea", 1));
    assert_eq!(three(), (Ok(3), Ok(3), Ok(4)));
    assert_eq!(RUNS.count(), 2);
    assert_eq!(std::thread::spawn(three).join().unwrap(), (Ok(3), Ok(3), Ok(4)));
    assert_eq!(RUNS.count(), 4);
    assert!(length("", 0).is_err() && length("", 0).is_err());
    let info = length.cache().info();
    assert_eq!((info.hits, info.misses, info.len, info.capacity), (2, 6, 2, Some(1024)));
}

#[test]
fn a_thread_asks_and_changes_its_own_cache_and_clear_reaches_all() {
    #[cached(scope = thread, unbounded)]
    fn double(n: u32) -> u32 {
        2 * n
    }

    let (to, orders) = channel::<()>();
    let (seen, sights) = channel();
    double.cache().insert((1,), 77);
    assert_eq!(double(1), 77);
    let other = std::thread::spawn(move || {
        assert!(!double.cache().contains((1,)));
        assert_eq!(double(1), 2);
        seen.send(double.cache().info().len).unwrap();
        orders.recv().unwrap();
        seen.send(double.cache().peek((1,)).map_or(0, |_| 1)).unwrap();
    });
    assert_eq!(sights.recv(), Ok(1));
    assert!(double.cache().invalidate((1,)) && !double.cache().invalidate((1,)));
    double(2);
    assert_eq!(double.cache().refresh((2,)), 4);
    double.cache().clear();
    assert_eq!(double.cache().info().len, 0);
    to.send(()).unwrap();
    assert_eq!(sights.recv(), Ok(0));
    other.join().unwrap();
}

#[test]
fn a_threads_cache_knows_time_and_room_and_itself() {
    static RUNS: Runs = Runs::new();
    #[cached(scope = thread, max = 2, ttl = 10s)]
    fn one(n: u32) -> u32 {
        n + RUNS.one()
    }
    #[cached(scope = thread)]
    fn circle(n: u32) -> u32 {
        circle(n)
    }
    #[cached(scope = thread, unbounded)]
    fn fib(n: u64) -> u64 {
        if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
    }

    let clock = testing::clock();
    assert_eq!((one(0), one(0)), (1, 1));
    clock.advance(Duration::from_secs(10));
    assert_eq!(one(0), 2);
    (1..50).for_each(|n| _ = one(n));
    assert!(one.cache().info().len <= 2 && one.cache().info().evictions >= 47);
    assert!(panics(|| circle(1)).contains("waits for itself"));
    assert_eq!((fib(80), fib.cache().info().misses), (23_416_728_348_467_685, 81));
}

#[test]
fn generic_functions_and_methods_have_one_for_each_thread_too() {
    static RUNS: Runs = Runs::new();
    #[cached(scope = thread)]
    fn text<T: ToString + Clone + Eq + std::hash::Hash + Send + Sync + 'static>(of: T) -> String {
        RUNS.one();
        of.to_string()
    }
    #[derive(Clone, PartialEq, Eq, Hash)]
    struct Shop(u32);
    impl Shop {
        #[cached(scope = thread)]
        fn price(&self, n: u32) -> u32 {
            RUNS.one();
            self.0 + n
        }
    }

    assert_eq!((text(1_u8), text(1_u16), text(1_u8)), ("1".to_owned(), "1".to_owned(), "1".to_owned()));
    assert_eq!((Shop(1).price(1), Shop(2).price(1), Shop(1).price(1)), (2, 3, 2));
    assert_eq!(RUNS.count(), 4);
    assert_eq!((text::<u8>.cache().info().hits, Shop::price.cache().info().hits), (1, 1));
    assert!(Shop::price.cache().contains((&Shop(2), 1)));
}

#[test]
fn a_test_has_fresh_caches_of_its_thread() {
    #[cached(scope = thread)]
    fn one(n: u32) -> u32 {
        n
    }

    one(1);
    let caches = testing::fresh_caches();
    assert!(!one.cache().contains((1,)));
    one(1);
    assert_eq!((one(1), one.cache().info().hits), (1, 1));
    drop(caches);
    assert_eq!((one.cache().info().hits, one.cache().info().misses), (0, 1));
}

#[test]
fn a_call_from_a_destructor_of_the_thread_runs_the_body() {
    static RUNS: Runs = Runs::new();
    #[cached(scope = thread)]
    fn one(n: u32) -> u32 {
        RUNS.one();
        n
    }
    struct Last;
    impl Drop for Last {
        fn drop(&mut self) {
            assert_eq!((one(1), one(1)), (1, 1));
        }
    }
    thread_local!(static LAST: Last = const { Last });

    std::thread::spawn(|| {
        LAST.with(|_| ());
        one(1)
    })
    .join()
    .unwrap();
    assert!(RUNS.count() >= 2);
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Shop {
    town: String,
    memo: Memo,
}

impl Shop {
    fn of(town: &str) -> Self {
        Shop { town: town.to_owned(), memo: Memo::new() }
    }

    #[cached(scope = instance, field = memo)]
    fn price(&self, sku: &str) -> Result<String, ()> {
        Ok(format!("{sku} in {}", self.town))
    }

    #[cached(scope = instance, field = memo, ttl = 10s, key = (n % 10))]
    async fn later(&mut self, n: u32) -> usize {
        std::future::ready(()).await;
        self.town.push('!');
        self.town.len() + n as usize
    }

    #[cached(scope = instance, field = memo)]
    fn shared(self: &Arc<Self>, n: u32) -> u32 {
        n
    }
}

#[test]
fn each_instance_has_values_of_its_own_which_go_with_it() {
    let caches = testing::fresh_caches();
    let (oslo, rome) = (Shop::of("Oslo"), Shop::of("Rome"));
    for _ in 0..2 {
        assert_eq!(oslo.price("tea").unwrap(), "tea in Oslo");
        assert_eq!(rome.price("tea").unwrap(), "tea in Rome");
    }
    assert_eq!((oslo.memo.len(), oslo.memo.is_empty()), (1, false));
    let info = Shop::price.cache().info();
    assert_eq!((info.hits, info.misses, info.len), (2, 2, 2));
    drop(rome);
    assert_eq!(Shop::price.cache().info().len, 1);
    assert_eq!(oslo, Shop::of("Oslo"));
    assert!(oslo.clone().memo.is_empty());
    drop(caches);
}

#[test]
fn values_go_with_their_instance() {
    struct Scene {
        memo: Memo,
    }
    impl Scene {
        #[cached(scope = instance, field = memo)]
        fn big(&self, n: u32) -> Arc<u32> {
            Arc::new(n)
        }
    }

    let scene = Scene { memo: Memo::default() };
    let weak = Arc::downgrade(&scene.big(1));
    assert!(weak.upgrade().is_some());
    drop(scene);
    assert!(weak.upgrade().is_none());
}

#[test]
fn an_instances_cache_is_asked_and_changed_by_its_handle() {
    let caches = testing::fresh_caches();
    let (oslo, rome) = (Shop::of("Oslo"), Shop::of("Rome"));
    Shop::price.cache().insert((&oslo, "tea"), Ok("for nothing".to_owned()));
    assert_eq!(oslo.price("tea").unwrap(), "for nothing");
    rome.price("tea").unwrap();
    Shop::price.cache().insert((&rome, "tea"), Ok("too".to_owned()));
    assert_eq!(Shop::price.cache().peek((&rome, "tea")), Some(Ok("too".to_owned())));
    assert!(Shop::price.cache().invalidate((&oslo, "tea")) && !Shop::price.cache().contains((&oslo, "tea")));
    assert_eq!(Shop::price.cache().refresh((&rome, "tea")).unwrap(), "tea in Rome");
    rome.memo.clear();
    assert!(rome.memo.is_empty());
    rome.price("tea").unwrap();
    Shop::price.cache().clear();
    assert!(rome.memo.is_empty() && oslo.memo.is_empty());
    drop(caches);
}

#[test]
fn mutable_and_async_methods_and_shared_ones_have_them_too() {
    let clock = testing::clock();
    let mut oslo = Shop::of("Oslo");
    futures::executor::block_on(async {
        assert_eq!((oslo.later(1).await, oslo.later(11).await), (6, 6));
        clock.advance(Duration::from_secs(10));
        assert_eq!(oslo.later(1).await, 7);
    });
    let shared = Arc::new(oslo);
    assert_eq!((shared.shared(1), shared.shared(1)), (1, 1));
    assert_eq!(Shop::shared.cache().info().hits, 1);
}

#[test]
fn a_trait_method_of_a_generic_type_has_one_for_each_instance() {
    trait Area {
        fn area(&self, scale: u32) -> u32;
    }
    struct Square<T> {
        side: T,
        inner: Inner,
    }
    struct Inner {
        memo: Memo,
    }
    impl<T: Into<u32> + Copy> Area for Square<T> {
        #[cached(scope = instance, field = inner.memo, max = 4)]
        fn area(&self, scale: u32) -> u32 {
            self.side.into() * scale
        }
    }

    let small = Square { side: 2_u8, inner: Inner { memo: Memo::new() } };
    let large = Square { side: 100_u16, inner: Inner { memo: Memo::new() } };
    assert_eq!((small.area(3), small.area(3), large.area(3)), (6, 6, 300));
    assert_eq!(<Square<u8> as Area>::area.cache().info().hits, 1);
}

#[test]
fn many_threads_share_an_instance_and_run_once() {
    static RUNS: Runs = Runs::new();
    struct Slow {
        memo: Memo,
    }
    impl Slow {
        #[cached(scope = instance, field = memo)]
        fn once(&self) -> u32 {
            let run = RUNS.one();
            std::thread::yield_now();
            run
        }
    }

    let slow = Slow { memo: Memo::new() };
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(slow.once(), 1));
        }
    });
}
