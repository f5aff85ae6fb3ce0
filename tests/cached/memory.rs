//! The memory of removed values is returned to the system.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicIsize, Ordering::SeqCst};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use allocation_counter::measure;
use festoon::{Decorated, Memo, cached, testing};

/// A value that is counted while it, or a clone of it, exists.
#[derive(Debug)]
struct Counted(&'static AtomicIsize);

impl Counted {
    fn new(counter: &'static AtomicIsize) -> Self {
        counter.fetch_add(1, SeqCst);
        Counted(counter)
    }
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        Counted::new(self.0)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}

/// Runs `test` while another thread, which has just had a hit, does nothing.
fn beside_a_sleeper(hit: impl FnOnce() + Send, test: impl FnOnce()) {
    let (wake, sleep) = mpsc::channel::<()>();
    let (is_asleep, asleep) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            hit();
            is_asleep.send(()).unwrap();
            let _ = sleep.recv();
        });
        asleep.recv().unwrap();
        test();
        drop(wake);
    });
}

#[test]
fn of_evicted_values_a_few_wait_at_most() {
    static ALIVE: AtomicIsize = AtomicIsize::new(0);
    #[cached(max = 40)]
    fn get(_n: u32) -> Counted {
        Counted::new(&ALIVE)
    }
    let hit = || {
        get(0);
        get(0);
    };
    beside_a_sleeper(hit, || {
        for n in 0..10_000 {
            drop(get(n));
            let alive = ALIVE.load(SeqCst);
            // An eighth of the bound.
            assert!(alive <= 40 + 5, "{alive} after {n}");
        }
    });
    assert!(ALIVE.load(SeqCst) >= 40);
}

/// A cache of one value frees the old one before it gives out the new one.
#[test]
fn where_there_is_room_for_few_none_waits() {
    static ALIVE: AtomicIsize = AtomicIsize::new(0);
    #[cached(max = 1)]
    fn get(_n: u32) -> Counted {
        Counted::new(&ALIVE)
    }
    beside_a_sleeper(
        || drop((get(0), get(0))),
        || {
            for n in 1..100 {
                drop(get(n));
                assert_eq!(ALIVE.load(SeqCst), 1);
            }
        },
    );
}

#[test]
fn what_is_taken_out_by_hand_is_freed_at_once() {
    static ALIVE: AtomicIsize = AtomicIsize::new(0);
    #[cached(unbounded)]
    fn get(_n: u32) -> Counted {
        Counted::new(&ALIVE)
    }
    #[cached(unbounded, ttl = 1s)]
    fn expiring(_n: u32) -> Counted {
        Counted::new(&ALIVE)
    }

    let clock = testing::clock();
    let hits = || (0..300).for_each(|n| drop((get(n), get(n))));
    beside_a_sleeper(hits, || {
        assert_eq!(ALIVE.load(SeqCst), 300);
        assert!(get.cache().invalidate((7,)));
        assert_eq!(ALIVE.load(SeqCst), 299);
        get.cache().clear();
        assert_eq!(ALIVE.load(SeqCst), 0);
        (0..300).for_each(|n| drop(expiring(n)));
        clock.advance(Duration::from_millis(1001));
        assert_eq!((ALIVE.load(SeqCst), expiring.cache().purge_expired()), (300, 300));
        assert_eq!(ALIVE.load(SeqCst), 0);
    });
}

thread_local! {
    /// Told when a value is being cloned on this thread, which goes on when it is told.
    static IN_CLONE: RefCell<Option<(mpsc::Sender<()>, mpsc::Receiver<()>)>> = const { RefCell::new(None) };
}

#[derive(Debug)]
struct Slow(Counted);

impl Clone for Slow {
    fn clone(&self) -> Self {
        let clone = Slow(self.0.clone());
        if let Some((arrived, go_on)) = IN_CLONE.take() {
            arrived.send(()).unwrap();
            go_on.recv().unwrap();
            // It is still there.
            drop(self.0.clone());
        }
        clone
    }
}

/// Runs `test` while another thread is in the middle of a hit; it goes on when `test` drops what it is given.
fn while_a_hit_clones(hit: fn() -> Slow, test: impl FnOnce(mpsc::Sender<()>)) {
    let (arrived, has_arrived) = mpsc::channel();
    let (go_on, goes_on) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            IN_CLONE.set(Some((arrived, goes_on)));
            drop(hit());
        });
        has_arrived.recv().unwrap();
        test(go_on);
    });
}

/// Also while its value is being read, for as long as that takes.
#[test]
fn a_value_that_is_being_cloned_is_freed_after_that() {
    static ALIVE: AtomicIsize = AtomicIsize::new(0);
    #[cached(max = 2)]
    fn get(_n: u32) -> Slow {
        Slow(Counted::new(&ALIVE))
    }

    drop(get(0));
    while_a_hit_clones(
        || get(0),
        |go_on| {
            assert!(get.cache().invalidate((0,)));
            // The one that is read, and its clone; what else goes meanwhile is freed.
            assert_eq!(ALIVE.load(SeqCst), 2);
            (1..50).for_each(|n| drop(get(n)));
            assert_eq!(ALIVE.load(SeqCst), 2 + 2);
            go_on.send(()).unwrap();
        },
    );
    drop(get(50));
    assert_eq!(ALIVE.load(SeqCst), 2);
}

