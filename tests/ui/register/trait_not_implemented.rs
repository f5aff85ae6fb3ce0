use festoon::{Register, registry};

#[registry(args(level: u32))]
trait Codec {}

#[derive(Register, Default)]
#[register(dyn Codec, name = "gzip")]
struct Gzip;

fn main() {}
