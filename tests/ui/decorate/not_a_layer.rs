//! A value that is no layer.
use festoon::decorate;

struct Limit;

#[decorate(layer = Limit)]
fn greet(name: &str) -> String {
    name.to_owned()
}

fn main() {
    greet("ada");
}
