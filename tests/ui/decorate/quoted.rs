//! The name of the decorator as a string.
use festoon::decorate;

#[decorate("shout")]
fn greet(name: &str) -> String {
    name.to_owned()
}

fn main() {
    greet("ada");
}
