//! `#[cached]`: a cache for a function, sync or async, and what can be asked of it.
use std::time::Duration;

use festoon::{Decorated, cached};

/// Without a cache this takes 2^n calls.
#[cached(unbounded)]
fn fib(n: u64) -> u64 {
    if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
}

#[derive(Debug, Clone, PartialEq)]
struct Price {
    cents: u64,
}

/// Only `Ok` is kept, for five minutes. A hit looks `sku` up as it is and allocates nothing.
#[cached(max = 10_000, ttl = 5m)]
async fn price(sku: &str) -> Result<Price, String> {
    println!("  asking the shop for {sku}");
    tokio::time::sleep(Duration::from_millis(5)).await;
    if sku.is_empty() { Err("no such thing".to_owned()) } else { Ok(Price { cents: 100 * sku.len() as u64 }) }
}

struct Shop {
    country: &'static str,
}

#[cached]
impl Shop {
    #[cached(key = (self.country, sku.to_lowercase()))]
    fn tax(&self, sku: &str) -> u64 {
        if self.country == "nl" && sku != "book" { 21 } else { 9 }
    }
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

    let shop = Shop { country: "nl" };
    println!("tax: {} {} {:?}", shop.tax("Tea"), shop.tax("tea"), Shop::tax.cache().info());

    for cache in festoon::cache::all() {
        println!("{:<20} {:?}", cache.name(), cache.info());
    }
}
