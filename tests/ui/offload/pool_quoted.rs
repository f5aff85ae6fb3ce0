//! A pool as a string.
use festoon::offload;

#[offload(pool = "tokio")]
pub fn double(n: u32) -> u32 {
    n * 2
}

fn main() {}
