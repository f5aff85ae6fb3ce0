//! Limits calls per period: `cargo run --example rate_limit`.

use std::time::Instant;

use festoon::{Decorated, rate_limit};

/// Refuses excess calls.
#[rate_limit(3 / 1s)]
fn ask(question: &str) -> Option<usize> {
    Some(question.len())
}

/// Waits for its turn: calls are 20 ms apart.
#[rate_limit(50 / 1s, burst = 1, wait)]
async fn send(number: u32) -> u32 {
    number
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let answers: Vec<_> = ["one", "two", "three", "four"].map(ask).into();
    println!("{answers:?}, {} refused", ask.rate_limit().refused());
    let start = Instant::now();
    for number in 0..4 {
        println!("{} after {:?}", send(number).await, start.elapsed());
    }
}
