use festoon::{registry, require};

#[registry(key = u16)]
trait Operation {}

require!(dyn Operation: "7");

fn main() {}
