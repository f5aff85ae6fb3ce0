use festoon::Register;

trait Codec {}

#[derive(Register, Default)]
#[register(dyn Codec, name = "gzip")]
struct Gzip;

impl Codec for Gzip {}

fn main() {}
