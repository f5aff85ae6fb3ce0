use festoon::{registry, require};

#[registry]
trait Codec {}

const NAME: &str = "gzip";

require!(dyn Codec: NAME);

fn main() {}
