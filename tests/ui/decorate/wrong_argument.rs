//! The decorator is for functions that take a `&str`.
use festoon::decorate;

fn shout(next: impl FnOnce(&str) -> String, name: &str) -> String {
    next(name).to_uppercase()
}

#[decorate(shout)]
fn greet(name: String) -> String {
    name
}

fn main() {
    greet("ada".to_owned());
}
