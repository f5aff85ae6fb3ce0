//! `#[rate_limit(.., store = redis)]` and `#[bulkhead(.., store = redis)]`: what processes share, and what happens when
//! one of them or the server dies.

use std::future::{Future, pending, poll_fn};
use std::io;
use std::panic::catch_unwind;
use std::process::Child;
use std::sync::OnceLock;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use festoon::cache::Redis;
use festoon::{Bulkhead, Decorated, RateLimit, Reason, Refused, bulkhead, rate_limit, testing};
use futures::executor::block_on;
use futures::future::select;

use crate::cached::server::{self, Server, given, other_process, signal_process, soon};
use crate::events;

/// The address of a test's server, for the attributes of its functions.
struct Address(OnceLock<String>);

impl Address {
    const fn new() -> Self {
        Address(OnceLock::new())
    }

    /// Starts a server; the test is over where there is none.
    fn start(&self) -> Option<Server> {
        let server = server::start()?;
        self.0.set(server.url()).unwrap();
        Some(server)
    }

    fn redis(&self) -> Redis {
        Redis::new(self.0.get().cloned().or_else(given).unwrap()).timeout(Duration::from_secs(20)).lease(LEASE)
    }
}

/// Short: tests wait for it to end.
const LEASE: Duration = Duration::from_millis(400);

fn child(test: &str, server: &Server) -> Child {
    other_process(&format!("shared_limits::{test}"), &server.url(), None)
}

/// What a process has printed.
fn value<T: std::str::FromStr>(child: Child) -> T {
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let value = text.lines().find_map(|line| line.split_once("VALUE ")?.1.parse().ok());
    value.unwrap_or_else(|| panic!("{text}\n{}", String::from_utf8_lossy(&output.stderr)))
}

static PROCESSES: Address = Address::new();

#[rate_limit(30 / 1h, store = PROCESSES.redis())]
fn of_all_processes() -> Option<()> {
    Some(())
}

#[rate_limit(5 / 1h, key = user, store = PROCESSES.redis())]
fn of_each_user(user: &str) -> Option<usize> {
    Some(user.len())
}

fn allowed(calls: usize, call: impl Fn() -> bool) -> usize {
    (0..calls).filter(|_| call()).count()
}

#[test]
fn rate_child() {
    if given().is_some() {
        println!("VALUE {}", allowed(40, || of_all_processes().is_some()));
    }
}

#[test]
fn key_child() {
    if given().is_some() {
        println!("VALUE {}", allowed(10, || of_each_user("ada").is_some()));
    }
}

#[test]
fn two_processes_have_one_rate() {
    let Some(server) = PROCESSES.start() else { return };
    let children = [child("rate_child", &server), child("rate_child", &server)];
    let allowed_there: usize = children.into_iter().map(value::<usize>).sum();
    assert_eq!((allowed_there, of_all_processes()), (30, None));
    // Each key has a limit of its own, which is the same one in the other process.
    assert_eq!(allowed(3, || of_each_user("ada").is_some()), 3);
    assert_eq!(value::<usize>(child("key_child", &server)), 2);
    assert_eq!((of_each_user("ada"), of_each_user("bob")), (None, Some(3)));
    // One round trip for a call, in names that say whose they are.
    let names: Vec<String> = server.command("KEYS *");
    let start = concat!("festoon:", env!("CARGO_PKG_NAME"), "@0:rate_limit:");
    assert!(names.iter().all(|name| name.starts_with(start)), "{names:?}");
}

static VALUES: Address = Address::new();
static FIRST: RateLimit = RateLimit::new(2, Duration::from_secs(3600)).shared("api", || VALUES.redis());
static SECOND: RateLimit = RateLimit::new(2, Duration::from_secs(3600)).shared("api", || VALUES.redis());

