//! `#[cached]`: which values are cached, for which calls, and for how long.

mod allocations;
mod applications;
mod bounds;
mod callouts;
mod disk;
mod failover;
mod figures;
mod flight;
mod handle;
mod identity;
mod keys;
mod lru;
mod memory;
mod methods;
mod models;
mod outages;
mod panics;
mod processes;
mod proxy;
mod recursion;
mod redis;
mod refresh;
mod revoked;
mod scopes;
mod secure;
pub mod server;
mod shapes;
mod tiered;
mod times;
mod writing;

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::Duration;

use festoon::{Decorated, cached};

/// How often a body has run.
struct Runs(AtomicU32);

impl Runs {
    const fn new() -> Self {
        Runs(AtomicU32::new(0))
    }

    fn one(&self) -> u32 {
        self.0.fetch_add(1, SeqCst) + 1
    }

    fn count(&self) -> u32 {
        self.0.load(SeqCst)
    }
}

fn panics<R>(run: impl FnOnce() -> R) -> String {
    let payload = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).map(|_| ()).unwrap_err();
    payload
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| payload.downcast_ref::<&str>().map(ToString::to_string))
        .unwrap()
}

#[test]
fn results_are_those_of_the_function_and_all_calls_are_counted() {
    #[cached(max = 20)]
    fn sum(x: i64, y: i64) -> i64 {
        3 * x + y
    }

    let mut random = 1_u32;
    for _ in 0..1000 {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let (x, y) = (i64::from(random >> 16) % 5, i64::from(random >> 24) % 5);
        assert_eq!(sum(x, y), 3 * x + y);
    }
    let info = sum.cache().info();
    assert_eq!(info.hits + info.misses, 1000);
    assert!(info.hits > info.misses);
    assert_eq!((info.len, info.capacity), (20, Some(20)));
    assert_eq!(info.evictions, info.misses - 20);
}

#[test]
fn one_place_keeps_the_last_value() {
    static RUNS: Runs = Runs::new();
    #[cached(max = 1)]
    fn five() -> u32 {
        RUNS.one();
        20
    }

    for _ in 0..5 {
        assert_eq!(five(), 20);
    }
    assert_eq!(RUNS.count(), 1);
    assert_eq!((five.cache().info().hits, five.cache().info().misses), (4, 1));
}

#[test]
fn recursion_works_and_without_a_bound_nothing_goes() {
    #[cached(unbounded)]
    fn fib(n: u64) -> u64 {
        if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
    }

    let first: Vec<u64> = (0..16).map(fib).collect();
    assert_eq!(first, [0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610]);
    let info = fib.cache().info();
    assert_eq!((info.hits, info.misses, info.len, info.capacity), (28, 16, 16, None));
    fib.cache().clear();
    let info = fib.cache().info();
    assert_eq!((info.hits, info.misses, info.len), (0, 0, 0));
}

#[test]
fn without_options_a_function_keeps_1024_values() {
    #[cached]
    fn half(n: u32) -> u32 {
        n / 2
    }

    half(8);
    assert_eq!(half.cache().info().capacity, Some(1024));
}

#[test]
fn panics_are_passed_on_and_not_kept() {
    static RUNS: Runs = Runs::new();
    #[cached]
    fn fails(n: u32) -> u32 {
        RUNS.one();
        panic!("no {n}")
    }

    assert_eq!((panics(|| fails(3)), panics(|| fails(3))), ("no 3".to_owned(), "no 3".to_owned()));
    assert_eq!((RUNS.count(), fails.cache().info().len, fails.cache().info().in_flight), (2, 0, 0));
}

type Parsed<T> = Result<T, std::num::ParseIntError>;

#[test]
fn only_ok_is_kept_under_whatever_name() {
    static RUNS: Runs = Runs::new();
    #[cached]
    fn parse(text: &str) -> Parsed<u32> {
        RUNS.one();
        text.parse()
    }

    assert_eq!((parse("7"), parse("7")), (Ok(7), Ok(7)));
    assert_eq!(RUNS.count(), 1);
    assert!(parse("x").is_err() && parse("x").is_err());
    assert_eq!((RUNS.count(), parse.cache().info().len), (3, 1));
}

#[test]
fn an_error_need_not_be_clone() {
    static RUNS: Runs = Runs::new();
    #[cached]
    fn read(path: &std::path::Path) -> std::io::Result<Arc<str>> {
        RUNS.one();
        std::fs::read_to_string(path).map(Arc::from)
    }

    let here = std::path::Path::new("Cargo.toml");
    assert!(Arc::ptr_eq(&read(here).unwrap(), &read(here).unwrap()));
    assert!(read("nowhere".as_ref()).is_err() && read("nowhere".as_ref()).is_err());
    assert_eq!(RUNS.count(), 3);
}

#[test]
fn errors_are_kept_on_demand() {
    static RUNS: Runs = Runs::new();
    #[cached(cache_err)]
    fn parse(text: &str) -> Parsed<u32> {
        RUNS.one();
        text.parse()
    }

    assert_eq!(parse("x"), parse("x"));
    assert_eq!(RUNS.count(), 1);
}

