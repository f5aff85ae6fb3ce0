use festoon::{Register, registry};

#[registry(args(level: u32))]
trait Codec {}

#[derive(Register, Default)]
#[register(dyn Codec, nmae = "gzip", alias("gz", "gz"), tag("lossless"), priority)]
struct Gzip;

impl Codec for Gzip {}

fn main() {}
