//! `#[cached]`: a cache for a sync or async function, and its handle.
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use festoon::{Decorated, Memo, cached};

/// Without a cache this takes 2^n calls.
#[cached(unbounded)]
fn fib(n: u64) -> u64 {
    if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
}

#[derive(Debug, Clone, PartialEq)]
struct Price {
    cents: u64,
}

/// Only `Ok` is cached, for five minutes. A hit looks `sku` up as a borrowed `&str` and allocates nothing.
#[cached(max = 10_000, ttl = 5m)]
async fn price(sku: &str) -> Result<Price, String> {
    println!("  asking the shop for {sku}");
    tokio::time::sleep(Duration::from_millis(5)).await;
    if sku.is_empty() { Err("no such thing".to_owned()) } else { Ok(Price { cents: 100 * sku.len() as u64 }) }
}

struct Shop {
    country: &'static str,
    memo: Memo,
}

#[cached]
impl Shop {
    #[cached(key = (self.country, sku.to_lowercase()))]
    fn tax(&self, sku: &str) -> u64 {
        if self.country == "nl" && sku != "book" { 21 } else { 9 }
    }

    /// The cache belongs to this shop, and is dropped with it.
    #[cached(scope = instance, field = memo)]
    fn sign(&self) -> String {
        format!("shop of {}", self.country)
    }
}

/// Fresh for a second, and stale for another minute while a new value is computed; for an hour if the bank is down.
#[cached(ttl = 1s, stale = 1m, stale_if_error = 1h, tags("bank"))]
fn rate(currency: &str) -> Result<u32, String> {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    match ASKED.fetch_add(1, Relaxed) + 1 {
        3 => Err(format!("the bank does not know {currency} today")),
        asked => Ok(asked),
    }
}

fn rates() {
    let clock = festoon::testing::clock(); // so that nobody has to wait for this example
    let refreshed = || while rate.cache().info().in_flight > 0 {};
    println!("a rate, and again: {:?} {:?}", rate("eur"), rate("eur"));
    clock.advance(Duration::from_secs(2));
    println!("two seconds later the old one, while a new one is made: {:?}", rate("eur"));
    refreshed();
    println!("which is there now: {:?}", rate("eur"));
    clock.advance(Duration::from_secs(120));
    println!("two minutes later the bank is down: {:?}", rate("eur"));
    println!("caches cleared by their tag: {}", festoon::cache::clear_tagged("bank"));
}

#[tokio::main]
async fn main() {
    println!("fib(90) = {}, {:?}", fib(90), fib.cache().info());

    println!("ten callers at once:");
    let callers = (0..10).map(|_| tokio::spawn(price("tea")));
    for caller in callers.collect::<Vec<_>>() {
        assert_eq!(caller.await.unwrap(), Ok(Price { cents: 300 }));
    }
    println!("  {:?}, hit rate {:.0} %", price.cache().info(), 100.0 * price.cache().info().hit_rate());

    println!("an error is asked for again:");
    println!("  {:?} {:?}", price("").await, price("").await);

    println!("by hand:");
    price.cache().insert(("milk",), Ok(Price { cents: 120 }));
    println!("  put in: {:?}", price("milk").await);
    println!("  forgotten: {}", price.cache().invalidate(("tea",)));
    println!("  peeked at: {:?}", price.cache().peek(("tea",)));

    let shop = Shop { country: "nl", memo: Memo::new() };
    println!("{} {}, kept by this shop: {}", shop.sign(), shop.sign(), shop.memo.len());
    println!("tax: {} {} {:?}", shop.tax("Tea"), shop.tax("tea"), Shop::tax.cache().info());

    rates();

    for cache in festoon::cache::all() {
        println!("{:<20} {:?}", cache.name(), cache.info());
    }
}