/// Then it waits for the next operation, though that finds an empty cache.
#[test]
fn what_was_read_during_a_clear_goes_with_the_next_one() {
    static ALIVE: AtomicIsize = AtomicIsize::new(0);
    #[cached(unbounded)]
    fn get(_n: u32) -> Slow {
        Slow(Counted::new(&ALIVE))
    }

    for forget in [|| get.cache().clear(), || _ = get.cache().purge_expired()] {
        drop(get(0));
        while_a_hit_clones(
            || get(0),
            |go_on| {
                get.cache().clear();
                assert_eq!(ALIVE.load(SeqCst), 2);
                go_on.send(()).unwrap();
            },
        );
        assert_eq!(ALIVE.load(SeqCst), 1);
        forget();
        assert_eq!(ALIVE.load(SeqCst), 0);
    }
}

#[test]
fn a_cache_that_ends_with_its_owner_frees_everything() {
    static ALIVE: AtomicIsize = AtomicIsize::new(0);
    #[derive(Default)]
    struct Shop {
        memo: Memo,
    }
    impl Shop {
        #[cached(scope = instance, field = memo, max = 100)]
        fn price(&self, _n: u32) -> Counted {
            Counted::new(&ALIVE)
        }
    }
    let shop = Shop::default();
    beside_a_sleeper(|| drop((shop.price(0), shop.price(0))), || (0..500).for_each(|n| drop(shop.price(n))));
    assert!(ALIVE.load(SeqCst) >= 100);
    drop(shop);
    assert_eq!(ALIVE.load(SeqCst), 0);
}

/// Memory follows what is alive, though nobody clears the cache: a stream of keys, each of which lives for ten calls.
#[test]
fn expired_values_make_room_for_new_ones() {
    #[cached(unbounded, ttl = 10ms)]
    fn get(n: u64) -> u64 {
        n
    }
    let clock = testing::clock();
    let stream = |keys: std::ops::Range<u64>| {
        for n in keys {
            clock.advance(Duration::from_micros(10));
            get(n);
        }
    };
    stream(0..2_000);
    let later = measure(|| stream(2_000..40_000));
    // A thousand are alive at any time.
    let len = get.cache().info().len;
    assert!((1_000..=1_500).contains(&len), "{len}");
    assert!(later.bytes_current < 64 << 10, "{later:?}");
}

/// Lives of different lengths do not stand in each other's way.
#[test]
fn short_lives_behind_long_ones_end_too() {
    #[cached(unbounded, ttl = |n: &u64| Duration::from_millis(if n.is_multiple_of(2) { 100_000 } else { 10 }))]
    fn get(n: u64) -> u64 {
        n
    }
    let clock = testing::clock();
    for n in 0..20_000 {
        clock.advance(Duration::from_micros(10));
        get(n);
    }
    let len = get.cache().info().len;
    assert!((10_000..=11_500).contains(&len), "{len}");
}

/// Nor do those of many lengths, nor values that are used again and again while others are not.
#[test]
fn lives_of_many_lengths_and_values_that_live_on() {
    #[cached(unbounded, ttl = |n: &u64| Duration::from_micros(10 << (n % 16)))]
    fn many(n: u64) -> u64 {
        n
    }
    #[cached(unbounded, tti = 10ms, ttl = 1h)]
    fn used(n: u64) -> u64 {
        n
    }
    let clock = testing::clock();
    for n in 0..40_000 {
        clock.advance(Duration::from_micros(10));
        many(n);
        used(n);
        used(n % 100);
    }
    // Each sixteenth call leaves a value for up to 32,768 calls: 4,096 of all lengths together.
    let len = many.cache().info().len;
    assert!((3_000..6_500).contains(&len), "{len}");
    // A thousand that nobody asked for again, and a hundred that are asked for all the time.
    let len = used.cache().info().len;
    assert!((1_050..2_000).contains(&len), "{len}");
    assert_eq!(used.cache().info().misses, 40_000);
}

#[test]
fn a_table_that_was_large_is_small_again() {
    #[cached(unbounded)]
    fn get(n: u64) -> u64 {
        n
    }
    get(0);
    let all = measure(|| {
        (0..20_000).for_each(|n| _ = get(n));
        get.cache().clear();
        (0..100).for_each(|n| _ = get(n));
    });
    assert!(all.bytes_current < 64 << 10, "{all:?}");
}

/// What one value takes, all told: it stands in the guide.
#[test]
fn an_entry_takes_a_hundred_bytes() {
    #[cached(max = 10_000)]
    fn bounded(n: u64) -> u64 {
        n
    }
    #[cached(unbounded)]
    fn unbounded(n: u64) -> u64 {
        n
    }
    (bounded(0), unbounded(0));
    let full = measure(|| (0..10_000).for_each(|n| _ = bounded(n))).bytes_current / 10_000;
    let turned_over = full + measure(|| (10_000..50_000).for_each(|n| _ = bounded(n))).bytes_current / 10_000;
    let free = measure(|| (0..10_000).for_each(|n| _ = unbounded(n))).bytes_current / 10_000;
    assert!(turned_over <= 100 && free <= 80, "{full} {turned_over} {free}");
}

/// Values are shared with readers, never torn: each thread sees what some thread has put in.
#[test]
fn threads_that_read_and_write_the_same_keys() {
    #[cached(max = 8)]
    fn get(n: u32) -> Arc<(u32, HashMap<u32, String>)> {
        Arc::new((n, HashMap::from([(n, n.to_string())])))
    }
    thread::scope(|scope| {
        for thread in 0..8_u32 {
            scope.spawn(move || {
                for turn in 0..2_000 {
                    let n = (turn * 7 + thread) % 16;
                    let value = get(n);
                    assert_eq!((value.0, value.1[&n].as_str()), (n, n.to_string().as_str()));
                    match turn % 9 {
                        0 => _ = get.cache().invalidate((n,)),
                        1 => get.cache().insert((n,), Arc::new((n, HashMap::from([(n, n.to_string())])))),
                        2 if turn % 50 == 2 => get.cache().clear(),
                        _ => {}
                    }
                }
            });
        }
    });
}
