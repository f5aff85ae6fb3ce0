//! `#[cached]` with keys that all threads use: the cost of a hit where a lock would be shared, and of misses in half of
//! the calls.

use std::sync::LazyLock;

use foldhash::fast::RandomState;

use crate::cached::{
    KEYS, Quick, UNIFORM, ZIPF, async_cached_default, async_festoon, cached_default, cached_max_size, compute,
    festoon_max, festoon_tti, festoon_ttl, festoon_unbounded, key, quick_cache, quick_cache_get, sharded,
};
use crate::harness::{Suite, awaited};

pub fn suites() -> Vec<Suite> {
    vec![
        keys("one key", |_| 7),
        keys("sixteen keys", |number| number % 16),
        keys("Zipf 0.99, 10,000 keys", |number| key(&ZIPF, number)),
        half_misses(),
    ]
}

#[festoon::cached(unbounded)]
pub async fn async_unbounded(x: u64) -> u64 {
    compute(x)
}

#[festoon::cached(max = 20_000, ttl = 1h)]
pub async fn async_ttl(x: u64) -> u64 {
    compute(x)
}

/// A table without locks, and without a bound.
#[inline(never)]
fn papaya_get(x: u64) -> u64 {
    static MAP: LazyLock<papaya::HashMap<u64, u64, RandomState>> =
        LazyLock::new(|| papaya::HashMap::with_hasher(RandomState::default()));
    let map = MAP.pin();
    map.get(&x).copied().unwrap_or_else(|| {
        map.insert(x, compute(x));
        compute(x)
    })
}

/// Another one.
#[inline(never)]
fn scc_get(x: u64) -> u64 {
    static MAP: LazyLock<scc::HashIndex<u64, u64, RandomState>> =
        LazyLock::new(|| scc::HashIndex::with_hasher(RandomState::default()));
    MAP.peek_with(&x, |_, value| *value).unwrap_or_else(|| {
        let _ = MAP.insert_sync(x, compute(x));
        compute(x)
    })
}

fn keys(name: &str, of: fn(u64) -> u64) -> Suite {
    Suite::new(format!("cached: a hit, u64 -> u64, {name}"))
        .case("the key alone", of)
        .case("64-shard RwLock map", move |number| sharded(of(number)))
        .case("papaya", move |number| papaya_get(of(number)))
        .case("scc HashIndex", move |number| scc_get(of(number)))
        .case("quick_cache get", move |number| quick_cache_get(of(number)))
        .floor()
        .case("festoon, max", move |number| festoon_max(of(number)))
        .case("festoon, unbounded", move |number| festoon_unbounded(of(number)))
        .case("festoon, max + ttl", move |number| festoon_ttl(of(number)))
        .case("festoon, max + tti", move |number| festoon_tti(of(number)))
        .batch("festoon, max, async", awaited!(move |number| async_festoon(of(number))))
        .batch("festoon, unbounded, async", awaited!(move |number| async_unbounded(of(number))))
        .batch("festoon, max + ttl, async", awaited!(move |number| async_ttl(of(number))))
        .case("cached", move |number| cached_default(of(number)))
        .case("cached, max_size", move |number| cached_max_size(of(number)))
        .batch("cached, async", awaited!(move |number| async_cached_default(of(number))))
}

/// Twice as many keys as there is room for, in an order that no policy can predict.
#[inline(always)]
fn half(number: u64) -> u64 {
    key(&UNIFORM, number)
}

const HALF: usize = KEYS as usize / 2;

#[festoon::cached(max = 5_000)]
#[inline(never)]
fn half_festoon(x: u64) -> u64 {
    compute(x)
}

#[inline(never)]
fn half_quick_cache(x: u64) -> u64 {
    static CACHE: LazyLock<Quick<u64>> = LazyLock::new(|| quick_cache(HALF));
    CACHE.get_or_insert_with(&x, || Ok::<u64, ()>(compute(x))).unwrap_or(0)
}

#[cached::macros::cached(max_size = 5_000)]
#[inline(never)]
fn half_cached(x: u64) -> u64 {
    compute(x)
}

fn half_misses() -> Suite {
    Suite::new("cached: every other call is a miss, u64 -> u64, 5,000 entries")
        .case("quick_cache get_or_insert_with", |number| half_quick_cache(half(number)))
        .floor()
        .case("festoon, max", |number| half_festoon(half(number)))
        .case("cached, max_size", |number| half_cached(half(number)))
}
