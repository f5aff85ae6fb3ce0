//! `#[decorate]` alone.
use festoon::decorate;

#[decorate]
fn greet(name: &str) -> String {
    name.to_owned()
}

fn main() {
    greet("ada");
}
