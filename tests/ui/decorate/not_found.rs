//! There is no such function.
use festoon::decorate;

fn shout(next: impl FnOnce(&str) -> String, name: &str) -> String {
    next(name).to_uppercase()
}

#[decorate(shuot)]
fn greet(name: &str) -> String {
    name.to_owned()
}

fn main() {
    shout(greet, "ada");
}
