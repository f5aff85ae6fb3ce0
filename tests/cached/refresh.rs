//! Values that are recomputed, in the background or on request.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use festoon::cache::Removal;
use festoon::{Decorated, cached, testing};

use super::{Runs, panics};

const SECOND: Duration = Duration::from_secs(1);
const SOON: Duration = Duration::from_secs(30);

/// Until a refresh in the background has ended.
fn until_idle(in_flight: impl Fn() -> usize) {
    let start = std::time::Instant::now();
    while in_flight() > 0 {
        assert!(start.elapsed() < SOON, "a refresh hangs");
        std::thread::yield_now();
    }
}

/// A body that waits in its second and later runs until the test lets it go.
struct Gate {
    open: Mutex<Receiver<bool>>,
}

fn gate() -> (Sender<bool>, Gate) {
    let (sender, receiver) = channel();
    (sender, Gate { open: Mutex::new(receiver) })
}

impl Gate {
    /// May it succeed?
    fn pass(&self) -> bool {
        self.open.lock().unwrap().recv_timeout(SOON).unwrap()
    }
}

#[test]
fn a_stale_value_is_served_at_once_while_one_run_makes_a_new_one() {
    static RUNS: Runs = Runs::new();
    static GATE: OnceLock<Gate> = OnceLock::new();
    #[cached(ttl = 10s, stale = 1m)]
    fn rate(of: &str, pair: (u32, u32)) -> u32 {
        let run = RUNS.one();
        assert_eq!((of, pair), ("eur", (1, 2)));
        if run > 1 {
            GATE.get().unwrap().pass();
        }
        run
    }

    let (open, gate) = gate();
    assert!(GATE.set(gate).is_ok());
    let clock = testing::clock();
    assert_eq!(rate("eur", (1, 2)), 1);
    clock.advance(11 * SECOND);
    let called: Vec<u32> = (0..8).map(|_| rate("eur", (1, 2))).collect();
    assert_eq!(called, [1; 8]);
    assert_eq!(rate.cache().info().in_flight, 1);
    open.send(true).unwrap();
    until_idle(|| rate.cache().info().in_flight);
    assert_eq!((rate("eur", (1, 2)), RUNS.count()), (2, 2));
    let info = rate.cache().info();
    assert_eq!((info.misses, info.refreshes, info.hits), (1, 1, 9));
}

#[test]
fn a_value_that_is_older_than_stale_is_waited_for() {
    static RUNS: Runs = Runs::new();
    #[cached(ttl = 10s, stale = 5s)]
    fn one() -> u32 {
        RUNS.one()
    }

    let clock = testing::clock();
    one();
    clock.advance(15 * SECOND);
    assert_eq!(one(), 2);
}

#[test]
fn a_refresh_that_fails_leaves_the_old_value_and_the_next_call_tries_again() {
    static RUNS: Runs = Runs::new();
    #[cached(ttl = 10s, stale = 1m)]
    fn rate(n: u32) -> Result<u32, ()> {
        match RUNS.one() {
            2 => Err(()),
            3 => panic!("a refresh in a test"),
            run => Ok(run * n),
        }
    }

    let clock = testing::clock();
    assert_eq!(rate(10), Ok(10));
    clock.advance(10 * SECOND);
    for failed in 2..=3 {
        assert_eq!(rate(10), Ok(10));
        until_idle(|| rate.cache().info().in_flight);
        assert_eq!(RUNS.count(), failed);
    }
    assert_eq!(rate(10), Ok(10));
    until_idle(|| rate.cache().info().in_flight);
    assert_eq!(rate(10), Ok(40));
}

#[test]
fn a_value_near_its_end_is_refreshed_ahead() {
    static RUNS: Runs = Runs::new();
    #[cached(ttl = 10s, refresh_ahead = 3s)]
    fn one() -> u32 {
        RUNS.one()
    }

    let clock = testing::clock();
    one();
    clock.advance(6 * SECOND);
    assert_eq!((one(), one.cache().info().refreshes), (1, 0));
    clock.advance(SECOND);
    assert_eq!(one(), 1);
    until_idle(|| one.cache().info().in_flight);
    clock.advance(9 * SECOND);
    // The value of the refresh is two seconds younger than the end of the first one.
    assert_eq!(one(), 2);
}

