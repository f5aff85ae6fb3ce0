use festoon::{Register, registry};

#[registry(args(level: u32))]
trait Codec {}

#[derive(Register)]
#[register(dyn Codec, name = "gzip")]
struct Gzip;

impl Codec for Gzip {}

fn main() {}
