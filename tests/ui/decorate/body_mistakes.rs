//! Mistakes in the body are told there.
use festoon::decorate;

fn shout(next: impl FnOnce(&str) -> String, name: &str) -> String {
    next(name).to_uppercase()
}

#[decorate(shout)]
fn tail(name: &str) -> String {
    name
}

#[decorate(shout)]
fn early(name: &str) -> String {
    if name.is_empty() {
        return 3;
    }
    name.to_owned()
}

#[decorate(shout)]
fn unknown(name: &str) -> String {
    nmae.to_owned()
}

fn main() {
    (tail(""), early(""), unknown(""));
}
