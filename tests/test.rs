//! `#[festoon::test]`: what a test sees, under which harness.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::Duration;

use festoon::testing::Isolated;
use festoon::{Decorated, cached, retry, timed};

#[timed]
#[cached(ttl = 5m)]
fn price(sku: &str) -> usize {
    sku.len()
}

#[retry(attempts = 3, wait = fixed(1h), jitter = none)]
async fn connect() -> Result<(), String> {
    Err("refused".to_owned())
}

fn calls_once() {
    price("tea");
    assert_eq!((price.timing().calls(), price.cache().info().misses), (1, 1), "another test has called it");
}

#[festoon::test]
fn one_test_has_counts_and_caches_of_its_own() {
    calls_once();
}

#[festoon::test]
fn and_so_has_another() {
    calls_once();
}

#[festoon::test]
fn and_a_clock(test: &Isolated) -> Result<(), String> {
    calls_once();
    test.clock().advance(Duration::from_secs(301));
    price("tea");
    if price.cache().info().misses == 2 { Ok(()) } else { Err("it has not expired".to_owned()) }
}

#[festoon::test]
async fn an_async_one_needs_no_runtime(test: &Isolated) {
    calls_once();
    connect().await.unwrap_err();
    assert_eq!(test.clock().sleeps(), [Duration::from_secs(3600); 2]);
}

#[festoon::test]
#[tokio::test]
async fn but_it_may_have_one(test: &Isolated) -> Result<(), std::num::ParseIntError> {
    connect().await.unwrap_err();
    tokio::task::yield_now().await;
    calls_once();
    let handle = test.handle();
    tokio::spawn(handle.scope(async { price("tea") })).await.unwrap();
    assert_eq!(price.cache().info().hits, "1".parse::<u64>()?);
    Ok(())
}

#[festoon::test]
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn one_of_several_threads() {
    calls_once();
    tokio::spawn(tokio::task::yield_now()).await.unwrap();
    assert_eq!(price.cache().info().misses, 1);
}

#[tokio::test]
#[festoon::test]
async fn below_the_runtimes_attribute_too(test: &Isolated) {
    calls_once();
    tokio::task::yield_now().await;
    connect().await.unwrap_err();
    assert_eq!(test.clock().elapsed(), Duration::from_secs(7200));
}

#[festoon::test]
#[should_panic(expected = "as it should")]
#[expect(clippy::items_after_statements, unused_variables, reason = "attributes hold for the body")]
fn other_attributes_stay(test: &Isolated) {
    let unused = String::new();
    fn inner(_text: String) {}
    inner(String::new());
    panic!("as it should");
}

static DROPS: AtomicU32 = AtomicU32::new(0);

struct Counted;

impl Drop for Counted {
    fn drop(&mut self) {
        DROPS.fetch_add(1, SeqCst);
    }
}

#[festoon::test]
fn a_return_ends_it() {
    let _counted = Counted;
    if DROPS.load(SeqCst) == 0 {
        return;
    }
    unreachable!("it runs once");
}
