//! Functions that retry: `cargo run --example retry`.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use festoon::{Decorated, Jitter, Wait, retry};

#[derive(Debug)]
enum Fault {
    Busy,
    Unknown,
}

/// A service that is busy two times out of three.
fn forecast(city: &str) -> Result<u32, Fault> {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    match city {
        "Oslo" if CALLS.fetch_add(1, Relaxed) % 3 < 2 => Err(Fault::Busy),
        "Oslo" => Ok(14),
        _ => Err(Fault::Unknown),
    }
}

/// `when` avoids retries for something that does not exist.
#[retry(attempts = 5, wait = exponential(10ms, max = 1s), when = |fault| matches!(fault, Fault::Busy))]
fn degrees(city: &str) -> Result<u32, Fault> {
    println!("  asking, attempt {}", festoon::attempt().number);
    forecast(city)
}

/// Async, with a time limit for each attempt and one for the call.
#[retry(attempts = 3, wait = fixed(5ms), timeout = 20ms, within = 1s, before_sleep = tell)]
async fn slow() -> std::io::Result<&'static str> {
    let patience = Duration::from_millis(if festoon::attempt().is_retry() { 1 } else { 500 });
    tokio::time::sleep(patience).await;
    Ok("done")
}

fn tell(error: &std::io::Error, wait: Duration) {
    println!("  {error}; again in {wait:?}");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("Oslo: {:?}", degrees("Oslo"));
    println!("Atlantis: {:?}", degrees("Atlantis"));
    println!("{:?}", degrees.retries());

    println!("slow: {:?}", slow().await);

    let wait = Wait::fibonacci(Duration::from_millis(10)).max(Duration::from_millis(60)).jitter(Jitter::None);
    println!("fibonacci, at most 60 ms: {:?}", wait.delays().take(7).collect::<Vec<_>>());
}
