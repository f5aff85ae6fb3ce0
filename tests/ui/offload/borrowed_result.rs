//! A result that borrows.
use festoon::offload;

#[offload]
pub fn first<'a>(n: u32) -> Option<&'a str> {
    (n > 3).then_some("x")
}

fn main() {}
