#[festoon::main]
fn start() {}

fn main() {}
