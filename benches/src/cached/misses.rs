//! New keys: a miss that stores a value and evicts another.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::*;

static NEXT: AtomicU64 = AtomicU64::new(1 << 32);

/// Numbers that no case has used before.
fn fresh(call: impl Fn(u64) -> u64 + Sync + 'static) -> impl Fn(std::ops::Range<u64>) + Sync + 'static {
    move |numbers| {
        let calls = numbers.end - numbers.start;
        let first = NEXT.fetch_add(calls, Relaxed);
        for number in first..first + calls {
            std::hint::black_box(call(std::hint::black_box(number)));
        }
    }
}

#[inline(never)]
fn miss_quick_cache(x: u64) -> u64 {
    static CACHE: LazyLock<Quick<u64>> = LazyLock::new(|| quick_cache(KEYS as usize));
    CACHE.get(&x).unwrap_or_else(|| {
        CACHE.insert(x, compute(x));
        compute(x)
    })
}

/// With single flight, like festoon's `#[cached]`.
#[inline(never)]
fn miss_quick_cache_single(x: u64) -> u64 {
    static CACHE: LazyLock<Quick<u64>> = LazyLock::new(|| quick_cache(KEYS as usize));
    CACHE.get_or_insert_with(&x, || Ok::<u64, ()>(compute(x))).unwrap_or(0)
}

#[festoon::cached(max = 10_000)]
#[inline(never)]
fn miss_festoon(x: u64) -> u64 {
    compute(x)
}

#[cached::macros::cached(max_size = 10_000)]
#[inline(never)]
fn miss_cached(x: u64) -> u64 {
    compute(x)
}

#[cached::macros::cached(max_size = 10_000, sync_writes = "by_key")]
#[inline(never)]
fn miss_cached_by_key(x: u64) -> u64 {
    compute(x)
}

#[cached::macros::concurrent_cached(max_size = 10_000)]
#[inline(never)]
fn miss_concurrent_cached(x: u64) -> u64 {
    compute(x)
}

#[inline(never)]
fn miss_moka(x: u64) -> u64 {
    static CACHE: LazyLock<moka::sync::Cache<u64, u64, RandomState>> =
        LazyLock::new(|| moka::sync::Cache::builder().max_capacity(KEYS).build_with_hasher(RandomState::default()));
    CACHE.get_with(x, || compute(x))
}

pub fn suite() -> Suite {
    Suite::new("cached: a miss that stores and evicts, u64 -> u64, 10,000 entries")
        .batch("quick_cache get + insert", fresh(miss_quick_cache))
        .batch("quick_cache get_or_insert_with", fresh(miss_quick_cache_single))
        .floor()
        .batch("festoon, max", fresh(miss_festoon))
        .batch("cached, max_size", fresh(miss_cached))
        .batch("cached, max_size, by_key", fresh(miss_cached_by_key))
        .batch("concurrent_cached, max_size", fresh(miss_concurrent_cached))
        .batch("moka get_with", fresh(miss_moka))
}
