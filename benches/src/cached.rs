//! `#[cached]`: the cost of a hit, and of a miss that stores a value.

mod misses;

use std::cell::RefCell;
use std::hash::{BuildHasher, Hash};
use std::sync::LazyLock;

use foldhash::fast::RandomState;
use hashbrown::{Equivalent, HashMap, HashTable};
use memoize::memoize;
use parking_lot::RwLock;
use quick_cache::sync::{Cache as QuickCache, DefaultLifecycle};
use quick_cache::{OptionsBuilder, UnitWeighter};

use crate::harness::{Suite, awaited};

pub fn suites() -> Vec<Suite> {
    vec![
        numbers(UNIFORM.as_slice(), "uniform"),
        numbers(ZIPF.as_slice(), "Zipf 0.99"),
        texts(),
        asynchronous(),
        misses::suite(),
    ]
}

pub const KEYS: u64 = 10_000;
/// Twice the number of keys: a sharded cache must not evict because one shard is fuller than another.
const CAPACITY: usize = 20_000;

/// The key of each call.
pub type Trace = LazyLock<Vec<u64>>;
const TRACE: usize = 1 << 16;

pub static UNIFORM: Trace = LazyLock::new(|| {
    let mut random = fastrand::Rng::with_seed(1);
    (0..TRACE).map(|_| random.u64(0..KEYS)).collect()
});

pub static ZIPF: Trace = LazyLock::new(|| {
    let mut random = fastrand::Rng::with_seed(2);
    let shares = (1..=KEYS).scan(0.0, |sum, rank| {
        *sum += (rank as f64).powf(-0.99);
        Some(*sum)
    });
    let shares: Vec<f64> = shares.collect();
    let total = shares[shares.len() - 1];
    let draws = std::iter::repeat_with(|| random.f64() * total).take(TRACE);
    draws.map(|draw| shares.partition_point(|share| *share < draw) as u64).collect()
});

#[inline(always)]
pub fn key(trace: &'static [u64], number: u64) -> u64 {
    trace[number as usize % TRACE]
}

