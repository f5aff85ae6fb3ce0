//! A type parameter that may not leave its thread.
use festoon::offload;

#[offload]
pub fn count<T>(items: Vec<T>) -> usize {
    items.len()
}

fn main() {}
