use festoon::{Register, registry};

#[registry(args(level: u32))]
trait Codec {}

#[derive(Register)]
#[register(dyn Codec, name = "gzip", new = Gzip::new)]
struct Gzip;

impl Gzip {
    fn new(_: String) -> Self {
        Gzip
    }
}

impl Codec for Gzip {}

fn main() {}
