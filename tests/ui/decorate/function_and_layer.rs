//! A function and a layer in one attribute.
use festoon::decorate;

fn shout(next: impl FnOnce(&str) -> String, name: &str) -> String {
    next(name).to_uppercase()
}

#[decorate(shout, layer = ())]
fn greet(name: &str) -> String {
    name.to_owned()
}

fn main() {
    greet("ada");
}
