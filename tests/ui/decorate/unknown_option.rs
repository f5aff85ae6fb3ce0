//! An option that is misspelt.
use festoon::decorate;

#[decorate(layr = 3)]
fn greet(name: &str) -> String {
    name.to_owned()
}

fn main() {
    greet("ada");
}
