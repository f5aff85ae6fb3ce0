//! A string that the caller keeps.
use festoon::offload;

#[offload]
pub fn words(text: &str) -> usize {
    text.split(' ').count()
}

fn main() {}
