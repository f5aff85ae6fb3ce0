use festoon::{Register, registry};

#[registry(args(level: u32))]
trait Codec {}

#[derive(Register, Default)]
#[register(dyn Codec, name = "gzip", singleton)]
struct Gzip;

impl Codec for Gzip {}

fn main() {}
