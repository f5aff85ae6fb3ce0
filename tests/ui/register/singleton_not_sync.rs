use festoon::{Register, registry};

#[registry(args(level: u32))]
trait Codec {}

#[derive(Register, Default)]
#[register(dyn Codec, name = "gzip", singleton(3))]
struct Gzip(std::cell::Cell<u8>);

impl Codec for Gzip {}

fn main() {}
