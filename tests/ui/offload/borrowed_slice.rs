//! A slice.
use festoon::offload;

#[offload]
pub fn sum(numbers: &[u32]) -> u32 {
    numbers.iter().sum()
}

fn main() {}
