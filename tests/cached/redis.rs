//! `store = redis`: what is found there, by whom, and what happens when the server misbehaves.

mod failure;

use std::io::Read;
use std::net::TcpListener;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::time::{Duration, Instant};

use festoon::cache::{StoreError, StoreErrorKind};
use festoon::{Decorated, cached};
use serde::{Deserialize, Serialize};

use super::Runs;
use super::server::{self, Server, free_port, soon};
use crate::events;

/// The address of a test's server, for the attributes of its functions.
struct Address(OnceLock<String>);

impl Address {
    const fn new() -> Self {
        Address(OnceLock::new())
    }

    /// Starts a server; the test is over where there is none.
    fn start(&self) -> Option<Server> {
        self.start_with(&[])
    }

    fn start_with(&self, arguments: &[&str]) -> Option<Server> {
        let server = server::start_with(arguments)?;
        self.0.set(server.url()).unwrap();
        Some(server)
    }

    fn get(&self) -> String {
        self.0.get().unwrap().clone()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Price {
    cents: u64,
    tags: Vec<String>,
}

fn price_of(sku: &str) -> Price {
    Price { cents: 100 * sku.len() as u64, tags: vec![sku.to_owned()] }
}

#[test]
fn values_are_found_in_redis() {
    static AT: Address = Address::new();
    static RUNS: Runs = Runs::new();
    #[cached(store = redis(AT.get(), timeout = 20s))]
    fn price(sku: &str, day: Option<u32>) -> Price {
        RUNS.one();
        let _ = day;
        price_of(sku)
    }

    let Some(server) = AT.start() else { return };
    assert_eq!(price("tea", None), price_of("tea"));
    assert_eq!(price("tea", None), price_of("tea"));
    assert_eq!(price("tea", Some(3)), price_of("tea"));
    let info = price.cache().info();
    assert_eq!((RUNS.count(), info.hits, info.misses, info.store_errors), (2, 1, 2, 0));
    assert_eq!((info.len, info.capacity), (0, None), "nothing is kept in this process");

    let names = server.names();
    assert_eq!(names.len(), 2);
    let parts: Vec<&str> = names[0].split("redis::values_are_found_in_redis::price:").collect();
    assert!(parts[0].starts_with("festoon:festoon-tests@0:main::cached::"), "{names:?}");
    let rest: Vec<&str> = parts[1].split(':').collect();
    assert!(matches!(rest[..], [types, "0", hash] if types.len() == 16 && hash.len() == 34), "{names:?}");
    assert_eq!(server.command::<i64>(&format!("PTTL {}", names[0])), -1);
}

#[test]
fn a_macro_may_say_where() {
    static AT: Address = Address::new();
    macro_rules! kept_in {
        ($store:expr) => {{
            #[cached(store = $store)]
            fn square(n: u64) -> u64 {
                n * n
            }
            square
        }};
    }

    let Some(server) = AT.start() else { return };
    assert_eq!((kept_in!(redis(AT.get()))(3), kept_in!(tiered(memory, redis(AT.get())))(3)), (9, 9));
    assert_eq!(server.names().len(), 2);
}

#[test]
fn async_values_too_under_any_executor() {
    static AT: Address = Address::new();
    static RUNS: Runs = Runs::new();
    #[cached(store = redis(AT.get(), timeout = 20s))]
    async fn price(sku: &str) -> Result<Price, String> {
        RUNS.one();
        if sku.is_empty() { Err("no such thing".to_owned()) } else { Ok(price_of(sku)) }
    }

    let Some(_server) = AT.start() else { return };
    // One runtime that goes, another one, and none.
    for _ in 0..2 {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let task = runtime.spawn(async { price("tea").await });
        assert_eq!(runtime.block_on(task).unwrap(), Ok(price_of("tea")));
    }
    assert_eq!(futures::executor::block_on(price("tea")), Ok(price_of("tea")));
    assert_eq!(RUNS.count(), 1);

    // An error is not kept, and the right to try again is free at once.
    for _ in 0..2 {
        assert!(futures::executor::block_on(price("")).is_err());
    }
    let info = price.cache().info();
    assert_eq!((RUNS.count(), info.hits, info.misses, info.store_errors), (3, 2, 3, 0));
}

#[test]
fn a_cancelled_call_gives_the_lease_back() {
    static AT: Address = Address::new();
    static RUNS: Runs = Runs::new();
    #[cached(store = redis(AT.get(), timeout = 20s, lease = 1h))]
    async fn stuck(n: u32) -> u32 {
        if RUNS.one() == 1 {
            std::future::pending::<()>().await;
        }
        n
    }

    let Some(_server) = AT.start() else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let task = runtime.spawn(stuck(4));
    runtime.block_on(async {
        while RUNS.count() == 0 {
            tokio::task::yield_now().await;
        }
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
        assert_eq!(stuck(4).await, 4);
    });
    assert_eq!(RUNS.count(), 2);
}

#[test]
fn ttl_is_the_servers() {
    static AT: Address = Address::new();
    #[cached(store = redis(AT.get(), timeout = 20s), ttl = 5m)]
    fn square(n: u64) -> u64 {
        n * n
    }

    let Some(server) = AT.start() else { return };
    square(3);
    let names = server.names();
    let left: u64 = server.command(&format!("PTTL {}", names[0]));
    assert!((200_000..=300_000).contains(&left), "{left} ms");
    // The clock of a test is not that of the server.
    let clock = festoon::testing::clock();
    clock.advance(Duration::from_secs(3600));
    assert_eq!(square.cache().peek((3,)), Some(9));
    server.command::<bool>(&format!("PEXPIRE {} 0", names[0]));
    assert_eq!(square.cache().peek((3,)), None);
}

#[test]
fn a_handle_acts_on_redis() {
    static AT: Address = Address::new();
    static RUNS: Runs = Runs::new();
    #[cached(store = redis(AT.get(), timeout = 20s))]
    fn half(n: u32) -> Option<u32> {
        RUNS.one();
        n.is_multiple_of(2).then_some(n / 2)
    }

    let Some(server) = AT.start() else { return };
    half.cache().insert((8,), Some(400));
    assert_eq!((half(8), RUNS.count()), (Some(400), 0));
    half.cache().insert((9,), None);
    assert_eq!((half.cache().contains((9,)), half.cache().contains((8,))), (false, true));
    assert_eq!((half.cache().peek((8,)), half.cache().peek((10,))), (Some(Some(400)), None));
    assert!(half.cache().invalidate((8,)));
    assert!(!half.cache().invalidate((8,)));
    assert_eq!((half(8), RUNS.count()), (Some(4), 1));
    half(10);
    half.cache().clear();
    assert_eq!((server.names().len(), half.cache().info().hits), (0, 0));
}

#[test]
fn clear_leaves_the_others_alone() {
    static AT: Address = Address::new();
    #[cached(store = redis(AT.get(), timeout = 20s))]
    fn same<T: Clone + Eq + std::hash::Hash + Send + Sync + Serialize + serde::de::DeserializeOwned + 'static>(
        t: T,
    ) -> T {
        t
    }
    #[cached(store = redis(AT.get(), timeout = 20s))]
    fn sam(n: u32) -> u32 {
        n
    }

    let Some(server) = AT.start() else { return };
    for n in 0..2500_u32 {
        same(n);
    }
    same([7_u8; 2]);
    sam(1);
    server.command::<()>("SET festoon:other 1");
    server.command::<()>("SET mine 1");
    assert_eq!(server.names().len(), 2502);
    same::<u32>.cache().clear();
    assert_eq!(server.names().len(), 2);
    same::<[u8; 2]>.cache().clear();
    assert_eq!((server.names().len(), server.command::<u32>("EXISTS mine festoon:other")), (1, 2));
}

#[test]
fn another_version_or_type_is_another_entry() {
    static AT: Address = Address::new();
    static RUNS: Runs = Runs::new();
    #[cached(store = redis(AT.get(), timeout = 20s))]
    fn first(n: u32) -> u32 {
        RUNS.one();
        n
    }
    #[cached(store = redis(AT.get(), timeout = 20s), version = 2)]
    fn same<T: Default + Clone + Send + Sync + Serialize + serde::de::DeserializeOwned + 'static>() -> T {
        RUNS.one();
        T::default()
    }

