//! A pool that there is not.
use festoon::offload;

#[offload(pool = rayn)]
pub fn double(n: u32) -> u32 {
    n * 2
}

fn main() {}
