use festoon::within;

#[within]
fn greet() {}

fn main() {}
