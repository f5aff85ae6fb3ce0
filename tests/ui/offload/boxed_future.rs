//! Nor does one that returns a future.
use festoon::offload;

#[offload]
pub fn double(n: u32) -> std::pin::Pin<Box<dyn Future<Output = u32> + Send>> {
    Box::pin(async move { n * 2 })
}

fn main() {}
