use festoon::registry;

#[registry(args(u32, String))]
trait Codec {}

fn main() {}
