#[festoon::retry]
fn nothing(_name: &str) {}

fn main() {}