    let Some(server) = AT.start() else { return };
    assert_eq!((first(1), same::<u8>(), same::<i8>()), (1, 0, 0));
    assert_eq!(RUNS.count(), 3);
    let names = server.names();
    let names: Vec<&str> = names.iter().map(|name| name.rsplit_once('{').unwrap().0).collect();
    assert_eq!(names.iter().filter(|name| name.ends_with(":2:")).count(), 2, "{names:?}");
    assert_eq!(names.iter().filter(|name| name.ends_with(":0:")).count(), 1, "{names:?}");
}

#[test]
fn what_cannot_be_read_is_overwritten() {
    static AT: Address = Address::new();
    static RUNS: Runs = Runs::new();
    #[cached(store = redis(AT.get(), timeout = 20s))]
    fn square(n: u64) -> u64 {
        RUNS.one();
        n * n
    }

    let Some(server) = AT.start() else { return };
    square(3);
    let name = server.names().remove(0);
    let whole: Vec<u8> = server.command(&format!("GET {name}"));
    for damage in [b"nonsense".to_vec(), Vec::new(), whole[..whole.len() - 1].to_vec()] {
        server.ask::<()>(redis::cmd("SET").arg(&name).arg(damage));
        let runs = RUNS.count();
        assert_eq!((square(3), square(3), RUNS.count()), (9, 9, runs + 1));
        assert_eq!(server.command::<Vec<u8>>(&format!("GET {name}")), whole);
    }
    assert_eq!(square.cache().info().store_errors, 0);
}

