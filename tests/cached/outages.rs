//! Redis that is slow, down, unreachable or replaced: how many calls try it, how long a call takes, and what is cached.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::time::{Duration, Instant};

use festoon::cache::{StoreError, StoreErrorKind};
use festoon::{Decorated, cached};

use super::Runs;
use super::proxy::{Proxy, Wire};
use super::server::{self, free_port, soon};
use crate::events;

/// Calls it from so many threads until it says that it is over, or for so long.
fn for_a_while(threads: u64, length: Duration, call: impl Fn(u64) + Sync) -> u64 {
    let (start, calls) = (Instant::now(), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (call, calls) = (&call, &calls);
            scope.spawn(move || {
                let mut n = thread << 32;
                while start.elapsed() < length {
                    call(n);
                    n += 1;
                    calls.fetch_add(1, SeqCst);
                }
            });
        }
    });
    calls.into_inner()
}

/// How many attempts there can be in that time: the first, and one after each pause, which is 0.15 s at least and doubles up
/// to 5 s at least.
fn most_attempts(elapsed: Duration) -> u32 {
    let pauses = std::iter::successors(Some(0.15), |pause: &f64| Some((pause * 2.0).min(5.0)));
    let mut end = 0.0;
    let ends = pauses.map(|pause| {
        end += pause;
        end
    });
    1 + u32::try_from(ends.take_while(|end| *end <= elapsed.as_secs_f64()).count()).unwrap()
}

#[test]
fn a_black_hole_is_tried_by_one_call_in_a_while() {
    static AT: OnceLock<String> = OnceLock::new();
    #[cached(store = redis(AT.get().unwrap(), timeout = 100ms))]
    fn square(n: u64) -> u64 {
        n.wrapping_mul(n)
    }

    let Some(server) = server::start() else { return };
    let proxy = Proxy::to(server.port());
    AT.set(proxy.url()).unwrap();
    proxy.becomes(Wire::BlackHole);
    let start = Instant::now();
    let calls = for_a_while(64, Duration::from_secs(3), |n| assert_eq!(square(n), n.wrapping_mul(n)));
    let connections = proxy.connections();
    assert!(connections <= most_attempts(start.elapsed()), "{connections} connections");
    let info = square.cache().info();
    assert_eq!((info.misses, info.store_errors), (calls, calls));
    // Most have gone on without having waited: all that waited are the first of each thread, and one in each pause.
    assert!(calls > 1000, "{calls} calls");
    proxy.becomes(Wire::Whole);
    proxy.hang_up();
    soon("it is found again", || {
        square(1);
        square.cache().contains((1,))
    });
}

#[test]
fn refused_credentials_are_shown_to_the_server_once_in_a_while() {
    static AT: OnceLock<String> = OnceLock::new();
    #[cached(store = redis(AT.get().unwrap(), timeout = 20s))]
    fn square(n: u64) -> u64 {
        n.wrapping_mul(n)
    }
    #[cached(store = redis(AT.get().unwrap(), timeout = 20s), on_store_error = fail)]
    fn strict(n: u64) -> Result<u64, StoreError> {
        Ok(n)
    }

    let Some(server) = server::start() else { return };
    let proxy = Proxy::to(server.port());
    AT.set(proxy.url().replace("redis://", "redis://:wr%6Fng%2Fsecret@")).unwrap();
    // Over one connection, which the server keeps: others need the password from now on.
    server.command::<()>("CONFIG SET requirepass right");
    let start = Instant::now();
    let told = events::of(|| assert_eq!(square(3), 9));
    assert!(told[0].contains("is not set up") && !told[0].contains("wrong") && !told[0].contains("secret"), "{told:?}");
    for_a_while(16, Duration::from_secs(2), |n| _ = square(n));
    assert_eq!(strict(1).unwrap_err().kind(), StoreErrorKind::Configuration);
    let connections = proxy.connections();
    assert!(connections <= most_attempts(start.elapsed()), "{connections} connections");

    let mut login = redis::cmd("CONFIG");
    login.arg("SET").arg("requirepass").arg("wrong/secret");
    server.ask_as::<()>("right", &login);
    soon("it is let in", || {
        square(1);
        square.cache().contains((1,))
    });
}

