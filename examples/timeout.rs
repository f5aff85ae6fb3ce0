//! A call that takes too long is dropped: `cargo run --example timeout`.

use std::io;
use std::time::Duration;

use festoon::{Timeout, timeout};

#[timeout(20ms)]
async fn answer(after: Duration) -> io::Result<u32> {
    tokio::time::sleep(after).await;
    Ok(42)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("soon: {:?}", answer(Duration::from_millis(1)).await);
    println!("late: {:?}", answer(Duration::from_secs(60)).await);
    // Without a function: any future, whatever it returns.
    let limit = Timeout::new(Duration::from_millis(20));
    println!("never: {:?}", limit.limit(std::future::pending::<()>()).await);
}
