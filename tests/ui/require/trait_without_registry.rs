use festoon::require;

trait Codec {}

require!(dyn Codec: "gzip");

fn main() {}
