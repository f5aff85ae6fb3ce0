//! A value that is no pool.
use festoon::offload;

#[offload(pool = Threads)]
pub fn double(n: u32) -> u32 {
    n * 2
}

struct Threads;

fn main() {}
