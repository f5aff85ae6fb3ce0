//! Limits concurrent calls: `cargo run --example bulkhead`.

use std::time::Duration;

use festoon::{Decorated, bulkhead};

/// Two run, two wait, and the others are refused.
#[bulkhead(2, queue = 2)]
async fn query(number: u32) -> Option<u32> {
    println!("{number} runs, {} wait", query.bulkhead().waiting());
    tokio::time::sleep(Duration::from_millis(5)).await;
    Some(number)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let calls = (1..=6).map(query);
    let values = futures::future::join_all(calls).await;
    println!("{values:?}, {} refused", query.bulkhead().refused());
}
