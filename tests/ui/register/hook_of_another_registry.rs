use festoon::{Entry, Register, registry};

#[registry(args(level: u32))]
trait Codec {}

#[registry]
trait Shape {}

#[derive(Register, Default)]
#[register(dyn Codec, name = "gzip", on_register = Gzip::hook)]
struct Gzip;

impl Gzip {
    fn hook(_: &Entry<dyn Shape>) {}
}

impl Codec for Gzip {}

fn main() {}
