use festoon::{Register, registry};

#[registry]
trait Codec {}

#[derive(Register)]
#[register(dyn Codec, name = "gzip", no_new, new = || Gzip)]
struct Gzip;

impl Codec for Gzip {}

fn main() {}