#[test]
fn two_keys_of_one_hash_do_not_meet() {
    static AT: Address = Address::new();
    static RUNS: Runs = Runs::new();
    #[cached(store = redis(AT.get(), timeout = 20s))]
    fn square(n: u64) -> u64 {
        RUNS.one();
        n * n
    }

    let Some(server) = AT.start() else { return };
    square(3);
    let three = server.names();
    square(4);
    let four = server.names().into_iter().find(|name| *name != three[0]).unwrap();
    // As if the key 4 had the hash of 3.
    server.command::<()>(&format!("COPY {} {four} REPLACE", three[0]));
    assert_eq!(square.cache().peek((4,)), None);
    assert_eq!((square(4), RUNS.count()), (16, 3));
}

#[test]
fn what_is_no_entry_is_overwritten() {
    static AT: Address = Address::new();
    static RUNS: Runs = Runs::new();
    #[cached(store = redis(AT.get(), timeout = 20s))]
    fn square(n: u64) -> u64 {
        RUNS.one();
        n * n
    }

    let Some(server) = AT.start() else { return };
    square(3);
    let name = server.names().remove(0);
    let others = [
        "RPUSH NAME mine",
        "HSET NAME mine 1",
        "SADD NAME mine",
        "ZADD NAME 1 mine",
        "XADD NAME * mine 1",
        "SETBIT NAME 7 1",
    ];
    for other in others {
        server.command::<redis::Value>(&format!("DEL {name}"));
        server.command::<redis::Value>(&other.replace("NAME", &name));
        assert_eq!(square.cache().peek((3,)), None, "{other}");
        let runs = RUNS.count();
        assert_eq!((square(3), square(3), RUNS.count()), (9, 9, runs + 1), "{other}");
        assert_eq!(server.command::<String>(&format!("TYPE {name}")), "string");
    }
    assert_eq!(square.cache().info().store_errors, 0);
}

#[test]
fn a_lease_that_would_never_end_is_taken_over() {
    static AT: Address = Address::new();
    static RUNS: Runs = Runs::new();
    #[cached(store = redis(AT.get(), timeout = 20s, wait = 1h))]
    fn square(n: u64) -> u64 {
        RUNS.one();
        n * n
    }

    let Some(server) = AT.start() else { return };
    square(3);
    let name = server.names().remove(0);
    for lease in ["SET NAME somebody", "RPUSH NAME somebody", "HSET NAME somebody 1"] {
        server.command::<redis::Value>(&format!("DEL {name}"));
        server.command::<redis::Value>(&lease.replace("NAME", &format!("{name}:lease")));
        let runs = RUNS.count();
        // Without that it would wait for an hour.
        assert_eq!((square(3), square(3), RUNS.count()), (9, 9, runs + 1), "{lease}");
        assert_eq!(server.command::<Vec<String>>("KEYS festoon:*:lease"), Vec::<String>::new());
    }
    assert_eq!(square.cache().info().store_errors, 0);
}

/// A walk over the keys of a server with many takes a while, in which runs end.
#[test]
fn no_run_that_began_before_a_clear_is_kept() {
    static AT: Address = Address::new();
    static GENERATION: AtomicU64 = AtomicU64::new(0);
    static BEGUN: AtomicU64 = AtomicU64::new(0);
    static CLEARS: AtomicU64 = AtomicU64::new(0);
    const CALLS: u64 = 30;
    #[cached(store = redis(AT.get(), timeout = 20s))]
    fn generation(n: u64) -> u64 {
        let generation = GENERATION.load(SeqCst);
        BEGUN.fetch_add(1, SeqCst);
        // Not before the clear is under way, and then at any time.
        soon("a clear", || CLEARS.load(SeqCst) > generation);
        for _ in 0..n * 200 {
            std::hint::spin_loop();
        }
        generation
    }

    let Some(server) = AT.start_with(&["--enable-debug-command", "yes"]) else { return };
    server.command::<()>("DEBUG POPULATE 100000");
    for round in 0..6 {
        std::thread::scope(|scope| {
            for n in 0..CALLS {
                scope.spawn(move || generation(n * 50));
            }
            soon("all runs", || BEGUN.load(SeqCst) == CALLS * (round + 1));
            GENERATION.fetch_add(1, SeqCst);
            CLEARS.fetch_add(1, SeqCst);
            generation.cache().clear();
        });
        assert_eq!(server.names(), Vec::<String>::new(), "round {round}");
    }
}
