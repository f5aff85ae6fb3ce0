//! A decorator that does not take `next`.
use festoon::decorate;

fn shout(name: &str) -> String {
    name.to_uppercase()
}

#[decorate(shout)]
fn greet(name: &str) -> String {
    name.to_owned()
}

fn main() {
    greet("ada");
}
