use festoon::{registry, require};

#[registry]
trait Codec {}

require!(Codec: "gzip");

fn main() {}
