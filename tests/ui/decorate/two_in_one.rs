//! Two decorators in one attribute.
use festoon::decorate;

fn shout(next: impl FnOnce(&str) -> String, name: &str) -> String {
    next(name).to_uppercase()
}

#[decorate(shout, str::to_uppercase)]
fn greet(name: &str) -> String {
    name.to_owned()
}

fn main() {
    greet("ada");
}
