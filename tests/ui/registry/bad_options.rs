use festoon::registry;

#[registry(arg(level: u32), args)]
trait Codec {}

fn main() {}
