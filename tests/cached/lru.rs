//! `policy = lru`: the least recently used value is evicted first.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use festoon::cache::Removal;
use festoon::{Decorated, Memo, cached, testing};

use super::{Runs, panics};

#[test]
fn it_goes_by_the_last_use_alone() {
    #[cached(max = 2, policy = lru)]
    fn plus_one(n: u32) -> u32 {
        n + 1
    }

    for n in [7, 9, 7, 9, 7, 9, 8, 8, 8, 9, 9, 9, 8, 8, 8, 7] {
        assert_eq!(plus_one(n), n + 1);
    }
    let info = plus_one.cache().info();
    assert_eq!((info.hits, info.misses, info.len, info.capacity), (12, 4, 2, Some(2)));
    assert_eq!([7, 8, 9].map(|n| plus_one.cache().contains((n,))), [true, true, false]);
    // Of 7 and 8 the former came later, but the latter is used last.
    assert_eq!((plus_one(8), plus_one(9)), (9, 10));
    assert_eq!([7, 8, 9].map(|n| plus_one.cache().contains((n,))), [false, true, true]);
}

#[test]
fn a_look_from_outside_is_no_use() {
    #[cached(max = 2, policy = lru)]
    fn get(n: u32) -> u32 {
        n
    }

    assert_eq!((get(1), get(2), get.cache().peek((1,)), get(3)), (1, 2, Some(1), 3));
    assert_eq!([1, 2, 3].map(|n| get.cache().contains((n,))), [false, true, true]);
    get.cache().insert((2,), 20);
    get(4);
    assert_eq!([2, 3, 4].map(|n| get.cache().peek((n,))), [Some(20), None, Some(4)]);
}

#[test]
fn a_large_one_is_divided_and_each_part_keeps_its_order() {
    #[cached(max = 5000, policy = lru)]
    fn get(n: u32) -> u32 {
        n
    }

    (0..50_000).for_each(|n| assert_eq!(get(n), n));
    let info = get.cache().info();
    assert_eq!((info.len, info.capacity, info.evictions), (5000, Some(5000), 45_000));
    assert!((49_000..50_000).all(|n| get.cache().contains((n,))), "the last thousand are kept in any case");
    assert!((0..25_000).all(|n| !get.cache().contains((n,))));
    get.cache().clear();
    assert_eq!(get.cache().info().len, 0);
}

#[test]
fn by_weight() {
    #[cached(policy = lru, max_weight = 10, weigh = String::len)]
    fn text(n: usize) -> String {
        "x".repeat(n)
    }

    let kept = || (0..12).filter(|n| text.cache().contains((*n,))).collect::<Vec<_>>();
    for n in [2, 3, 4, 2] {
        text(n);
    }
    assert_eq!(kept(), [2, 3, 4]);
    text(5);
    assert_eq!(kept(), [2, 5], "two of them had to go");
    text(11);
    assert_eq!((kept(), text.cache().info().evictions), (vec![2, 5], 2), "too heavy, and drives nothing out");
    text.cache().insert((5,), "x".repeat(11));
    assert_eq!(kept(), [2], "but the value before it is out of date");
    text.cache().invalidate((2,));
    text(10);
    assert_eq!(kept(), [10], "what is gone weighs nothing");
}

#[test]
fn listeners_are_told_and_values_are_dropped_outside_of_the_lock() {
    #[derive(Clone)]
    struct Calls(u32);
    impl Drop for Calls {
        fn drop(&mut self) {
            // Would wait for ever under the lock.
            let _ = get.cache().contains((self.0,));
        }
    }
    #[cached(max = 2, policy = lru)]
    fn get(n: u32) -> Arc<Calls> {
        Arc::new(Calls(n))
    }

    get(0);
    let (sender, gone) = std::sync::mpsc::channel();
    get.cache().on_removal(move |key: &(u32,), _: &Arc<Calls>, why| sender.send((key.0, why)).unwrap());
    (1..4).for_each(|n| drop(get(n)));
    get.cache().insert((3,), Arc::new(Calls(30)));
    get.cache().invalidate((2,));
    get.cache().clear();
    let told: Vec<_> = gone.try_iter().collect();
    let (evicted, invalidated) = (Removal::Evicted, Removal::Invalidated);
    assert_eq!(told, [(0, evicted), (1, evicted), (3, Removal::Replaced), (2, invalidated), (3, invalidated)]);
}