#[test]
fn values_of_one_name_share_a_limit_and_say_when_to_try_again() {
    let Some(_server) = VALUES.start() else { return };
    assert!(FIRST.admit().is_ok() && block_on(SECOND.admit_async()).is_ok());
    let refused = FIRST.admit().unwrap_err();
    let wait = refused.retry_after().unwrap().as_secs();
    assert!((1_700..=1_800).contains(&wait), "{wait} s");
    assert_eq!((refused.policy(), refused.reason(), FIRST.available()), ("rate_limit", Reason::TooMany, 0));
    SECOND.reset();
    soon("the reset", || FIRST.admit().is_ok());
}

static WAITING: Address = Address::new();

#[rate_limit(2 / 1h, burst = 1, wait, store = WAITING.redis())]
async fn patient() -> u32 {
    7
}

#[rate_limit(2 / 1h, burst = 1, wait, store = WAITING.redis())]
fn patient_thread() -> u32 {
    8
}

#[test]
fn calls_wait_for_their_turns() {
    let Some(_server) = WAITING.start() else { return };
    let clock = testing::clock();
    assert_eq!((patient_thread(), patient_thread(), patient_thread()), (8, 8, 8));
    let waits: Vec<u64> = clock.sleeps().iter().map(|sleep| sleep.as_secs() / 100).collect();
    // The virtual clock does not move the server's.
    assert!(matches!(waits[..], [0, 16..=18, 34..=36]), "{waits:?}");
    assert_eq!((block_on(patient()), clock.sleeps().len()), (7, 4));
}

static RETURNED: Address = Address::new();

#[rate_limit(2 / 1h, burst = 1, wait, store = RETURNED.redis())]
async fn impatient() -> u32 {
    7
}

#[test]
fn a_call_that_stops_waiting_returns_its_turn() {
    let Some(server) = RETURNED.start() else { return };
    assert_eq!(block_on(impatient()), 7);
    let due = || -> f64 {
        let names: Vec<String> = server.command("KEYS *impatient*");
        server.command::<String>(&format!("GET {}", names[0])).parse().unwrap()
    };
    let before = due();
    let clock = testing::clock();
    clock.simulate(async {
        let waits = poll_fn(|context| {
            context.waker().wake_by_ref();
            if clock.sleeps().is_empty() { Poll::Pending } else { Poll::Ready(()) }
        });
        let _waiting = select(Box::pin(impatient()), Box::pin(waits)).await;
        assert!(due() > before + 1e9, "half an hour, in microseconds");
    });
    soon("its turn", || (due() - before).abs() < 1.0);
}

static DOWN: Address = Address::new();

#[rate_limit(4 / 1h, store = DOWN.redis())]
fn without_server() -> io::Result<()> {
    Ok(())
}

#[bulkhead(1, store = DOWN.redis())]
fn alone_without_server(inside: bool) -> Option<bool> {
    if inside { Some(alone_without_server(false).is_none()) } else { Some(false) }
}

#[test]
fn without_its_server_a_limit_is_the_process_s_own() {
    let Some(mut server) = DOWN.start() else { return };
    assert!(without_server().is_ok() && alone_without_server(true) == Some(true));
    server.kill();
    // It goes on from what it knew: three calls are left.
    let told = events::of(|| assert_eq!(allowed(9, || without_server().is_ok()), 3));
    assert!(told.iter().any(|told| told.contains("this process applies the limit by itself for now")), "{told:?}");
    assert!(without_server.rate_limit().store_errors() > 0);
    assert_eq!(alone_without_server(true), Some(true));
    assert!(alone_without_server.bulkhead().store_errors() > 0);
    server.start_again();
    // The server has forgotten everything.
    soon("the server", || without_server().is_ok());
}

