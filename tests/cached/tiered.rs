//! `store = tiered(memory(..), redis(..))`: copies in memory, and what removes them.

use std::io::{BufRead, BufReader, Write};
use std::process::Child;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::Duration;

use festoon::{Decorated, cached};

use super::Runs;
use super::server::{self, Server, given, other_process, soon};

struct Address(OnceLock<String>);

impl Address {
    const fn new() -> Self {
        Address(OnceLock::new())
    }

    fn start(&self) -> Option<Server> {
        let server = server::start()?;
        self.0.set(server.url()).unwrap();
        Some(server)
    }

    fn get(&self) -> String {
        self.0.get().unwrap().clone()
    }
}

/// A process listens from a moment after the first call on, and what it has in memory goes then. Waits until that is
/// over: what another process would tell of key 1 takes this copy and leaves the others.
fn settle(server: &Server, call: impl Fn(u64), copies: impl Fn() -> usize) {
    soon("somebody listens", || server.command::<(String, u32)>("PUBSUB NUMSUB festoon:news").1 > 0);
    loop {
        call(1);
        call(3);
        if copies() != 2 {
            continue;
        }
        let name = server.names().remove(0);
        let mut news = vec![0; 8];
        news.extend(name.split_once('{').unwrap().0.as_bytes());
        news.extend([0, 1, 0x91, 1]);
        server.ask::<()>(redis::cmd("PUBLISH").arg("festoon:news").arg(news));
        soon("that is heard", || copies() != 2);
        if copies() == 1 {
            return;
        }
    }
}

#[test]
fn a_copy_in_memory_needs_no_server() {
    static AT: Address = Address::new();
    static RUNS: Runs = Runs::new();
    #[cached(store = tiered(memory(max = 10), redis(AT.get(), timeout = 20s)))]
    fn square(n: u64) -> u64 {
        RUNS.one();
        n * n
    }

    let Some(mut server) = AT.start() else { return };
    square(3);
    settle(&server, |n| _ = square(n), || square.cache().info().len);
    assert_eq!((RUNS.count(), square.cache().info().capacity), (2, Some(10)));
    server.kill();
    let hits = square.cache().info().hits;
    assert_eq!((square(3), square(3)), (9, 9));
    let info = square.cache().info();
    assert_eq!((RUNS.count(), info.hits - hits, info.store_errors), (2, 2, 0));
}

#[test]
fn memory_has_a_ttl_of_its_own() {
    static AT: Address = Address::new();
    static RUNS: Runs = Runs::new();
    #[cached(store = tiered(memory(ttl = 10s), redis(AT.get(), timeout = 20s)), ttl = 1h)]
    fn square(n: u64) -> u64 {
        RUNS.one();
        n * n
    }

    let Some(server) = AT.start() else { return };
    let clock = festoon::testing::clock();
    square(3);
    let name = server.names().remove(0);
    settle(&server, |n| _ = square(n), || square.cache().info().len);
    clock.advance(Duration::from_secs(11));
    // The copy has expired; Redis, which sees no virtual clock, still has the value.
    assert_eq!((square(3), RUNS.count()), (9, 2));
    server.command::<()>(&format!("DEL {name}"));
    assert_eq!((square(3), RUNS.count()), (9, 2));
    clock.advance(Duration::from_secs(11));
    assert_eq!((square(3), RUNS.count()), (9, 3));
}

#[test]
fn a_copy_does_not_outlive_the_original() {
    static AT: Address = Address::new();
    static RUNS: Runs = Runs::new();
    #[cached(store = tiered(memory(ttl = 30m), redis(AT.get(), timeout = 20s)), ttl = 2h)]
    async fn square(n: u64) -> u64 {
        RUNS.one();
        n * n
    }

    let Some(server) = AT.start() else { return };
    let clock = festoon::testing::clock();
    let call = || futures::executor::block_on(square(3));
    call();
    let name = server.names().remove(0);
    settle(&server, |n| _ = futures::executor::block_on(square(n)), || square.cache().info().len);
    clock.advance(Duration::from_secs(31 * 60));
    server.command::<bool>(&format!("PEXPIRE {name} 60000"));
    assert_eq!((call(), RUNS.count()), (9, 2));
    server.command::<()>(&format!("DEL {name}"));
    assert_eq!((call(), RUNS.count()), (9, 2), "a copy");
    // Sooner than its own 30 minutes: the original would have had one.
    clock.advance(Duration::from_secs(61));
    assert_eq!((call(), RUNS.count()), (9, 3));
}