#[test]
fn together_with_times() {
    static RUNS: Runs = Runs::new();
    #[cached(max = 2, policy = lru, ttl = 10s, tti = 4s, stale_if_error = 1m)]
    fn get(n: u32) -> Result<u32, u32> {
        let run = RUNS.one();
        if run > 3 { Err(n) } else { Ok(run) }
    }

    let clock = testing::clock();
    assert_eq!((get(1), get(2), get(1)), (Ok(1), Ok(2), Ok(1)));
    clock.advance(Duration::from_secs(5));
    assert_eq!((get(2), get.cache().contains((1,))), (Ok(3), false));
    clock.advance(Duration::from_secs(10));
    assert_eq!((get(2), get.cache().info().evictions), (Ok(3), 0));
}

struct Shop {
    memo: Memo,
}

impl Shop {
    #[cached(scope = instance, field = memo, max = 1, policy = lru)]
    fn price(&self, n: u32) -> u32 {
        n
    }
}

#[test]
fn of_a_thread_and_of_an_instance() {
    #[cached(scope = thread, max = 1, policy = lru)]
    fn get(n: u32) -> u32 {
        n
    }

    let shop = Shop { memo: Memo::new() };
    for n in [1, 2, 2, 1] {
        assert_eq!((get(n), shop.price(n)), (n, n));
    }
    assert_eq!((get.cache().info().hits, get.cache().info().evictions), (1, 2));
    assert_eq!((Shop::price.cache().info().hits, Shop::price.cache().info().evictions), (1, 2));
}

#[test]
fn of_many_threads() {
    #[cached(max = 50, policy = lru)]
    fn get(n: u64) -> String {
        n.to_string()
    }

    std::thread::scope(|scope| {
        for thread in 0..4_u64 {
            scope.spawn(move || {
                for step in 0..2000 {
                    let n = (step * step + thread) % 100;
                    match step % 7 {
                        0 => drop(get.cache().invalidate((n,))),
                        _ => assert_eq!(get(n), n.to_string()),
                    }
                }
            });
        }
    });
    let info = get.cache().info();
    assert!(info.len <= 50 && info.in_flight == 0, "{info:?}");
}

#[test]
fn a_comparison_that_panics_leaves_a_whole_cache() {
    thread_local!(static FAILS: Cell<bool> = const { Cell::new(false) });
    #[derive(Debug, Clone, Hash)]
    #[allow(clippy::derived_hash_with_manual_eq, reason = "an `Eq` that does not fit is the point")] // They agree whenever it compares.
    struct Key(u32);
    impl PartialEq for Key {
        fn eq(&self, other: &Self) -> bool {
            assert!(!FAILS.get(), "not comparable");
            self.0 == other.0
        }
    }
    impl Eq for Key {}
    #[cached(max = 3, policy = lru)]
    fn get(key: Key) -> u32 {
        key.0
    }

    let get_all = || [1, 2, 3, 3].map(|n| get(Key(n)));
    assert_eq!(get_all(), [1, 2, 3, 3]);
    FAILS.set(true);
    // One is found; for one that is not, another goes, of which no comparison is needed.
    assert_eq!((panics(|| get(Key(3))), get(Key(4))), ("not comparable".into(), 4));
    FAILS.set(false);
    assert_eq!(get_all(), [1, 2, 3, 3]);
    let info = get.cache().info();
    assert_eq!((info.len, info.hits, info.in_flight), (3, 2, 0), "{info:?}");
}
