//! An argument that is changed in place.
use festoon::offload;

#[offload]
pub fn sort(numbers: &mut Vec<u32>) {
    numbers.sort();
}

fn main() {}