#[test]
fn after_a_silence_no_copy_is_trusted() {
    static AT: Address = Address::new();
    #[cached(store = tiered(memory, redis(AT.get(), timeout = 20s)))]
    fn square(n: u64) -> u64 {
        n * n
    }

    let Some(mut server) = AT.start() else { return };
    square(3);
    settle(&server, |n| _ = square(n), || square.cache().info().len);
    server.kill();
    server.start_again();
    soon("the copies are gone", || square.cache().info().len == 0);
}

/// Counts its runs in Redis.
#[cached(store = tiered(memory, redis(given().unwrap(), timeout = 20s)))]
fn number(n: u64) -> u64 {
    let client = redis::Client::open(given().unwrap()).unwrap();
    redis::cmd("INCR").arg(format!("runs-{n}")).query(&mut client.get_connection().unwrap()).unwrap()
}

/// What the other processes do: they follow orders.
#[test]
fn child() {
    if given().is_none() {
        return;
    }
    for order in std::io::stdin().lines().map(Result::unwrap) {
        match order.split_once(' ').unwrap_or((&order, "")) {
            ("get", _) => println!("GOT {} COPIES {}", number(7), number.cache().info().len),
            ("invalidate", _) => println!("GOT {}", number.cache().invalidate((7,))),
            ("clear", _) => {
                number.cache().clear();
                println!("GOT");
            }
            ("insert", value) => {
                number.cache().insert((7,), value.parse().unwrap());
                println!("GOT");
            }
            ("refresh", _) => println!("GOT {}", number.cache().refresh((7,))),
            _ => panic!("{order}"),
        }
    }
}

struct Other(Child, BufReader<std::process::ChildStdout>);

impl Other {
    fn start(server: &Server) -> Other {
        let mut child = other_process("cached::tiered::child", &server.url(), None);
        let output = BufReader::new(child.stdout.take().unwrap());
        Other(child, output)
    }

    fn tell(&mut self, order: &str) -> String {
        writeln!(self.0.stdin.as_ref().unwrap(), "{order}").unwrap();
        loop {
            let mut line = String::new();
            assert!(self.1.read_line(&mut line).unwrap() > 0, "the other process has gone");
            if let Some((_, answer)) = line.split_once("GOT") {
                return answer.trim().to_owned();
            }
        }
    }

    /// Until it has a copy in memory, of this value.
    fn holds(&mut self, value: &str) {
        soon(value, || self.tell("get") == format!("{value} COPIES 1"));
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

#[test]
fn what_changes_in_one_process_is_forgotten_in_the_others() {
    let Some(server) = server::start() else { return };
    let (mut one, mut other) = (Other::start(&server), Other::start(&server));
    one.holds("1");
    other.holds("1");
    // A copy that goes when its process begins to listen comes back.
    soon("both listen", || server.command::<(String, u32)>("PUBSUB NUMSUB festoon:news").1 == 2);
    one.holds("1");
    other.holds("1");

    assert_eq!(one.tell("invalidate"), "true");
    other.holds("2");
    one.holds("2");
    one.tell("clear");
    other.holds("3");
    one.holds("3");
    one.tell("insert 40");
    other.holds("40");
    one.holds("40");
    assert_eq!(one.tell("refresh"), "4");
    other.holds("4");
    assert_eq!(server.command::<u32>("GET runs-7"), 4);
}

#[test]
fn a_refresh_whose_value_is_not_kept_takes_the_old_one_out_of_both() {
    static AT: Address = Address::new();
    static REFUSED: AtomicBool = AtomicBool::new(false);
    #[cached(store = tiered(memory(max = 10), redis(AT.get(), timeout = 20s)), if = |_| !REFUSED.load(SeqCst))]
    fn double(n: u32) -> u32 {
        2 * n
    }

    let Some(server) = AT.start() else { return };
    assert_eq!((double(7), double.cache().peek((7,)), server.names().len()), (14, Some(14), 1));
    REFUSED.store(true, SeqCst);
    assert_eq!((double.cache().refresh((7,)), double.cache().peek((7,))), (14, None));
    assert!(server.names().is_empty());
}