/// The body of the decorated functions; never runs on a hit.
pub fn compute(x: u64) -> u64 {
    x.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// 64 tables, each behind a read-write lock on its own cache line: a hand-written cache.
struct Sharded<K> {
    hasher: RandomState,
    shards: Vec<Shard<K>>,
}

#[repr(align(64))]
struct Shard<K>(RwLock<HashTable<(K, u64)>>);

impl<K: Hash + Eq> Sharded<K> {
    fn new() -> Self {
        let shards = (0..64).map(|_| Shard(RwLock::new(HashTable::new()))).collect();
        Sharded { hasher: RandomState::default(), shards }
    }

    #[inline(always)]
    fn get_or<Q: Hash + Equivalent<K>>(&self, key: &Q, owned: impl FnOnce() -> K, value: impl FnOnce() -> u64) -> u64 {
        let hash = self.hasher.hash_one(key);
        // Not the top seven bits: the table uses those.
        let Shard(shard) = &self.shards[(hash >> 51) as usize & 63];
        if let Some((_, value)) = shard.read().find(hash, |(stored, _)| key.equivalent(stored)) {
            return *value;
        }
        let value = value();
        shard.write().insert_unique(hash, (owned(), value), |(stored, _)| self.hasher.hash_one(stored));
        value
    }
}

pub type Quick<K> = QuickCache<K, u64, UnitWeighter, RandomState, DefaultLifecycle<K, u64>>;

pub fn quick_cache<K: Hash + Eq + Clone>(capacity: usize) -> Quick<K> {
    let options = OptionsBuilder::new().estimated_items_capacity(capacity).weight_capacity(capacity as u64).build();
    QuickCache::with_options(
        options.expect("both are given"),
        UnitWeighter,
        RandomState::default(),
        DefaultLifecycle::default(),
    )
}

// A number as the key.

#[inline(never)]
fn thread_map(x: u64) -> u64 {
    thread_local! {
        static MAP: RefCell<HashMap<u64, u64, RandomState>> = RefCell::default();
    }
    MAP.with_borrow_mut(|map| *map.entry(x).or_insert_with(|| compute(x)))
}

#[inline(never)]
pub fn sharded(x: u64) -> u64 {
    static MAP: LazyLock<Sharded<u64>> = LazyLock::new(Sharded::new);
    MAP.get_or(&x, || x, || compute(x))
}

#[inline(never)]
pub fn quick_cache_get(x: u64) -> u64 {
    static CACHE: LazyLock<Quick<u64>> = LazyLock::new(|| quick_cache(CAPACITY));
    CACHE.get(&x).unwrap_or_else(|| {
        CACHE.insert(x, compute(x));
        compute(x)
    })
}

#[festoon::cached(max = 20_000)]
#[inline(never)]
pub fn festoon_max(x: u64) -> u64 {
    compute(x)
}

#[festoon::cached(unbounded)]
#[inline(never)]
pub fn festoon_unbounded(x: u64) -> u64 {
    compute(x)
}

#[festoon::cached(max = 20_000, scope = thread)]
#[inline(never)]
fn festoon_thread(x: u64) -> u64 {
    compute(x)
}

#[festoon::cached(unbounded, scope = thread)]
#[inline(never)]
fn festoon_thread_unbounded(x: u64) -> u64 {
    compute(x)
}

#[festoon::cached(max = 20_000, tti = 1h)]
#[inline(never)]
pub fn festoon_tti(x: u64) -> u64 {
    compute(x)
}

#[festoon::cached(max = 20_000, ttl = 1h)]
#[inline(never)]
pub fn festoon_ttl(x: u64) -> u64 {
    compute(x)
}

#[cached::macros::cached]
#[inline(never)]
pub fn cached_default(x: u64) -> u64 {
    compute(x)
}

#[cached::macros::cached(max_size = 20_000)]
#[inline(never)]
pub fn cached_max_size(x: u64) -> u64 {
    compute(x)
}

#[cached::macros::cached(max_size = 20_000, ttl_secs = 3600)]
#[inline(never)]
fn cached_max_size_ttl(x: u64) -> u64 {
    compute(x)
}

#[cached::macros::concurrent_cached(max_size = 20_000)]
#[inline(never)]
fn concurrent_cached(x: u64) -> u64 {
    compute(x)
}

#[memoize]
#[inline(never)]
fn memoized(x: u64) -> u64 {
    compute(x)
}

#[inline(never)]
fn moka_get_with(x: u64) -> u64 {
    static CACHE: LazyLock<moka::sync::Cache<u64, u64, RandomState>> = LazyLock::new(|| {
        moka::sync::Cache::builder().max_capacity(CAPACITY as u64).build_with_hasher(RandomState::default())
    });
    CACHE.get_with(x, || compute(x))
}

fn numbers(trace: &'static [u64], name: &'static str) -> Suite {
    Suite::new(format!("cached: a hit, u64 -> u64, 10,000 keys, {name}"))
        .case("the key alone", move |number| key(trace, number))
        .case("thread-local foldhash map", move |number| thread_map(key(trace, number)))
        .case("64-shard RwLock map", move |number| sharded(key(trace, number)))
        .case("quick_cache get", move |number| quick_cache_get(key(trace, number)))
        .floor()
        .case("festoon, max", move |number| festoon_max(key(trace, number)))
        .case("festoon, unbounded", move |number| festoon_unbounded(key(trace, number)))
        .case("festoon, thread, unbounded", move |number| festoon_thread_unbounded(key(trace, number)))
        .case("festoon, thread, max", move |number| festoon_thread(key(trace, number)))
        .case("festoon, max + ttl", move |number| festoon_ttl(key(trace, number)))
        .case("festoon, max + tti", move |number| festoon_tti(key(trace, number)))
        .case("cached", move |number| cached_default(key(trace, number)))
        .case("cached, max_size", move |number| cached_max_size(key(trace, number)))
        .case("cached, max_size + ttl", move |number| cached_max_size_ttl(key(trace, number)))
        .case("concurrent_cached, max_size", move |number| concurrent_cached(key(trace, number)))
        .case("memoize (per thread)", move |number| memoized(key(trace, number)))
        .case("moka get_with", move |number| moka_get_with(key(trace, number)))
}

// A borrowed string and a number as the key.

static TEXTS: LazyLock<Vec<String>> =
    LazyLock::new(|| (0..KEYS).map(|key| format!("article-{key:06}-price")).collect());

#[inline(always)]
fn text(number: u64) -> &'static str {
    &TEXTS[key(&UNIFORM, number) as usize]
}

/// Looked up borrowed, stored owned.
#[derive(Hash)]
struct Borrowed<'a>(&'a str, u32);

impl Equivalent<(String, u32)> for Borrowed<'_> {
    #[inline(always)]
    fn equivalent(&self, key: &(String, u32)) -> bool {
        self.0 == key.0 && self.1 == key.1
    }
}

#[inline(never)]
fn text_sharded(sku: &str, region: u32) -> u64 {
    static MAP: LazyLock<Sharded<(String, u32)>> = LazyLock::new(Sharded::new);
    MAP.get_or(&Borrowed(sku, region), || (sku.to_owned(), region), || compute(sku.len() as u64))
}

