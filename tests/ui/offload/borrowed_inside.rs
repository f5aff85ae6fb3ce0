//! A type that borrows.
use festoon::offload;

#[offload]
pub fn length<'a>(text: std::borrow::Cow<'a, str>, words: Vec<&'a str>, f: impl Fn(&str) -> usize + 'a) -> usize {
    f(&text) + words.len()
}

fn main() {}
