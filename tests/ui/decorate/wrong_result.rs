//! The decorator is for functions that give a `String`.
use festoon::decorate;

fn shout(next: impl FnOnce(&str) -> String, name: &str) -> String {
    next(name).to_uppercase()
}

#[decorate(shout)]
fn length(name: &str) -> usize {
    name.len()
}

fn main() {
    length("ada");
}
