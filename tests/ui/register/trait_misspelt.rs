use festoon::{Register, registry};

#[registry]
trait Codec {}

#[derive(Register, Default)]
#[register(dyn Codecs, name = "gzip")]
struct Gzip;

impl Codec for Gzip {}

fn main() {}
