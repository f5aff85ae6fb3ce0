use festoon::{Register, registry};

#[registry]
trait Codec {}

#[derive(Register, Default)]
#[register(dyn Codec, name = "gzip")]
#[register(dyn Codec, name = "gz", alias("gzip"))]
struct Gzip;

impl Codec for Gzip {}

fn main() {}
