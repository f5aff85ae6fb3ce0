use festoon::within;

#[within(1)]
fn greet() {}

fn main() {}