#[test]
fn a_thousand_callers_share_one_connection() {
    static AT: OnceLock<String> = OnceLock::new();
    #[cached(store = redis(AT.get().unwrap(), timeout = 20s))]
    fn square(n: u64) -> u64 {
        n * n
    }
    #[cached(store = tiered(memory, redis(AT.get().unwrap(), timeout = 20s)))]
    fn copied(n: u64) -> u64 {
        n * n
    }

    fn threads() -> usize {
        let ours = |task: &std::path::Path| {
            std::fs::read_to_string(task.join("comm")).is_ok_and(|name| name.starts_with("festoon-redis"))
        };
        let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
        tasks.filter(|task| ours(&task.path())).count()
    }

    let Some(server) = server::start() else { return };
    let proxy = Proxy::to(server.port());
    AT.set(proxy.url()).unwrap();
    let before = threads();
    let barrier = std::sync::Barrier::new(1000);
    std::thread::scope(|scope| {
        for n in 0..1000 {
            let barrier = &barrier;
            let call = move || {
                barrier.wait();
                assert_eq!((square(n % 300), copied(n % 300)), ((n % 300) * (n % 300), (n % 300) * (n % 300)));
            };
            std::thread::Builder::new().stack_size(256 << 10).spawn_scoped(scope, call).unwrap();
        }
    });
    let (info, copies) = (square.cache().info(), copied.cache().info());
    assert_eq!((info.misses, info.hits, copies.misses, copies.hits), (300, 700, 300, 700));
    assert_eq!((info.store_errors, copies.store_errors), (0, 0));
    // One, and one that listens.
    soon("somebody listens", || server.command::<(String, u32)>("PUBSUB NUMSUB festoon:news").1 > 0);
    assert_eq!(proxy.connections(), 2);
    // One for all, and one for the news; other tests may have begun with theirs meanwhile.
    assert!(threads() <= before + 100, "{} threads, {before} before", threads());
}

#[test]
fn what_a_bad_wire_says_is_not_believed() {
    static AT: OnceLock<String> = OnceLock::new();
    #[cached(store = redis(AT.get().unwrap(), timeout = 100ms))]
    fn text(n: u64) -> String {
        format!("{n}:").repeat(20)
    }

    let Some(server) = server::start() else { return };
    let proxy = Proxy::to(server.port());
    AT.set(proxy.url()).unwrap();
    let wires = [
        Wire::Corrupt(100),
        Wire::CutAfter(300),
        Wire::Slow(Duration::from_millis(1)),
        Wire::Corrupt(1000),
        Wire::Refuse,
        Wire::CutAfter(0),
        Wire::Corrupt(20),
        Wire::BlackHole,
    ];
    for (round, wire) in wires.into_iter().enumerate() {
        proxy.becomes(wire);
        for_a_while(4, Duration::from_millis(300), |n| {
            let n = n % 100;
            assert_eq!(text(n), format!("{n}:").repeat(20), "{wire:?}");
        });
        proxy.becomes(Wire::Whole);
        proxy.hang_up();
        let n = 1000 + round as u64;
        soon("it is found again", || {
            text(n);
            text.cache().contains((n,))
        });
    }
}

