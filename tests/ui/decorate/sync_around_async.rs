//! A decorator for plain functions on an async one.
use festoon::decorate;

fn shout(next: impl FnOnce(&str) -> String, name: &str) -> String {
    next(name).to_uppercase()
}

#[decorate(shout)]
async fn greet(name: &str) -> String {
    name.to_owned()
}

fn main() {
    drop(greet("ada"));
}
