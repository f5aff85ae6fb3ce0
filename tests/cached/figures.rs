//! `f.cache().info()`: how long runs take, what expires, what the values weigh.

use std::panic::catch_unwind;
use std::time::Duration;

use festoon::{Decorated, cached, testing};
use futures::FutureExt;

const SECOND: Duration = Duration::from_secs(1);

/// Ticks are not whole nanoseconds.
fn seconds(time: Duration) -> u64 {
    (time + Duration::from_millis(1)).as_secs()
}

thread_local! {
    static CLOCK: std::cell::OnceCell<testing::Handle> = const { std::cell::OnceCell::new() };
}

#[test]
fn runs_and_how_long_they_take() {
    #[cached]
    fn slow(n: u32) -> Result<u32, u32> {
        CLOCK.with(|clock| clock.get().unwrap().advance(n * SECOND));
        if n == 3 {
            std::panic::resume_unwind(Box::new(()));
        }
        if n == 2 { Err(n) } else { Ok(n) }
    }

    let clock = testing::clock();
    CLOCK.with(|here| here.set(clock.handle()).unwrap());
    slow(1).unwrap();
    slow(1).unwrap();
    slow(2).unwrap_err();
    assert!(catch_unwind(|| slow(3)).is_err());
    let info = slow.cache().info();
    assert_eq!((info.hits, info.misses, info.loads), (1, 3, 3));
    assert_eq!((seconds(info.load_time), seconds(info.mean_load_time())), (6, 2));
    slow.cache().clear();
    let info = slow.cache().info();
    assert_eq!((info.loads, info.load_time), (0, Duration::ZERO));
}

#[test]
fn async_runs_that_are_cancelled_too() {
    #[cached]
    async fn slow(n: u64) -> u64 {
        if n == 1 {
            std::future::pending::<()>().await;
        }
        tokio::task::yield_now().await;
        n
    }

    let clock = testing::clock();
    let mut stuck = Box::pin(slow(1));
    assert!(stuck.as_mut().now_or_never().is_none());
    assert_eq!((slow.cache().info().loads, slow.cache().info().in_flight), (0, 1));
    clock.advance(2 * SECOND);
    drop(stuck);
    assert_eq!(futures::executor::block_on(slow(2)), 2);
    let info = slow.cache().info();
    assert_eq!((info.loads, seconds(info.load_time)), (2, 2));
}

/// Of each kind of store: expired values that are replaced, that make room, and that are purged.
macro_rules! expirations {
    ($name:ident, $($option:tt)*) => {
        #[test]
        fn $name() {
            #[cached(ttl = 10s, $($option)*)]
            fn get(n: u64) -> u64 {
                n
            }

            let clock = testing::clock();
            (0..3).for_each(|n| _ = get(n));
            assert_eq!(get.cache().info().expirations, 0);
            clock.advance(9 * SECOND);
            get(0);
            assert_eq!(get.cache().info().hits, 1);
            clock.advance(2 * SECOND);
            // The first is replaced, the other two make room at the same time, or are purged.
            get(1);
            assert!((1..=3).contains(&get.cache().info().expirations));
            get.cache().purge_expired();
            assert_eq!((get.cache().info().expirations, get.cache().info().len, get.cache().info().evictions), (3, 1, 0));
            get.cache().invalidate((1,));
            assert_eq!(get.cache().info().expirations, 3);
        }
    };
}

expirations!(expirations_of_max, max = 100);
expirations!(expirations_of_unbounded, unbounded);
expirations!(expirations_of_lru, policy = lru, max = 100);
expirations!(expirations_of_a_thread, scope = thread, max = 100);
expirations!(expirations_of_weights, max_weight = 1000, weigh = |_| 1_u64);

#[test]
fn a_value_that_is_refreshed_has_not_expired() {
    #[cached(ttl = 10s)]
    fn get(n: u64) -> u64 {
        n
    }

    let _clock = testing::clock();
    get(1);
    get.cache().insert((1,), 2);
    get.cache().invalidate((1,));
    assert_eq!(get.cache().info().expirations, 0);
}

#[test]
fn what_the_values_weigh() {
    #[cached(max_weight = 100, weigh = |text| text.len() as u64)]
    fn text(length: usize) -> String {
        "x".repeat(length)
    }

    #[cached(policy = lru, max_weight = 100, weigh = |text| text.len() as u64)]
    fn lru(length: usize) -> String {
        "x".repeat(length)
    }

    #[cached]
    fn plain(length: usize) -> String {
        "x".repeat(length)
    }

    for length in [10, 20, 200] {
        text(length);
        lru(length);
        plain(length);
    }
    assert_eq!((text.cache().info().weight, lru.cache().info().weight), (Some(30), Some(30)));
    assert_eq!((text.cache().info().refused, plain.cache().info().weight), (1, None));
    text.cache().invalidate((10,));
    lru.cache().clear();
    assert_eq!((text.cache().info().weight, lru.cache().info().weight), (Some(20), Some(0)));

    let metrics = festoon::metrics::collect().to_prometheus();
    let of = |name: &str| {
        metrics.lines().find(|line| line.starts_with(name) && line.contains("what_the_values_weigh::text"))
    };
    assert!(of("festoon_cache_weight{").is_some_and(|line| line.ends_with(" 20")), "{metrics}");
    assert!(of("festoon_cache_loads_total{").is_some_and(|line| line.ends_with(" 3")), "{metrics}");
    assert!(of("festoon_cache_load_seconds_total{").is_some() && of("festoon_cache_expirations_total{").is_some());
    assert!(!metrics.lines().any(|line| line.starts_with("festoon_cache_weight{") && line.contains("weigh::plain")));
}
