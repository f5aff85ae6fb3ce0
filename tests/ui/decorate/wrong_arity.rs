//! The decorator is for functions of one argument.
use festoon::decorate;

fn shout(next: impl FnOnce(&str) -> String, name: &str) -> String {
    next(name).to_uppercase()
}

#[decorate(shout)]
fn greet(name: &str, times: usize) -> String {
    name.repeat(times)
}

fn main() {
    greet("ada", 3);
}
