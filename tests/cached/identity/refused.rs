//! Values that are refused, and the older values in their place.

use super::*;

static LIMIT: AtomicU32 = AtomicU32::new(100);

#[cached(if = |n| *n < LIMIT.load(SeqCst))]
fn below_limit(n: u32) -> u32 {
    n + LIMIT.load(SeqCst) - 100
}

#[test]
fn a_value_that_is_refused_takes_the_older_one_with_it() {
    let caches = testing::fresh_caches();
    let handle = below_limit.cache();
    assert_eq!((below_limit(1), handle.peek((1,))), (1, Some(1)));
    handle.on_removal(|_: &(u32,), _: &u32, why| assert_eq!(why, Removal::Invalidated));
    handle.insert((1,), 100);
    assert_eq!(handle.peek((1,)), None);
    assert_eq!((below_limit(1), handle.peek((1,))), (1, Some(1)));
    LIMIT.store(0, SeqCst);
    #[cached]
    fn maybe(n: u32) -> Option<u32> {
        (LIMIT.load(SeqCst) > 0).then_some(n)
    }
    maybe.cache().insert((1,), Some(5));
    assert_eq!((maybe.cache().refresh((1,)), maybe.cache().peek((1,))), (None, None));
    maybe.cache().insert((1,), Some(5));
    maybe.cache().insert((1,), None);
    assert_eq!(maybe.cache().peek((1,)), None);
    LIMIT.store(100, SeqCst);
    drop(caches);
}

#[test]
fn a_refused_refresh_leaves_nothing_behind() {
    static REFUSED: AtomicU32 = AtomicU32::new(0);
    #[cached(if = |n| *n != REFUSED.load(SeqCst))]
    fn number(_n: u32) -> u32 {
        5
    }

    assert_eq!((number(1), number.cache().peek((1,))), (5, Some(5)));
    REFUSED.store(5, SeqCst);
    assert_eq!((number.cache().refresh((1,)), number.cache().peek((1,))), (5, None));
}

#[test]
fn negative_ttl_is_for_ok_of_none_too() {
    static RUNS: Runs = Runs::new();
    #[cached(ttl = 60s, negative_ttl = 5s)]
    fn find(n: u32) -> Result<Option<u32>, String> {
        RUNS.one();
        match n {
            0 => Err("no".to_owned()),
            1 => Ok(None),
            n => Ok(Some(n)),
        }
    }
    static IO_RUNS: Runs = Runs::new();
    #[cached(ttl = 60s, negative_ttl = 5s)]
    fn read(n: u32) -> std::io::Result<Option<u32>> {
        IO_RUNS.one();
        match n {
            0 => Err(std::io::ErrorKind::NotFound.into()),
            1 => Ok(None),
            n => Ok(Some(n)),
        }
    }

    let clock = testing::clock();
    let all = || (0..3).for_each(|n| drop((find(n), read(n).ok())));
    (0..2).for_each(|_| all());
    assert_eq!((RUNS.count(), IO_RUNS.count()), (3, 4), "an error of `io` cannot be kept");
    clock.advance(std::time::Duration::from_secs(5));
    all();
    assert_eq!((RUNS.count(), IO_RUNS.count()), (5, 6), "`Ok(Some)` lives on");
}
