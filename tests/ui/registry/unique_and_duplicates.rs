use festoon::registry;

#[registry(unique, duplicates)]
trait Codec {}

fn main() {}