/// What could not be taken out is taken out when the server is back, by itself, and nobody finds it before.
#[test]
fn an_order_that_was_not_heard_is_given_again() {
    static AT: OnceLock<String> = OnceLock::new();
    static RUNS: Runs = Runs::new();
    #[cached(store = redis(AT.get().unwrap(), timeout = 100ms))]
    fn square(n: u64) -> u64 {
        RUNS.one();
        n * n
    }
    #[cached(store = redis(AT.get().unwrap(), timeout = 100ms))]
    fn half(n: u64) -> u64 {
        n / 2
    }

    let Some(server) = server::start() else { return };
    let proxy = Proxy::to(server.port());
    AT.set(proxy.url()).unwrap();
    for wire in [Wire::BlackHole, Wire::Refuse] {
        soon("four entries", || {
            (0..2).for_each(|n| assert_eq!((square(n), half(n)), (n * n, n / 2)));
            server.names().len() == 4
        });
        proxy.becomes(wire);
        proxy.hang_up();
        assert!(!square.cache().invalidate((1,)));
        half.cache().clear();
        let runs = RUNS.count();
        assert_eq!((square(1), RUNS.count()), (1, runs + 1));
        assert_eq!(server.names().len(), 4, "nothing has been heard");
        proxy.becomes(Wire::Whole);
        proxy.hang_up();
        soon("all is heard", || server.names().len() == 1);
        assert!(server.names()[0].contains("::square:"));
    }
}

/// The server does not know the script of the first removal yet, so that it takes three round trips, which is too long.
#[test]
fn a_removal_that_takes_too_long_is_not_overtaken() {
    static AT: OnceLock<String> = OnceLock::new();
    static TRUTH: AtomicU64 = AtomicU64::new(1);
    #[cached(store = redis(AT.get().unwrap(), timeout = 400ms), if = |value: &u64| *value > 0)]
    fn truth() -> u64 {
        TRUTH.load(SeqCst)
    }

    let Some(server) = server::start() else { return };
    let proxy = Proxy::to(server.port());
    AT.set(proxy.url()).unwrap();
    soon("an entry", || {
        truth.cache().refresh(());
        server.names().len() == 1
    });
    TRUTH.store(0, SeqCst);
    proxy.becomes(Wire::Slow(Duration::from_millis(150)));
    assert_eq!(truth.cache().refresh(()), 0, "not stored: removes the older value");
    proxy.becomes(Wire::Whole);
    assert_eq!(truth(), 0);
    soon("it is removed", || server.names().is_empty());
}

/// It still finds values, but removes none: what was to be removed is not found by the process that knows.
#[test]
fn a_server_that_refuses_a_removal_is_asked_again() {
    static AT: OnceLock<String> = OnceLock::new();
    static TRUTH: AtomicU64 = AtomicU64::new(1);
    static RUNS: Runs = Runs::new();
    #[cached(store = redis(AT.get().unwrap(), timeout = 20s))]
    fn truth() -> u64 {
        TRUTH.load(SeqCst)
    }
    #[cached(store = redis(AT.get().unwrap(), timeout = 20s))]
    fn half(n: u64) -> u64 {
        RUNS.one();
        n / 2
    }

    let Some(server) = server::start() else { return };
    AT.set(server.url()).unwrap();
    assert_eq!((truth(), half(8)), (1, 4));
    server.command::<()>("CONFIG SET min-replicas-to-write 1");
    TRUTH.store(2, SeqCst);
    assert!(!truth.cache().invalidate(()));
    assert_eq!((truth(), half(8), RUNS.count()), (2, 4, 1), "other functions have nothing to do with it");
    truth.cache().clear();
    assert_eq!((truth(), server.names().len()), (2, 2));
    server.command::<()>("CONFIG SET min-replicas-to-write 0");
    soon("it is removed", || server.names().len() == 1);
    soon("it is cached again", || truth() == 2 && truth.cache().contains(()));
}