#[test]
fn without_a_runtime_async_values_are_refreshed_on_a_thread() {
    static RUNS: Runs = Runs::new();
    #[cached(ttl = 10s, stale = 1m, skip(client))]
    async fn rate(client: &Arc<str>, of: Option<&str>) -> Result<u32, String> {
        assert_eq!((&**client, of), ("client", Some("eur")));
        Ok(RUNS.one())
    }

    let (clock, client) = (testing::clock(), Arc::from("client"));
    futures::executor::block_on(async {
        assert_eq!(rate(&client, Some("eur")).await, Ok(1));
        clock.advance(10 * SECOND);
        assert_eq!(rate(&client, Some("eur")).await, Ok(1));
        until_idle(|| rate.cache().info().in_flight);
        assert_eq!(rate(&client, Some("eur")).await, Ok(2));
    });
}

#[tokio::test]
async fn in_a_runtime_they_are_refreshed_by_a_task() {
    static RUNS: Runs = Runs::new();
    #[cached(ttl = 10s, stale = 1m)]
    async fn rate(of: String) -> u32 {
        tokio::task::yield_now().await;
        assert_eq!(of, "eur");
        assert!(tokio::runtime::Handle::try_current().is_ok());
        RUNS.one()
    }

    let clock = testing::clock();
    let eur = || rate("eur".to_owned());
    assert_eq!(eur().await, 1);
    clock.advance(10 * SECOND);
    assert_eq!(eur().await, 1);
    while rate.cache().info().in_flight > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(eur().await, 2);
}

#[test]
fn a_call_that_finds_nothing_joins_a_refresh_that_is_under_way() {
    static RUNS: Runs = Runs::new();
    static GATE: OnceLock<Gate> = OnceLock::new();
    #[cached(ttl = 10s, stale = 10s)]
    fn one() -> u32 {
        let run = RUNS.one();
        if run > 1 {
            GATE.get().unwrap().pass();
        }
        run
    }

    let (open, gate) = gate();
    assert!(GATE.set(gate).is_ok());
    let clock = testing::clock();
    one();
    clock.advance(10 * SECOND);
    assert_eq!(one(), 1);
    clock.advance(10 * SECOND);
    let handle = clock.handle();
    let joined = std::thread::spawn(move || handle.run(one));
    open.send(true).unwrap();
    assert_eq!(joined.join().unwrap(), 2);
    assert_eq!(RUNS.count(), 2);
}

#[test]
fn a_generic_function_is_refreshed_too() {
    #[cached(ttl = 10s, stale = 1m)]
    fn text<T: ToString + Clone + Eq + std::hash::Hash + Send + Sync + 'static>(of: &T) -> String {
        of.to_string()
    }

    let clock = testing::clock();
    text(&5_u32);
    clock.advance(10 * SECOND);
    assert_eq!(text(&5_u32), "5");
    until_idle(|| text::<u32>.cache().info().in_flight);
    assert_eq!(text::<u32>.cache().info().refreshes, 1);
}

#[test]
fn refresh_runs_the_body_whatever_is_kept() {
    static RUNS: Runs = Runs::new();
    #[cached]
    fn count(of: &str) -> Result<u32, String> {
        let run = RUNS.one();
        if of.is_empty() { Err("nothing".to_owned()) } else { Ok(run) }
    }

    assert_eq!((count("a"), count("a")), (Ok(1), Ok(1)));
    assert_eq!((count.cache().refresh(("a",)), count("a")), (Ok(2), Ok(2)));
    assert_eq!((count.cache().refresh(("b",)), count("b"), RUNS.count()), (Ok(3), Ok(3), 3));
    assert!(count.cache().refresh(("",)).is_err());
    assert_eq!(count("a"), Ok(2));
}

#[test]
fn refresh_of_an_async_function_is_awaited() {
    static RUNS: Runs = Runs::new();
    #[cached]
    async fn count(of: &str) -> usize {
        std::future::ready(()).await;
        RUNS.one() as usize + of.len()
    }

    futures::executor::block_on(async {
        assert_eq!((count("a").await, count("a").await), (2, 2));
        drop(count.cache().refresh(("a",)));
        assert_eq!((count("a").await, RUNS.count()), (2, 1));
        assert_eq!((count.cache().refresh(("a",)).await, count("a").await), (3, 3));
    });
}

