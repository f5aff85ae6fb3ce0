//! C cannot call it any more.
use festoon::offload;

#[offload]
pub extern "C" fn double(n: u32) -> u32 {
    n * 2
}

fn main() {}