#[test]
fn functions_of_one_path_cannot_share() {
    static TWINS: Address = Address::new();
    let Some(_server) = TWINS.start() else { return };
    let one = {
        #[rate_limit(1 / 1h, store = TWINS.redis())]
        fn twin() -> Option<u32> {
            Some(1)
        }
        (twin(), twin())
    };
    let other = {
        #[rate_limit(1 / 1h, store = TWINS.redis())]
        fn twin() -> Option<u32> {
            Some(2)
        }
        (twin(), twin(), twin.rate_limit().store_errors() >= 2)
    };
    assert_eq!((one, other), ((Some(1), None), (Some(2), None, true)));
}

static HOLDERS: Address = Address::new();
static HELD: Bulkhead = Bulkhead::new(2).shared("held", || HOLDERS.redis());
static AWAITED: Bulkhead = Bulkhead::new(2).wait().shared("held", || HOLDERS.redis());

/// Holds a permit until it is killed, or its input ends.
#[test]
fn holding_child() {
    if given().is_some() {
        let _place = HELD.enter().unwrap();
        let _ = io::stdin().read_line(&mut String::new());
    }
}

/// Leases that have been begun or renewed so far.
fn leases(server: &Server) -> u32 {
    let stats: String = server.command("INFO commandstats");
    let calls = stats.split_once("cmdstat_zadd:calls=").map_or("0", |(_, rest)| rest.split(',').next().unwrap());
    calls.parse().unwrap()
}

#[test]
fn a_permit_comes_back_from_a_holder_that_dies() {
    let Some(server) = HOLDERS.start() else { return };
    let [mut one, other] = [child("holding_child", &server), child("holding_child", &server)];
    // Longer than the lease: who lives keeps its permit.
    soon("both hold a permit, and renew it", || leases(&server) >= 2 + 2 * 4);
    assert_eq!(HELD.enter().unwrap_err().reason(), Reason::Full);
    signal_process("KILL", one.id());
    one.wait().unwrap();
    let place = AWAITED.enter().unwrap();
    assert_eq!(HELD.enter().unwrap_err().reason(), Reason::Full);
    drop(place);
    assert!(HELD.enter().is_ok());
    assert!(other.wait_with_output().unwrap().status.success());
}

#[test]
fn one_call_after_the_other_finds_the_permit_again() {
    static OWN: Address = Address::new();
    #[bulkhead(1, store = OWN.redis())]
    fn single(n: u32) -> Option<u32> {
        assert!(n != 13, "unlucky");
        Some(n)
    }
    #[bulkhead(1, store = OWN.redis())]
    async fn single_async(waits: bool) -> Result<u32, Refused> {
        if waits {
            pending::<()>().await;
        }
        Ok(1)
    }
    let Some(_server) = OWN.start() else { return };
    for n in 0..100 {
        // However the call before has ended.
        let outcome = catch_unwind(|| single(n));
        assert!(n == 13 || outcome.unwrap() == Some(n), "{n}");
    }
    for polls in 0..20 {
        let mut waiting = Box::pin(single_async(true));
        // Dropped while it waits for the server, or while it runs.
        for _ in 0..polls * 20 {
            assert!(waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        }
        drop(waiting);
        assert_eq!(block_on(single_async(false)), Ok(1));
    }
}

#[test]
fn a_bulkhead_as_a_value_is_shared_by_its_name() {
    static OWN: Address = Address::new();
    static ONE: Bulkhead = Bulkhead::new(1).shared("database", || OWN.redis());
    static OTHER: Bulkhead =
        Bulkhead::new(1).wait_at_most(Duration::from_millis(300)).shared("database", || OWN.redis());
    let Some(_server) = OWN.start() else { return };
    let _clock = testing::clock();
    let place = ONE.enter().unwrap();
    assert_eq!(OTHER.enter().unwrap_err().reason(), Reason::WaitedTooLong);
    assert_eq!(block_on(OTHER.enter_async()).unwrap_err().reason(), Reason::WaitedTooLong);
    drop(place);
    assert!(OTHER.enter().is_ok() && block_on(OTHER.enter_async()).is_ok());
    assert_eq!(OTHER.running(), 0);
}
