//! `#[timed]`: how long each call takes, and how it ends.
//!
//! `cargo run --example timed`

use std::error::Error;
use std::num::ParseIntError;
use std::time::Duration;

use festoon::{Decorated, timed, timing};

/// For recursive functions every call is counted, and its time once.
#[timed]
fn fibonacci(n: u64) -> u64 {
    if n < 2 { n } else { fibonacci(n - 1) + fibonacci(n - 2) }
}

/// `Ok` and `Err` are counted separately.
#[timed]
fn parse(text: &str) -> Result<u32, ParseIntError> {
    text.parse()
}

struct Shop {
    prices: Vec<u32>,
}

/// Measures each function in the block, except for the skipped one.
#[timed]
impl Shop {
    /// Slow calls emit a `tracing` event.
    #[timed(warn_over = 5ms)]
    async fn restock(&mut self, price: u32) {
        tokio::time::sleep(Duration::from_millis(10)).await;
        self.prices.push(price);
    }

    fn total(&self) -> u32 {
        self.prices.iter().sum()
    }

    #[festoon::skip]
    fn is_empty(&self) -> bool {
        self.prices.is_empty()
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("fibonacci(20) is {}", fibonacci(20));
    let numbers: Vec<_> = ["1", "2", "three"].into_iter().filter_map(|text| parse(text).ok()).collect();

    let mut shop = Shop { prices: Vec::new() };
    for price in numbers {
        shop.restock(price).await;
    }
    println!("{} in all, empty: {}\n", shop.total(), shop.is_empty());

    let timing = parse.timing();
    println!("parse: {} calls, {} of them failed, p99 {:?}\n", timing.calls(), timing.outcomes().error(), timing.p99());
    timing::report().print()?;
    Ok(())
}