/// A server that has become somebody's replica takes no orders any more: whoever takes them may soon be at its address.
#[test]
fn a_server_that_only_reads_is_looked_for_again() {
    static AT: OnceLock<String> = OnceLock::new();
    static RUNS: Runs = Runs::new();
    #[cached(store = redis(AT.get().unwrap(), timeout = 20s))]
    fn square(n: u64) -> u64 {
        RUNS.one();
        n * n
    }

    let Some(server) = server::start() else { return };
    let proxy = Proxy::to(server.port());
    AT.set(proxy.url()).unwrap();
    square(1);
    server.command::<()>(&format!("REPLICAOF 127.0.0.1 {}", free_port()));
    assert_eq!((square(1), RUNS.count(), square(2), RUNS.count()), (1, 1, 4, 2));
    assert_eq!(square.cache().info().store_errors, 1);
    server.command::<()>("REPLICAOF NO ONE");
    soon("it is written again", || {
        square(2);
        square.cache().contains((2,))
    });
    assert!(proxy.connections() > 1);
}

/// 120 kB that would be followed 20,000 calls deep, whole and sealed, as somebody might write them who can write to Redis.
#[test]
fn a_value_that_is_nested_too_deep_is_a_miss() {
    use serde::{Deserialize, Serialize};

    #[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
    enum Tree {
        Leaf,
        Node(Box<Tree>),
    }

    static AT: OnceLock<String> = OnceLock::new();
    static RUNS: Runs = Runs::new();
    #[cached(store = redis(AT.get().unwrap(), timeout = 20s))]
    fn tree(depth: usize) -> Tree {
        RUNS.one();
        (0..depth).fold(Tree::Leaf, |tree, _| Tree::Node(Box::new(tree)))
    }

    let Some(server) = server::start() else { return };
    AT.set(server.url()).unwrap();
    tree(1);
    let name = server.names().remove(0);
    let entry: Vec<u8> = server.command(&format!("GET {name}"));
    let key = u32::from_le_bytes(entry[18..22].try_into().unwrap()) as usize;
    let node = [&[0x81, 0xa4], &b"Node"[..]].concat();
    let nested = [node.repeat(20_000), [&[0xa4], &b"Leaf"[..]].concat()].concat();
    let mut poison = [&entry[..22 + key], &nested].concat();
    let sum = xxhash_rust::xxh3::xxh3_64(&poison[10..]).to_le_bytes();
    poison[2..10].copy_from_slice(&sum);
    server.ask::<()>(redis::cmd("SET").arg(&name).arg(&poison));

    let call = || assert_eq!(tree(1), Tree::Node(Box::new(Tree::Leaf)));
    std::thread::Builder::new().stack_size(256 << 10).spawn(call).unwrap().join().unwrap();
    assert_eq!((RUNS.count(), tree.cache().info().store_errors), (2, 0));
    assert_eq!(server.command::<Vec<u8>>(&format!("GET {name}")), entry);
    // What could not be read again is not written in the first place.
    let call = || assert_eq!((tree(200), tree(200)), (tree(200), tree(200)));
    std::thread::Builder::new().stack_size(8 << 20).spawn(call).unwrap().join().unwrap();
    assert_eq!((RUNS.count(), tree.cache().info().store_errors, server.names().len()), (6, 4, 1));
}

/// The one who held the lease is killed, and those who wait are slow: nobody waits for longer than it takes.
#[test]
fn callers_go_on_while_one_probes() {
    static AT: OnceLock<String> = OnceLock::new();
    #[cached(store = redis(AT.get().unwrap(), timeout = 2s))]
    fn square(n: u64) -> u64 {
        n * n
    }

    let Some(server) = server::start() else { return };
    let proxy = Proxy::to(server.port());
    AT.set(proxy.url()).unwrap();
    square(1);
    proxy.becomes(Wire::BlackHole);
    let done = AtomicBool::new(false);
    // The first one finds out, and the next one is the probe, for two seconds each.
    square(2);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let done = &done;
            scope.spawn(move || {
                let mut n = 100 + (thread << 32);
                while !done.load(SeqCst) {
                    n += 1;
                    square(n % 1_000_000);
                }
            });
        }
        soon("thousands of calls", || square.cache().info().misses > 20_000);
        done.store(true, SeqCst);
    });
}
