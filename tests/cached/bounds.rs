//! Bounds are never exceeded, on any number of threads and cores.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread;

use festoon::cache::Info;
use festoon::{Decorated, cached};

/// Calls with many keys on a dozen threads while another one looks at what there is.
fn most_at_once(call: impl Fn(u32) + Sync, info: impl Fn() -> Info + Sync) -> usize {
    let (is_over, most) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(SeqCst) {
                most.fetch_max(info().len, SeqCst);
            }
        });
        thread::scope(|callers| {
            for caller in 0..12 {
                let call = &call;
                callers.spawn(move || (0..600).for_each(|n| call(n * 7 % 500 + caller * 11)));
            }
        });
        is_over.store(true, SeqCst);
    });
    most.load(SeqCst).max(info().len)
}

#[test]
fn a_number_of_values() {
    macro_rules! holds {
        ($($name:ident: $max:literal)*) => { $(
            #[cached(max = $max)]
            fn $name(n: u32) -> u32 {
                n
            }
            let most = most_at_once(|n| assert_eq!($name(n), n), || $name.cache().info());
            assert_eq!(most, $max, "all of it is used, and no more");
            assert_eq!($name.cache().info().capacity, Some($max));
        )* };
    }
    holds!(one: 1 two: 2 some: 63);
    // In several shards, of which none has a bound of its own.
    holds!(many: 513);
}

#[test]
fn the_keys_that_fit_stay() {
    #[cached(max = 1500)]
    fn get(n: u32) -> u32 {
        n
    }
    (0..1500).for_each(|n| _ = get(n));
    assert!((0..1500).all(|n| get.cache().contains((n,))));
    assert_eq!(get.cache().info().evictions, 0);
    get(1500);
    let info = get.cache().info();
    assert_eq!((info.len, info.evictions), (1500, 1));
}

/// A weight is taken as it is said, by all threads together.
#[test]
fn a_weight() {
    #[cached(max_weight = 100, weigh = |n| *n)]
    fn get(n: u64) -> u64 {
        n
    }
    let weight = || (0..=100).filter_map(|n| get.cache().peek((n,))).sum::<u64>();

    // One by one, as a single thread can add them up.
    for n in (1..=40).rev() {
        assert_eq!(get(n), n);
        assert!(get.cache().contains((n,)) && weight() <= 100, "{n}: {}", weight());
    }
    get.cache().clear();
    most_at_once(|n| _ = get(u64::from(n) % 101), || get.cache().info());
    assert!(weight() <= 100, "{}", weight());
    assert_eq!(get.cache().info().refused, 0);
}

#[test]
fn what_weighs_nothing_and_what_weighs_all() {
    #[cached(max_weight = 10, weigh = |n| *n)]
    fn get(n: u64, _place: u32) -> u64 {
        n
    }
    // Nothing weighs nothing.
    (0..100).for_each(|place| _ = get(0, place));
    get(10, 0);
    let info = get.cache().info();
    assert_eq!((info.len, info.evictions, info.refused), (101, 0, 0), "{info:?}");
    get(2, 0);
    assert!(get.cache().contains((2, 0)) && !get.cache().contains((10, 0)));
}

#[test]
fn what_is_too_heavy_is_refused_and_takes_the_older_one_with_it() {
    #[cached(max_weight = 1kb, weigh = |text| text.len())]
    fn get(_key: u8, _length: &str) -> String {
        unreachable!("it is put in by hand")
    }
    let insert = |length: usize| get.cache().insert((1, ""), "x".repeat(length));
    insert(1024);
    assert_eq!(get.cache().info().len, 1);
    insert(1025);
    let info = get.cache().info();
    assert_eq!((info.len, info.refused, info.evictions), (0, 1, 0), "{info:?}");
    insert(256);
    assert_eq!(get.cache().peek((1, "")).map(|text| text.len()), Some(256));
}

#[test]
fn by_weight_in_exact_order() {
    #[cached(max_weight = 10, policy = lru, weigh = |n| u32::try_from(*n).unwrap())]
    fn get(n: u64) -> u64 {
        n
    }
    for n in [4, 6, 0, 5] {
        get(n);
    }
    let kept: Vec<u64> = (0..10).filter(|n| get.cache().contains((*n,))).collect();
    assert_eq!(kept, [0, 5], "4 and 6 had to go");
    get(11);
    assert_eq!((get.cache().info().refused, get.cache().info().len), (1, 2));
}

/// Literals are weights too.
#[test]
fn weights_of_any_number() {
    #[cached(max_weight = 2, weigh = |_| 1)]
    fn get(n: u8) -> u8 {
        n
    }
    (0..9).for_each(|n| _ = get(n));
    assert_eq!(get.cache().info().len, 2);
}
