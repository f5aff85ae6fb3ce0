use festoon::{Register, registry};

#[registry]
trait Codec {}

#[derive(Register)]
#[register(dyn Codec, name = "gzip", new = Gzip::new())]
struct Gzip;

impl Gzip {
    fn new() -> Self {
        Gzip
    }
}

impl Codec for Gzip {}

fn main() {}