#[test]
fn only_some_is_kept_unless_demanded() {
    static RUNS: Runs = Runs::new();
    #[cached]
    fn even(n: u32) -> Option<u32> {
        RUNS.one();
        n.is_multiple_of(2).then_some(n)
    }
    static ALL_RUNS: Runs = Runs::new();
    #[cached(cache_none)]
    fn even_or_not(n: u32) -> Option<u32> {
        ALL_RUNS.one();
        n.is_multiple_of(2).then_some(n)
    }

    assert_eq!((even(2), even(2), even(3), even(3)), (Some(2), Some(2), None, None));
    assert_eq!(RUNS.count(), 3);
    assert_eq!((even_or_not(2), even_or_not(2), even_or_not(3), even_or_not(3)), (Some(2), Some(2), None, None));
    assert_eq!(ALL_RUNS.count(), 2);
}

#[test]
fn arguments_of_all_kinds() {
    #[cached]
    fn shapes(
        text: &str,
        list: &[u8],
        maybe: Option<&str>,
        nested: &&str,
        path: &std::path::Path,
        (a, b): (u8, u8),
        mut owned: String,
    ) -> String {
        owned.push_str(text);
        format!("{owned} {list:?} {maybe:?} {nested} {} {a}{b}", path.display())
    }

    let path = std::path::Path::new("p");
    let call = |maybe| shapes("t", &[1, 2], maybe, &"n", path, (1, 2), "o".to_owned());
    assert_eq!(call(Some("m")), "ot [1, 2] Some(\"m\") n p 12");
    assert_eq!(call(None), "ot [1, 2] None n p 12");
    assert_eq!((call(Some("m")), shapes.cache().info().hits), ("ot [1, 2] Some(\"m\") n p 12".to_owned(), 1));
    assert!(shapes.cache().contains(("t", &[1, 2], None, &"n", path, (1, 2), "o".to_owned())));
}

#[test]
fn arguments_may_have_our_names() {
    #[cached]
    fn add(key: u32, value: u32, cache: u32, found: u32, miss: u32, this: u32) -> u32 {
        key + value + cache + found + miss + this
    }

    assert_eq!((add(1, 2, 3, 4, 5, 6), add(1, 2, 3, 4, 5, 6)), (21, 21));
    assert_eq!(add.cache().peek((1, 2, 3, 4, 5, 6)), Some(21));
}

#[test]
fn early_returns_and_question_marks_stay_in_the_body() {
    #[cached]
    fn first(text: &str) -> Option<char> {
        if text == "none" {
            return None;
        }
        let first = text.chars().next()?;
        Some(first)
    }

    assert_eq!((first("none"), first(""), first("abc"), first("abc")), (None, None, Some('a'), Some('a')));
}

#[test]
fn an_argument_that_can_be_no_key_is_left_out() {
    #[cached(skip(log, seen))]
    fn noted(n: u32, log: &mut Vec<u32>, seen: &Cell<u32>) -> u32 {
        log.push(n);
        seen.set(seen.get() + 1);
        n + 1
    }

    let (mut log, seen) = (Vec::new(), Cell::new(0));
    assert_eq!((noted(1, &mut log, &seen), noted(1, &mut log, &seen)), (2, 2));
    assert_eq!((log.as_slice(), seen.get()), ([1].as_slice(), 1));
}

#[test]
fn values_expire() {
    static RUNS: Runs = Runs::new();
    #[cached(ttl = 5m)]
    fn fresh(n: u32) -> u32 {
        n + RUNS.one()
    }

    let clock = festoon::testing::clock();
    assert_eq!(fresh(10), 11);
    clock.advance(Duration::from_secs(299));
    assert_eq!((fresh(10), fresh.cache().contains((10,))), (11, true));
    clock.advance(Duration::from_secs(1));
    assert_eq!(
        (fresh.cache().contains((10,)), fresh.cache().peek((10,)), fresh.cache().invalidate((10,))),
        (false, None, false)
    );
    assert_eq!(fresh(10), 12);
    clock.advance(Duration::from_secs(299));
    assert_eq!(fresh(10), 12, "a value lives from its own run on");
    clock.advance(Duration::from_secs(1));
    assert_eq!(fresh(10), 13);
    assert_eq!((fresh.cache().info().len, fresh.cache().info().evictions), (1, 0));
}

#[test]
fn a_value_lives_from_the_end_of_its_run_on() {
    #[cached(ttl = 10s, skip(clock))]
    fn slow(n: u32, clock: &festoon::testing::Handle) -> u32 {
        clock.advance(Duration::from_secs(60));
        n
    }

    let clock = festoon::testing::clock();
    slow(1, &clock);
    clock.advance(Duration::from_secs(9));
    slow(1, &clock);
    assert_eq!((slow.cache().info().hits, clock.elapsed().as_secs()), (1, 69));
}

#[test]
fn a_huge_ttl_does_not_overflow() {
    #[cached(ttl = Duration::MAX)]
    fn forever(n: u32) -> u32 {
        n
    }

    let clock = festoon::testing::clock();
    forever(1);
    clock.advance(Duration::from_secs(1 << 33));
    forever(1);
    assert_eq!(forever.cache().info().hits, 1);
}