#[inline(never)]
fn text_quick_cache(sku: &str, region: u32) -> u64 {
    static CACHE: LazyLock<Quick<(String, u32)>> = LazyLock::new(|| quick_cache(CAPACITY));
    CACHE.get(&Borrowed(sku, region)).unwrap_or_else(|| {
        CACHE.insert((sku.to_owned(), region), compute(sku.len() as u64));
        compute(sku.len() as u64)
    })
}

#[festoon::cached(max = 20_000)]
#[inline(never)]
fn text_festoon(sku: &str, region: u32) -> u64 {
    compute(sku.len() as u64 + u64::from(region))
}

#[festoon::cached(unbounded)]
#[inline(never)]
fn text_festoon_unbounded(sku: &str, region: u32) -> u64 {
    compute(sku.len() as u64 + u64::from(region))
}

#[cached::macros::cached(key = "(String, u32)", convert = { (sku.to_owned(), region) })]
#[inline(never)]
fn text_cached_default(sku: &str, region: u32) -> u64 {
    compute(sku.len() as u64 + u64::from(region))
}

#[cached::macros::cached(max_size = 20_000, key = "(String, u32)", convert = { (sku.to_owned(), region) })]
#[inline(never)]
fn text_cached_max_size(sku: &str, region: u32) -> u64 {
    compute(sku.len() as u64 + u64::from(region))
}

/// memoize takes owned arguments.
#[memoize]
#[inline(never)]
fn text_memoized(sku: String, region: u32) -> u64 {
    compute(sku.len() as u64 + u64::from(region))
}

#[inline(never)]
fn text_moka(sku: &str, region: u32) -> u64 {
    type Cache = moka::sync::Cache<(String, u32), u64, RandomState>;
    static CACHE: LazyLock<Cache> = LazyLock::new(|| {
        moka::sync::Cache::builder().max_capacity(CAPACITY as u64).build_with_hasher(RandomState::default())
    });
    CACHE.get_with((sku.to_owned(), region), || compute(sku.len() as u64))
}

fn texts() -> Suite {
    Suite::new("cached: a hit, (&str, u32) -> u64, 10,000 keys, uniform")
        .case("the key alone", text)
        .case("64-shard RwLock map, borrowed", |number| text_sharded(text(number), 7))
        .case("quick_cache get, borrowed", |number| text_quick_cache(text(number), 7))
        .floor()
        .case("festoon, max", |number| text_festoon(text(number), 7))
        .case("festoon, unbounded", |number| text_festoon_unbounded(text(number), 7))
        .case("cached", |number| text_cached_default(text(number), 7))
        .case("cached, max_size", |number| text_cached_max_size(text(number), 7))
        .case("memoize (per thread)", |number| text_memoized(text(number).to_owned(), 7))
        .case("moka get_with", |number| text_moka(text(number), 7))
}

// Async.

async fn async_bare(x: u64) -> u64 {
    compute(x)
}

/// quick_cache's get without an await, the closest that an async function comes to the sync hit.
async fn async_quick_cache(x: u64) -> u64 {
    quick_cache_get(x)
}

async fn async_quick_cache_get_or_insert(x: u64) -> u64 {
    static CACHE: LazyLock<Quick<u64>> = LazyLock::new(|| quick_cache(CAPACITY));
    match CACHE.get_or_insert_async(&x, async { Ok::<u64, ()>(compute(x)) }).await {
        Ok(value) => value,
        Err(()) => 0,
    }
}

#[festoon::cached(max = 20_000)]
pub async fn async_festoon(x: u64) -> u64 {
    compute(x)
}

#[cached::macros::cached]
pub async fn async_cached_default(x: u64) -> u64 {
    compute(x)
}

#[cached::macros::cached(max_size = 20_000)]
async fn async_cached_max_size(x: u64) -> u64 {
    compute(x)
}

#[cached::macros::concurrent_cached(max_size = 20_000)]
async fn async_concurrent_cached(x: u64) -> u64 {
    compute(x)
}

#[inline(always)]
fn uniform(number: u64) -> u64 {
    key(&UNIFORM, number)
}

fn asynchronous() -> Suite {
    Suite::new("cached: an async hit, u64 -> u64, 10,000 keys, uniform")
        .batch("bare", awaited!(|number| async_bare(uniform(number))))
        .batch("quick_cache get, no await", awaited!(|number| async_quick_cache(uniform(number))))
        .floor()
        .batch("quick_cache get_or_insert_async", awaited!(|number| async_quick_cache_get_or_insert(uniform(number))))
        .batch("festoon, max", awaited!(|number| async_festoon(uniform(number))))
        .batch("cached", awaited!(|number| async_cached_default(uniform(number))))
        .batch("cached, max_size", awaited!(|number| async_cached_max_size(uniform(number))))
        .batch("concurrent_cached, max_size", awaited!(|number| async_concurrent_cached(uniform(number))))
}