#[test]
fn a_run_that_began_before_a_refresh_does_not_overwrite_it() {
    static RUNS: Runs = Runs::new();
    static GATE: OnceLock<Gate> = OnceLock::new();
    #[cached]
    fn one() -> u32 {
        let run = RUNS.one();
        if run == 1 {
            GATE.get().unwrap().pass();
        }
        run
    }

    let (open, gate) = gate();
    assert!(GATE.set(gate).is_ok());
    let first = std::thread::spawn(one);
    while one.cache().info().in_flight == 0 {
        std::thread::yield_now();
    }
    assert_eq!(one.cache().refresh(()), 2);
    open.send(true).unwrap();
    assert_eq!((first.join().unwrap(), one()), (1, 2));
}

#[test]
fn listeners_are_told_what_goes_and_why() {
    #[cached(max = 1, ttl = 10s)]
    fn double(n: u32, name: &str) -> Result<u32, ()> {
        let _ = name;
        Ok(2 * n)
    }

    let clock = testing::clock();
    double(1, "a").unwrap();
    let (sender, gone) = channel();
    double.cache().on_removal(move |(n, name): &(u32, String), value: &u32, why| {
        sender.send((*n, name.clone(), *value, why)).unwrap();
    });
    let told = |n: u32, why| assert_eq!(gone.try_recv(), Ok((n, "a".to_owned(), 2 * n, why)));
    double(2, "a").unwrap();
    told(1, Removal::Evicted);
    double.cache().refresh((2, "a")).unwrap();
    told(2, Removal::Replaced);
    clock.advance(10 * SECOND);
    double(2, "a").unwrap();
    told(2, Removal::Expired);
    double.cache().invalidate((2, "a"));
    told(2, Removal::Invalidated);
    double(3, "a").unwrap();
    double.cache().clear();
    told(3, Removal::Invalidated);
    assert!(gone.try_recv().is_err());
}

#[test]
fn a_listener_that_panics_leaves_the_cache_as_it_should_be() {
    #[cached]
    fn double(n: u32) -> u32 {
        2 * n
    }

    double(1);
    double.cache().on_removal(|_: &(u32,), _: &u32, _| panic!("a listener in a test"));
    assert_eq!(panics(|| double.cache().invalidate((1,))), "a listener in a test");
    assert_eq!(panics(|| double.cache().refresh((1,)) + double.cache().refresh((1,))), "a listener in a test");
    assert_eq!((double(1), double.cache().info().in_flight), (2, 0));
}

#[test]
fn a_listener_for_other_types_is_told_which_they_are() {
    #[cached]
    fn length(of: &str) -> usize {
        of.len()
    }

    assert!(panics(|| length.cache().on_removal(|(): &(), _: &usize, _| ())).contains("has no cache yet"));
    length("a");
    let message = panics(|| length.cache().on_removal(|_: &(u8,), _: &usize, _| ()));
    assert!(message.contains("caches values of `usize` by keys of `(alloc::string::String,)`"), "{message}");
}

#[test]
fn a_test_can_have_caches_of_its_own() {
    static RUNS: Runs = Runs::new();
    #[cached(tags("refresh::fresh"))]
    fn one(n: u32) -> u32 {
        n + RUNS.one()
    }

    assert_eq!((one(0), one(0)), (1, 1));
    let caches = testing::fresh_caches();
    assert_eq!(one.cache().info(), festoon::cache::Info::default());
    assert_eq!((one(0), one(0)), (2, 2));
    assert_eq!(festoon::cache::all().len(), 1);
    {
        let inner = testing::fresh_caches();
        one.cache().insert((0,), 77);
        assert_eq!(one(0), 77);
        let outer = caches.handle();
        assert_eq!(std::thread::spawn(move || outer.run(|| one(0))).join().unwrap(), 2);
        drop(inner);
    }
    assert_eq!(one.cache().info().hits, 2);
    assert_eq!(festoon::cache::clear_tagged("refresh::fresh"), 1);
    drop(caches);
    assert_eq!((one(0), one.cache().info().misses), (1, 1));
}

#[tokio::test]
async fn a_task_can_have_caches_of_its_own() {
    #[cached]
    async fn id(n: u32) -> u32 {
        tokio::task::yield_now().await;
        n
    }

    id(1).await;
    let caches = testing::fresh_caches();
    let task = caches.scope(async {
        id(1).await;
        id.cache().info().misses
    });
    let elsewhere = tokio::spawn(task).await.unwrap();
    assert_eq!((elsewhere, id.cache().info().misses), (1, 1));
    drop(caches);
    assert_eq!(id.cache().info().hits, 0);
}
