//! An async function does not compute.
use festoon::offload;

#[offload]
pub async fn double(n: u32) -> u32 {
    n * 2
}

fn main() {}
