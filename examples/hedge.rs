//! A second call when the first one is slow: `cargo run --example hedge`.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant};

use festoon::{Decorated, hedge};

static CALLS: AtomicU32 = AtomicU32::new(0);

/// Every third call hangs.
#[hedge(after = 10ms, idempotent)]
async fn read(key: &str) -> Option<usize> {
    let takes = if CALLS.fetch_add(1, Relaxed).is_multiple_of(3) { 1_000 } else { 1 };
    tokio::time::sleep(Duration::from_millis(takes)).await;
    Some(key.len())
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    for key in ["tea", "coffee", "milk", "water"] {
        let start = Instant::now();
        println!("{key}: {:?} after {:?}", read(key).await, start.elapsed());
    }
    println!("{} second calls, {} of them were faster", read.hedge().hedged(), read.hedge().won());
}
