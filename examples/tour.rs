//! The tour: a shop that asks a slow and unreliable supplier for prices.
//!
//! `cargo run --example tour`

use std::error::Error;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use festoon::{Decorated, Guard, OutcomeKind, Register, cached, decorate, registry, retry, timed, timing};

/// The top decorator is the outermost: everything below it is measured, and hits never reach the retries.
#[timed(warn_over = 250ms)]
#[cached(max = 10_000, ttl = 5m)]
#[retry(attempts = 5, wait = exponential(5ms, max = 200ms))]
async fn price(sku: &str) -> Result<u32, String> {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    tokio::time::sleep(Duration::from_millis(10)).await;
    // Every third reply gets lost.
    if CALLS.fetch_add(1, Relaxed) % 3 == 1 {
        return Err(format!("no answer about {sku}"));
    }
    Ok(u32::try_from(sku.len()).unwrap_or(u32::MAX) * 100)
}

/// Your own decorator is a function that receives the wrapped one.
fn polite(next: impl FnOnce(&str, u32) -> String, sku: &str, cents: u32) -> String {
    format!("Dear customer: {}. Yours, the shop.", next(sku, cents))
}

#[decorate(polite)]
fn offer(sku: &str, cents: u32) -> String {
    format!("{sku} for {cents} cents")
}

/// A basket that is dropped without having been paid for puts everything back.
#[derive(Guard)]
#[guard(exit = Self::settle)]
struct Basket {
    items: Vec<String>,
}

impl Basket {
    fn settle(&mut self, how: OutcomeKind) {
        match how {
            OutcomeKind::Success => println!("{} items sold", self.items.len()),
            _ => println!("{} items go back to the shelf ({how})", self.items.len()),
        }
    }
}

/// Ways to pay register themselves and are chosen by name.
#[registry(args(cents: u32))]
trait Payment {
    fn receipt(&self) -> String;
}

/// Coins and notes.
#[derive(Register)]
#[register(dyn Payment, name = "cash", alias("coins"), new = |cents| Cash { cents })]
struct Cash {
    cents: u32,
}

impl Payment for Cash {
    fn receipt(&self) -> String {
        format!("{} cents, thank you", self.cents)
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut total = 0;
    for sku in ["apple", "pear", "apple", "quince", "pear", "apple"] {
        total += price(sku).await?;
    }
    println!("{}", offer("apple", price("apple").await?));

    let basket = Basket { items: vec!["apple".to_owned(), "pear".to_owned()] };
    drop(Basket { items: vec!["quince".to_owned()] });
    println!("{}", <dyn Payment>::registry().create("coins", (total,))?.receipt());
    basket.finish(OutcomeKind::Success);

    let (cache, retries) = (price.cache().info(), price.retries());
    println!("\n{} hits, {} misses; {} more attempts\n", cache.hits, cache.misses, retries.retried);
    timing::report().print()?;
    Ok(())
}
